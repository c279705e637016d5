import { known, type Sourced } from '../../model/container/container.js';
import type { SandboxMode } from './config.js';
import { linesOf } from '../text/lines.js';
import { folderOf, resolvePath } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';

/** An assignment in a here-document, a printf or a script of another language that writes the file. */
const ASSIGNED = /\bsandbox_mode["'\]\\]*[ \t]*=[ \t]*\\*["'](read-only|workspace-write|danger-full-access)\\*["']/g;

/** A table's name on a line of its own: what follows it is a profile's, not the default. */
const TABLE = /^[ \t]*\[{1,2}[\w."'-]+\]{1,2}[ \t]*$/gm;

/**
 * The `sandbox_mode` of the Codex configuration that the files bring into the container: one that a Dockerfile, a lifecycle
 * command or a script that it starts writes itself, or a file of the workspace that they name. undefined: they do not
 * say, or not with one voice. What the reader has read by now is what is searched. Never throws.
 */
export async function broughtSandboxMode(reader: ConfigurationReader): Promise<Sourced<SandboxMode> | undefined> {
  const texts = [...reader.texts].filter(([path]) => !path.endsWith('.toml'));
  const said = texts.flatMap(([path, text]) => assigned(text, path));
  for (const path of new Set(texts.flatMap(([from, text]) => named(text, from)))) {
    const answer = await reader.read(path);
    if (answer.kind !== 'text') continue;
    const { readCodexConfig } = await import('./config.js');
    const mode = readCodexConfig(answer.text, path).sandboxMode;
    if (mode) said.push(mode);
  }
  const [first] = said;
  return said.every((mode) => mode.value === first?.value) ? first : undefined;
}

/** More than these are no configuration. */
const MOST = 20;

function assigned(text: string, file: string): readonly Sourced<SandboxMode>[] {
  return [...text.matchAll(ASSIGNED)].slice(0, MOST).flatMap((match) => {
    const before = text.slice(0, match.index);
    const line = before.slice(before.lastIndexOf('\n') + 1);
    const table = [...before.matchAll(TABLE)].at(-1)?.index ?? -1;
    if (/^\s*(?:#|\/\/)/.test(line) || table > before.lastIndexOf('<<')) return [];
    const place = linesOf(text, file).place(match.index, match.index + match[0].length);
    return [known(match[1] as SandboxMode, place)];
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
