import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import type { Host } from '../model/host.js';
import { askProgram } from './askProgram.js';
import { exists } from './boundary.js';
import { readEngineInfo, type EngineInfo } from './engineInfo.js';
import { environmentsOfEngine, environmentsShown, inEnvironments } from './environments.js';
import { findProgram } from './findProgram.js';
import { hostFromFacts } from './localHost.js';
import type { KernelFacts } from './machine.js';
import { readProfiles } from './readProfiles.js';

/** How long an engine may take to answer. */
const TIME_LIMIT_MS = 3000;

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

async function askEngine(options: LocalHostOptions): Promise<EngineInfo | undefined> {
  const { workspaces, environment = process.env, timeLimitMs = TIME_LIMIT_MS, platform = process.platform } = options;
  for (const [name, args] of QUESTIONS) {
    const program = await findProgram(name, workspaces, environment['PATH'] ?? '', platform);
    if (program === undefined) continue;
    const { exitCode, stdout } = await askProgram({ program, args, environment, workspaces, timeLimitMs });
    const info = exitCode === null ? undefined : readEngineInfo(stdout);
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
  const kernel = linux ? await readKernel() : undefined;
  const engine = options.engines === false ? undefined : await askEngine(options);
  const host = hostFromFacts({
    kernel,
    appArmor4: linux ? await readAppArmor4() : undefined,
    profiles: linux ? await readProfiles() : undefined,
    engine,
  });
  const shown = environmentsShown(options.environment ?? process.env, kernel?.kernel ?? null);
  return inEnvironments(host, [...shown, ...environmentsOfEngine(engine)]);
}
