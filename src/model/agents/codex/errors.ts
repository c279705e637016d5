import { isRoot, type Container } from '../../container/container.js';

/** What Codex prints on stderr, to the letter, as measured (test/ground-truth/rows) unless said otherwise. */
export const CODEX_ERRORS = {
  /** openai/codex codex-rs/linux-sandbox/src/launcher.rs. */
  bwrapMissing:
    'bubblewrap is unavailable: no system bwrap was found on PATH and no bundled codex-resources/bwrap binary was found next to the Codex executable',
  /** 0.110 to 0.135, where it cannot write to ~/.codex. */
  readOnlyHome: 'Error: Read-only file system (os error 30)',
  /** Since 0.156, where it cannot write to /tmp. */
  readOnly: 'error building bubblewrap command: Read-only file system (os error 30)',
  /** Without a writable ~/.codex and with a system bwrap before 0.9 (no --argv0): Codex then needs its helper links. */
  helperLinks: 'bwrap: execvp codex-linux-sandbox: No such file or directory',
  /** 0.128, where it cannot write to /tmp: a panic. */
  mountRegistry: mountRegistry(''),
} as const;

/** What Codex 0.129 to 0.155 panics with where it cannot write to /tmp. */
export function mountRegistryOfUser(container: Container): string {
  return mountRegistry(`-${uidOf(container)}`);
}

/** Since 0.129, where an entry that it shields is a symbolic link. */
export function linkedEntry(path: string): string {
  return `error building bubblewrap command: Fatal error: ${crossesLink(path)}`;
}

/** The same as 0.122 to 0.128 word it: a panic. */
export function linkedEntryPanic(path: string): string {
  return `error building bubblewrap command: Fatal("${crossesLink(path)}")`;
}

function crossesLink(path: string): string {
  return `cannot enforce sandbox read-only path ${path} because it crosses writable symlink ${path}`;
}

/** Every version, where its user may not read the configuration of the project or search the folder that it is in. */
export function unreadableConfig(path: string): string {
  return `Error: Failed to read project config file ${path}: Permission denied (os error 13)`;
}

function mountRegistry(suffix: string): string {
  return `failed to create synthetic bubblewrap mount registry /tmp/codex-bwrap-synthetic-mount-targets${suffix}: Read-only file system (os error 30)`;
}

/** The number that most users of dev containers have, unless the name says it. */
function uidOf(container: Container): string {
  if (isRoot(container) === true) return '0';
  const name = container.user.value?.split(':', 1)[0] ?? '';
  return /^\d+$/.test(name) ? name : '1000';
}
