import type { Configuration } from '../sources/configuration/configuration.js';
import { property, readJsonc, stringOf } from '../sources/text/jsonc.js';
import { oneLine } from '../report/terminal.js';

/** The longest title of an action. */
export const LONGEST_TITLE = 60;

/** What people call a configuration: its folder in .devcontainer, else its "name", else its file. */
export function shortName({ file, texts }: Pick<Configuration, 'file' | 'texts'>): string {
  const folder = /^\.devcontainer\/([^/]+)\/devcontainer\.json$/.exec(file)?.[1];
  if (folder !== undefined) return oneLine(folder);
  const text = texts.get(file);
  const name = text === undefined ? undefined : stringOf(property(readJsonc(text, file).root, 'name')?.value);
  return oneLine(name?.trim() ? name : file);
}

/** The title of an action with the configuration that it is about: "Make Codex work here (2 changes, python)". */
export function titleFor(title: string, configuration: string): string {
  const [, start = title, inside] = /^(.*) \(([^()]*)\)$/.exec(title) ?? [];
  const whole = (name: string): string =>
    inside === undefined ? `${title} (${name})` : `${start} (${inside}, ${name})`;
  const room = LONGEST_TITLE - whole('').length;
  return whole(configuration.length <= room ? configuration : `${configuration.slice(0, Math.max(room - 1, 1))}…`);
}
