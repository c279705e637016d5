import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Network } from '../model/agent/request.js';
import { endable, endChild } from './endChild.js';
import type { Observation } from './observation.js';
import { parseProbe } from './parse.js';
import { actsOnShell, programEnvironment } from './programEnvironment.js';

/** More than media/probe.sh ever prints. Whatever prints more is not it, and is ended. */
const MOST_BYTES = 1_000_000;
/** The script's own limits add up to less on any machine that is not at a standstill. */
const TIME_LIMIT_MS = 120_000;
/** How long the script gets to end its children and to remove its folder before it is killed. */
const GRACE_MS = 500;
/** How long what was killed gets to end: longer than Windows' own program for it may take (endChild.ts). */
const LAST_MS = 5000;

/** What to run, where, and for how long. */
export interface ProbeOptions {
  /** The text of media/probe.sh. */
  readonly script: string;
  /** The folder, as the probe sees it, from which nothing may be run; undefined: there is none. */
  readonly workspace: string | undefined;
  /** More such folders, as the probe sees them. */
  readonly others?: readonly string[];
  /** Folders of ChatGPT extensions (openai.chatgpt) that an editor has loaded there; others are looked for. */
  readonly extensions?: readonly string[];
  /** Folders of this machine from which what the prefix starts may start nothing (boundary.ts). */
  readonly boundaries?: readonly string[];
  /** What comes before `/bin/sh`: empty runs it here; `['docker', 'exec', '-i', ID]` in that container (execPrefix.ts). */
  readonly prefix?: readonly string[];
  /** Ends what the prefix has started elsewhere, where a signal to its process does not reach. Called at most once. */
  readonly endElsewhere?: (nonce: string) => Promise<unknown>;
  /** What Codex's policy is to allow commands on the network; restricted unless given. */
  readonly network?: Network;
  /** http or https; has to answer from within the sandbox where the network is allowed. */
  readonly url?: string | undefined;
  /** Default: this process's environment. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Ends the probe and all that it started. */
  readonly signal?: AbortSignal | undefined;
  readonly timeLimitMs?: number;
  /** Default: this process's. */
  readonly platform?: NodeJS.Platform;
}

/**
 * Runs the probe and reads what it prints. The script goes in by standard input, so it needs no file where it runs.
 * A probe that prints too much or takes too long is ended, and what it had printed by then is judged.
 * @throws the signal's reason when it is aborted; an Error when the program could not be started
 */
export async function runProbe(options: ProbeOptions): Promise<Observation> {
  const {
    script,
    workspace = '/',
    others = [],
    extensions = [],
    boundaries = [],
    prefix = [],
    environment = process.env,
    signal,
    timeLimitMs = TIME_LIMIT_MS,
  } = options;
  const { endElsewhere, network = 'restricted', url = '', platform = process.platform } = options;
  const nonce = randomBytes(16).toString('hex');
  const argv = [...prefix, '/bin/sh', '-s', '--', nonce, workspace, network, url, ...others, '--', ...extensions];
  const program = argv[0] ?? '/bin/sh';
  // Here the script itself sees to it, and says what it leaves out; but for what its own shell would run before.
  const env =
    prefix.length > 0
      ? await programEnvironment(environment, boundaries)
      : Object.fromEntries(Object.entries(environment).filter(([name]) => !actsOnShell(name)));
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const child = spawn(program, argv.slice(1), {
      ...endable(platform),
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let kill: NodeJS.Timeout | undefined;

    let elsewhere: Promise<unknown> | undefined;
    const end = (): void => {
      if (kill !== undefined || child.pid === undefined) return;
      elsewhere = endElsewhere?.(nonce);
      endChild(child, 'SIGTERM', platform);
      kill = setTimeout(() => {
        endChild(child, 'SIGKILL', platform);
        // Whatever left the group keeps nobody waiting, nor does a child that does not end.
        child.stdin.destroy();
        child.stdout.destroy();
        kill = setTimeout(finish, LAST_MS);
      }, GRACE_MS);
    };
    const limit = setTimeout(end, timeLimitMs);
    signal?.addEventListener('abort', end);
    const settle = (): void => {
      // The script may be gone while something that it started is not.
      if (kill !== undefined) endChild(child, 'SIGKILL', platform);
      clearTimeout(limit);
      clearTimeout(kill);
      signal?.removeEventListener('abort', end);
    };

    const finish = (): void => {
      settle();
      const report = (): void => {
        if (signal?.aborted === true) reject(signal.reason as Error);
        else resolve(parseProbe(Buffer.concat(chunks).toString('utf8'), nonce));
      };
      // Whoever cancels may count on it that nothing is left running.
      if (elsewhere === undefined) report();
      else elsewhere.then(report, reject);
    };

    child.stdout.on('data', (chunk: Buffer) => {
      if (bytes < MOST_BYTES) chunks.push(chunk.subarray(0, MOST_BYTES - bytes));
      bytes += chunk.length;
      if (bytes > MOST_BYTES) end();
    });
    child.on('error', (error) => {
      settle();
      reject(new Error(`The probe cannot start, because ${program} does not start: ${error.message}`));
    });
    child.on('close', finish);
    // A program that ends before it has read the script breaks the pipe; `close` then follows and tells what it printed.
    child.stdin.on('error', end);
    // A line's CR, as in a file from Windows, would become a part of the words of the shell.
    child.stdin.end(script.replaceAll('\r\n', '\n'));
  });
}
