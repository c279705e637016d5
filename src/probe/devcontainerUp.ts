import { findProgram } from './findProgram.js';
import { LOADING, programEnvironment } from './programEnvironment.js';

/** A program that is to be started in a terminal. */
export interface TerminalCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Comes over the variables that the terminal has. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What is known of the machine. */
export interface UpOptions {
  /** The folders from which nothing is run (boundary.ts). */
  readonly workspaces: readonly string[];
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Default: this process's. */
  readonly platform?: NodeJS.Platform;
}

/** Variables that mean something else when they are empty than when there are none: these env(1) has to remove. */
const NOT_EMPTY: readonly string[] = [
  ...['HOME', 'CONTAINERS_CONF', 'CONTAINERS_CONF_OVERRIDE'],
  ...['OPENSSL_CONF', 'OPENSSL_CONF_INCLUDE', 'OPENSSL_MODULES', 'OPENSSL_ENGINES'],
];

/**
 * `devcontainer up` for a folder, to be run in a terminal of VS Code; undefined where the CLI is not installed outside of the
 * workspace. VS Code gives its terminals variables of the workspace's settings (terminal.integrated.env.*), over which those of a
 * task come, and then lets extensions change PATH: one that activates a virtual environment of the workspace puts its folder first.
 * So env(1) sets PATH; Windows has no such program.
 * @param folder absolute
 */
export async function devcontainerUp(folder: string, options: UpOptions): Promise<TerminalCommand | undefined> {
  const { workspaces, environment, platform = process.platform } = options;
  const cli = await findProgram('devcontainer', workspaces, environment['PATH'] ?? '', platform);
  if (cli === undefined) return undefined;
  const clean = await programEnvironment(environment, workspaces, platform);
  // Somebody found it on PATH, so that is not empty.
  const path = clean['PATH'] ?? clean['Path'] ?? '';
  const args = ['up', '--workspace-folder', folder];
  const kept = LOADING.flatMap((name) => {
    const value = clean[name] ?? '';
    return value === '' && NOT_EMPTY.includes(name) ? [] : [[name, value] as const];
  });
  const own = { ...Object.fromEntries(kept), PATH: path };
  if (platform === 'win32') return { program: cli, args, environment: own };
  const removed = NOT_EMPTY.filter((name) => !(name in own)).flatMap((name) => ['-u', name]);
  return { program: '/usr/bin/env', args: [...removed, `PATH=${path}`, cli, ...args], environment: own };
}
