import { resolvePath } from '../text/paths.js';

/**
 * Where a command begins: at a separator, or behind a program that runs its argument, with a bounded number of options, since an
 * option may end like such a program.
 */
const COMMAND = String.raw`(?:^|[;&|(\n]|\b(?:ba|da|z|k)?sh[ \t]|\b(?:source|sudo|exec|time)[ \t]|(?:^|[ \t])\.[ \t])(?:[ \t]*-[\w-]+[ \t]){0,20}[ \t]*`;
const SCRIPT = String.raw`["']?((?:\$\{?\w+\}?/|\.{0,2}/)?[\w.@-]+(?:/[\w.@-]+)*\.(?:sh|bash))(?=$|[\s;&|)"'])`;
const STARTED = new RegExp(COMMAND + SCRIPT, 'g');
const WORKSPACE = /^\$\{?(?:containerWorkspaceFolder|PWD)\}?\//;

/**
 * Scripts of the workspace that a lifecycle command starts, as paths relative to the workspace folder, which is the
 * folder that these commands run in. What lies elsewhere in the image is left out.
 */
export function startedScripts(command: string): readonly string[] {
  return [...command.matchAll(STARTED)].flatMap(([, written = '']) => {
    const path = resolvePath('', written.replace(WORKSPACE, './'));
    return path.kind === 'inside' && !path.path.includes('$') ? [path.path] : [];
  });
}
