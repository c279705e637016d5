import { listOf, objectOf, parsedJson, type Json } from '../sources/text/plainJson.js';

/** What `docker info` or `podman info` says about the engine that answers. */
export interface EngineInfo {
  readonly engine: 'docker' | 'podman';
  /** The engine's version, for instance 28.2.2. */
  readonly version: string | null;
  /** How the machine that it runs on calls itself; not there: it does not say. */
  readonly name?: string;
  /** The operating system that it runs on, for instance `Ubuntu 24.04.2 LTS` or `Docker Desktop`. */
  readonly system: string | null;
  /** The kernel that it runs on (`uname -r`). */
  readonly kernel: string | null;
  /** It confines containers by AppArmor. */
  readonly apparmor: boolean;
  readonly rootless: boolean;
  /** Docker's userns-remap is on. */
  readonly remapped: boolean;
  /** Its seccomp profile where a container names none: `default`, `builtin`, `unconfined` or a path; null: not said. */
  readonly seccomp: string | null;
}

function object(value: unknown): Json {
  return objectOf(value) ?? {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function dockerInfo(info: Json): EngineInfo | undefined {
  // A daemon that cannot be reached leaves the client's own part and no version of a server (seen with Docker 28).
  const version = text(info['ServerVersion']);
  if (version === null) return undefined;
  const name = text(info['Name']);
  const options = listOf(info['SecurityOptions']).map((option) => text(option) ?? '');
  // Comma separated key=value pairs; rootless, selinux and their like have a name only.
  const named = (name: string): string | undefined => options.find((o) => o.split(',').includes(`name=${name}`));
  return {
    engine: 'docker',
    version,
    ...(name !== null && { name }),
    system: text(info['OperatingSystem']),
    kernel: text(info['KernelVersion']),
    apparmor: named('apparmor') !== undefined,
    rootless: named('rootless') !== undefined,
    remapped: named('userns') !== undefined,
    seccomp: /(?:^|,)profile=([^,]+)/.exec(named('seccomp') ?? '')?.[1] ?? null,
  };
}

function podmanInfo(info: Json, host: Json): EngineInfo {
  const security = object(host['security']);
  const { distribution, version } = object(host['distribution']);
  const system = [text(distribution), text(version)].filter((part) => part !== null).join(' ');
  return {
    engine: 'podman',
    version: text(object(info['version'])['Version']),
    system: text(system),
    kernel: text(host['kernel']),
    apparmor: security['apparmorEnabled'] === true,
    rootless: security['rootless'] === true,
    remapped: false,
    // false: it was built without seccomp, and filters nothing (containers/podman libpod/define/info.go).
    seccomp: security['seccompEnabled'] === false ? 'unconfined' : text(security['seccompProfilePath']),
  };
}

/**
 * Reads what `docker info --format '{{json .}}'` or `podman info --format json` printed. The shape shows which
 * engine answered, because `docker` may be Podman. undefined: it is not an answer of a running engine.
 */
export function readEngineInfo(output: string): EngineInfo | undefined {
  // What is no answer is an empty one: there is nothing that a user could do about it.
  const info = object(parsedJson(output));
  const host = object(info['host']);
  return 'security' in host ? podmanInfo(info, host) : dockerInfo(info);
}
