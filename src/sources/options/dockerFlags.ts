import { words } from '../../model/wordList.js';

/**
 * The flags of `docker run` (docker 28, `docker run --help`) and, behind them, those of `podman run` that docker does not
 * have. What matters is which of them take a value from the next argument.
 */

const BOOLEAN = `
  detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet
  read-only rm sig-proxy tty use-api-socket
  env-host http-proxy no-hostname no-hosts passwd read-only-tmpfs replace rmi tls-verify`;

const VALUED = `
  add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-count
  cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach-keys device
  device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns dns-opt dns-option dns-search
  domainname entrypoint env env-file expose gpus group-add health-cmd health-interval health-retries
  health-start-interval health-start-period health-timeout hostname io-maxbandwidth io-maxiops ip ip6 ipc isolation
  kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap
  memory-swappiness mount name net net-alias network network-alias oom-score-adj pid pids-limit platform publish pull
  restart runtime security-opt shm-size stop-signal stop-timeout storage-opt sysctl tmpfs ulimit user userns uts volume
  volume-driver volumes-from workdir
  arch authfile cgroup-conf cgroups chrootdirs conmon-pidfile decryption-key env-merge gidmap group-entry
  health-log-destination health-on-failure health-startup-cmd hostuser image-volume init-path os passwd-entry
  personality pidfile pod pod-id-file preserve-fd preserve-fds rdt-class requires retry retry-delay rootfs sdnotify
  seccomp-policy secret shm-size-systemd subgidname subuidname systemd timeout tz uidmap umask unsetenv unsetenv-all
  variant`;

/** Long flags that are alone, or carry `=true` or `=false`. */
const BOOLEAN_FLAGS: ReadonlySet<string> = new Set(words(BOOLEAN));
const VALUED_FLAGS: ReadonlySet<string> = new Set(words(VALUED));

const SHORT: Readonly<Record<string, string>> = {
  a: 'attach',
  c: 'cpu-shares',
  d: 'detach',
  e: 'env',
  h: 'hostname',
  i: 'interactive',
  l: 'label',
  m: 'memory',
  P: 'publish-all',
  p: 'publish',
  q: 'quiet',
  t: 'tty',
  u: 'user',
  v: 'volume',
  w: 'workdir',
};

/** The letter of a flag; undefined: it has none. */
export function letterOf(flag: string): string | undefined {
  return Object.keys(SHORT).find((letter) => SHORT[letter] === flag);
}

/** One flag as docker's parser (spf13/pflag) reads it. `first` to `last` are the arguments that it is in. */
export interface Flag {
  /** The long name without dashes. */
  readonly name: string;
  /** undefined: a boolean flag without `=…`, which is true. */
  readonly value: string | undefined;
  readonly first: number;
  readonly last: number;
}

/** An argument at which docker's parser gives up or sees something else than the author. */
export interface Misread {
  readonly kind: 'unknown-flag' | 'positional' | 'no-value';
  readonly argument: string;
  readonly index: number;
}

/** Flags and what is wrong among them. */
export interface CommandLine {
  readonly flags: readonly Flag[];
  readonly misread: readonly Misread[];
}

/**
 * Reads arguments as docker does. Docker would stop at an argument that is no flag, taking it for the image's name, and
 * refuse a flag that it does not know; here the rest is read on, as the author has meant it.
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const flags: Flag[] = [];
  const misread: Misread[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument === '--') break;
    const read = argument.startsWith('--') ? readLong(args, index) : readShort(args, index);
    flags.push(...read.flags);
    misread.push(...read.misread);
    index = Math.max(index, read.last);
  }
  return { flags, misread };
}

interface Step extends CommandLine {
  /** The last argument that was used up. */
  readonly last: number;
}

function valueFromNext(args: readonly string[], first: number, name: string, before: readonly Flag[] = []): Step {
  const value = args[first + 1];
  if (value === undefined) {
    return { flags: before, misread: [{ kind: 'no-value', argument: args[first] ?? '', index: first }], last: first };
  }
  return { flags: [...before, { name, value, first, last: first + 1 }], misread: [], last: first + 1 };
}

function readLong(args: readonly string[], index: number): Step {
  const argument = args[index] ?? '';
  const equals = argument.indexOf('=');
  const name = argument.slice(2, equals < 0 ? undefined : equals);
  const flag = { name, value: equals < 0 ? undefined : argument.slice(equals + 1), first: index, last: index };
  // A flag of an engine newer than the table may well exist; one with a space in its name is a flag and its value in one string.
  if (/\s/.test(name)) return { flags: [], misread: [{ kind: 'unknown-flag', argument, index }], last: index };
  if (equals >= 0 || BOOLEAN_FLAGS.has(name)) return { flags: [flag], misread: [], last: index };
  if (VALUED_FLAGS.has(name)) return valueFromNext(args, index, name);
  const next = args[index + 1];
  return next === undefined || next.startsWith('-')
    ? { flags: [flag], misread: [], last: index }
    : valueFromNext(args, index, name);
}

function readShort(args: readonly string[], index: number): Step {
  const argument = args[index] ?? '';
  if (!argument.startsWith('-') || argument === '-') {
    return { flags: [], misread: [{ kind: 'positional', argument, index }], last: index };
  }
  const flags: Flag[] = [];
  for (let at = 1; at < argument.length; at++) {
    const name = SHORT[argument[at] ?? ''];
    if (name === undefined) return { flags, misread: [{ kind: 'unknown-flag', argument, index }], last: index };
    const rest = argument.slice(at + 1);
    if (rest.startsWith('='))
      return { flags: [...flags, { name, value: rest.slice(1), first: index, last: index }], misread: [], last: index };
    if (BOOLEAN_FLAGS.has(name)) flags.push({ name, value: undefined, first: index, last: index });
    else if (rest !== '')
      return { flags: [...flags, { name, value: rest, first: index, last: index }], misread: [], last: index };
    else return valueFromNext(args, index, name, flags);
  }
  return { flags, misread: [], last: index };
}

/** Go's strconv.ParseBool, which docker reads booleans with; undefined is what it refuses. */
export function parseBoolean(text: string): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}
