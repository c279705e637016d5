import { cpSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** The repository's folder. */
export const root = join(import.meta.dirname, '../..');

/** Where VS Code, its logs and what the tests leave behind go; git does not see it. */
export const logs = join(root, 'out/vscode-logs');

/** Where downloads are kept between runs, for every clone: CODEX_SANDBOX_CHECK_CACHE, else ~/.cache/codex-sandbox-check. */
export const cache =
  process.env['CODEX_SANDBOX_CHECK_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'codex-sandbox-check');

/** The sample dev container in which Codex cannot work, as it is in the repository. */
export const sample = join(root, 'test/fixtures/samples/plain');

/** Copies the sample into a folder, to be changed there. */
export function copySample(into: string): string {
  const copy = join(into, basename(sample));
  cpSync(sample, copy, { recursive: true });
  return copy;
}
