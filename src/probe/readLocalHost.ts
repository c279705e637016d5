import { spawn } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import type { Host } from '../model/host.js';
import { readEngineInfo, type EngineInfo } from './engineInfo.js';
import { findProgram } from './findProgram.js';
import { hostFromFacts } from './localHost.js';
import type { KernelFacts } from './machine.js';

/** How long an engine may take to answer. */
const TIME_LIMIT_MS = 3000;
/** More than an engine says about itself. */
const MOST_BYTES = 1_000_000;

/** How to look at this machine. */
export interface LocalHostOptions {
  /** Folders from which nothing is run. */
  readonly workspaces: readonly string[];
  /** false: no program is run, so that the kernel alone is looked at. */
  readonly engines?: boolean;
  /** Default: this process's environment. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeLimitMs?: number;
  /** Default: this process's. */
  readonly platform?: NodeJS.Platform;
}

/** The engines in the order in which they are asked. */
const QUESTIONS = [
  ['docker', ['info', '--format', '{{json .}}']],
  ['podman', ['info', '--format', 'json']],
] as const;

async function textOf(path: string): Promise<string | null> {
  // Not there is an answer: the kernel has no such switch.
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

async function numberOf(path: string): Promise<number | null> {
  const text = await textOf(path);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readKernel(): Promise<KernelFacts> {
  return {
    kernel: release(),
    apparmor: (await textOf('/sys/module/apparmor/parameters/enabled')) === 'Y',
    apparmorRestrictUnprivilegedUserns: await numberOf('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'),
    unprivilegedUsernsClone: await numberOf('/proc/sys/kernel/unprivileged_userns_clone'),
    maxUserNamespaces: await numberOf('/proc/sys/user/max_user_namespaces'),
  };
}

/** undefined: AppArmor's own files are not here, as in a container. */
async function readAppArmor4(): Promise<boolean | undefined> {
  return (await exists('/etc/apparmor.d/abi')) ? exists('/etc/apparmor.d/abi/4.0') : undefined;
}

/** Kills a program and what it started; what has ended meanwhile is what was wanted. */
function kill(pid: number, group: boolean): void {
  try {
    process.kill(group ? -pid : pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** What a program prints; empty when it cannot be started or takes too long: nothing that it fails at is an error. */
function outputOf(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  timeLimitMs: number,
): Promise<string> {
  const group = process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      // Nothing of the workspace is to matter.
      cwd: '/',
      env: environment,
      detached: group,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (answer: string): void => {
      clearTimeout(limit);
      resolve(answer);
    };
    const stop = (): void => {
      if (child.pid !== undefined) kill(child.pid, group);
      // What has left the group must not keep this process waiting for its pipe.
      child.stdout.destroy();
      end('');
    };
    const limit = setTimeout(stop, timeLimitMs);
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MOST_BYTES) stop();
    });
    child.on('error', () => {
      end('');
    });
    child.on('close', () => {
      end(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

async function askEngine(options: LocalHostOptions): Promise<EngineInfo | undefined> {
  const { workspaces, environment = process.env, timeLimitMs = TIME_LIMIT_MS, platform = process.platform } = options;
  for (const [name, args] of QUESTIONS) {
    const program = await findProgram(name, workspaces, environment['PATH'] ?? '', platform);
    if (program === undefined) continue;
    const info = readEngineInfo(await outputOf(program, args, environment, timeLimitMs));
    if (info) return info;
  }
  return undefined;
}

/**
 * Looks at this machine: its kernel, and the engine that answers, Docker before Podman. Never fails: what is missing is assumed,
 * and the host's description says so.
 */
export async function readLocalHost(options: LocalHostOptions): Promise<Host> {
  const linux = (options.platform ?? process.platform) === 'linux';
  return hostFromFacts({
    kernel: linux ? await readKernel() : undefined,
    appArmor4: linux ? await readAppArmor4() : undefined,
    engine: options.engines === false ? undefined : await askEngine(options),
  });
}
