import { dependsOn, substitute } from './variables.js';

/**
 * Where a path of a configuration leads: a path relative to the workspace folder, or why it is none. One that begins with
 * `..` leaves the workspace folder: WorkspaceFiles decides whether it is read, as in a monorepo.
 */
export type ResolvedPath =
  | { readonly kind: 'inside'; readonly path: string }
  | { readonly kind: 'outside' }
  | { readonly kind: 'unknown'; readonly why: string };

const WORKSPACE_FOLDER = /^\$\{localWorkspaceFolder\}(?=[\\/]|$)/;

/** The folder of a file, '' for one directly in the workspace folder. */
export function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : file.slice(0, slash);
}

/**
 * Resolves a path as devcontainer.json writes it: relative to `folder`, with `..`, backslashes, or from
 * `${localWorkspaceFolder}`. An absolute path lies outside, for nobody knows where the workspace folder will be.
 */
export function resolvePath(folder: string, written: string): ResolvedPath {
  const fromRoot = WORKSPACE_FOLDER.test(written);
  const { text, unresolved } = substitute(written.replace(WORKSPACE_FOLDER, '.'));
  const [variable] = unresolved;
  if (variable !== undefined) return { kind: 'unknown', why: dependsOn(variable) };
  const forward = text.replaceAll('\\', '/');
  if (forward.startsWith('/') || /^[A-Za-z]:/.test(forward)) return { kind: 'outside' };
  return { kind: 'inside', path: normalised(`${fromRoot ? '' : folder}/${forward}`) };
}

/** Without `.`, empty parts and `..` that can be resolved: `a/../../b` becomes `../b`. */
function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || parts.length === 0 || parts.at(-1) === '..') parts.push(part);
    else parts.pop();
  }
  return parts.join('/');
}

/** `/a//` as `/a`. No regular expression: it would try anew from each slash of the path. */
export function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** A path as it is seen from a folder, both relative to the same folder above: `a/b` from `a/c` is `../b`. */
export function seenFrom(folder: string, path: string): string {
  const base = folder.split('/').filter(Boolean);
  const parts = path.split('/');
  let common = 0;
  while (common < base.length && base[common] === parts[common]) common++;
  return [...base.slice(common).map(() => '..'), ...parts.slice(common)].join('/');
}
