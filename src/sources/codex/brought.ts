import { linesOf } from '../text/lines.js';
import { folderOf, resolvePath } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';
import { settingAt, type Setting } from './settings.js';

/** An assignment in a here-document, a printf or a script of another language that writes the file. */
const ASSIGNED =
  /\b(sandbox_mode|default_permissions)["'\]\\]*[ \t]*=[ \t]*\\*["'](read-only|workspace-write|danger-full-access|:read-only|:workspace|:danger-full-access)\\*["']/g;

/** What decides about the sandbox or its network. */
const TABLES = ['sandbox_mode', 'default_permissions', 'permissions', 'sandbox_workspace_write', 'features'];

/** A table's name on a line of its own: what follows it is a profile's, not the default. */
const TABLE = /^[ \t]*\[{1,2}[\w."'-]+\]{1,2}[ \t]*$/gm;

/**
 * The settings of the Codex configuration that the files bring into the container: what a Dockerfile, a lifecycle command or a
 * script that it starts writes itself, or a file of the workspace that they name. Empty: they do not say, or not with one voice.
 * What the reader has read by now is what is searched. Never throws.
 */
export async function broughtSettings(reader: ConfigurationReader): Promise<readonly Setting[]> {
  const texts = [...reader.texts].filter(([path]) => !path.endsWith('.toml'));
  const files: (readonly Setting[])[] = texts
    .flatMap(([path, text]) => assigned(text, path))
    .map((setting) => [setting]);
  for (const path of new Set(texts.flatMap(([from, text]) => named(text, from)))) {
    const answer = await reader.read(path);
    if (answer.kind !== 'text') continue;
    const { readSettings } = await import('./toml.js');
    files.push(readSettings(answer.text, path).settings.filter(({ keys: [first = ''] }) => TABLES.includes(first)));
  }
  const deciding = files.filter((settings) => choiceIn(settings) !== undefined);
  if (new Set(deciding.map(choiceIn)).size > 1) return [];
  return deciding[0] ?? files.find((settings) => settings.length > 0) ?? [];
}

/** The mode or the profile that the settings name. */
function choiceIn(settings: readonly Setting[]): string | undefined {
  const setting = settingAt(settings, 'default_permissions') ?? settingAt(settings, 'sandbox_mode');
  return setting && `${String(setting.keys[0])} ${String(setting.value)}`;
}

/** More than these are no configuration. */
const MOST = 20;

function assigned(text: string, file: string): readonly Setting[] {
  return [...text.matchAll(ASSIGNED)].slice(0, MOST).flatMap((match) => {
    const before = text.slice(0, match.index);
    const line = before.slice(before.lastIndexOf('\n') + 1);
    const table = [...before.matchAll(TABLE)].at(-1)?.index ?? -1;
    if (/^\s*(?:#|\/\/)/.test(line) || table > before.lastIndexOf('<<')) return [];
    const place = linesOf(text, file).place(match.index, match.index + match[0].length);
    return [{ keys: [String(match[1])], value: match[2], place, valuePlace: place }];
  });
}

/** Paths of Codex configurations that a file mentions, below the workspace folder, where commands run, and beside the file. */
function named(text: string, from: string): readonly string[] {
  const words = text.split(/[^\w.@/${}-]+/).filter((word) => word.endsWith('.toml') && word.includes('codex'));
  const relative = words
    .map((word) => word.replace(/^(?:\$\{?\w+\}?|\/workspaces\/[^/]+|\/workspace)\//, ''))
    // ~/.codex is the container's.
    .filter((word) => !/^\/|^(?:\.\/)?\.codex\//.test(word));
  return relative.slice(0, MOST).flatMap((word) =>
    ['', folderOf(from)].flatMap((folder) => {
      const resolved = resolvePath(folder, word);
      return resolved.kind === 'inside' ? [resolved.path] : [];
    }),
  );
}
