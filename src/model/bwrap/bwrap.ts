import { hasCapability, SETUID_BWRAP_CAPABILITIES } from '../container/capabilities.js';
import { compareVersions } from '../versions.js';
import { isRoot, type Container } from '../container/container.js';
import { all, any, not, type Ternary } from '../ternary.js';
import { PACKAGED_BWRAP_PATH } from '../bwrapPath.js';

interface BwrapChange {
  /** The first version that has it. */
  readonly since: string;
  readonly evidence: string;
}

/** What versions of bubblewrap have that decides whether an agent's sandbox starts. */
export const BWRAP_CHANGES = {
  /** The option --perms, without which an agent that asks `--help` does not take it. */
  perms: {
    since: '0.5.0',
    evidence: 'bubblewrap NEWS, 0.5.0; measured with 0.4.1: 0.130.0 and 0.169.0 start their own',
  },
  /** The option --argv0; without it an agent may need links of its own (Demands.writesWithoutArgv0). */
  argv0: { since: '0.9.0', evidence: 'bubblewrap NEWS, 0.9.0; measured with 0.8.0 and 0.12.0' },
  /** The default build refuses to run setuid; 0.12 has no setuid support at all. */
  refusesSetuid: { since: '0.11.2', evidence: 'reported of 0.11.2; measured with 0.12.0' },
  /** Its /proc error says `on /proc` instead of `on /newroot/proc`: a retry may not recognize it. */
  rewordsProcError: { since: '0.12.0', evidence: 'measured with 0.8.0 and 0.12.0; openai/codex #44304, #44329' },
  /** It reports a folder that it cannot create as a file. */
  rewordsCreation: {
    since: '0.12.0',
    evidence: 'measured with 0.8.0 and 0.12.0, and with the one that comes with Codex',
  },
  /** It opens what it mounts with openat2. */
  opensWithOpenat2: { since: '0.12.0', evidence: 'measured with 0.12.0 and 0.13.1' },
  /** It sets the flags of its mounts with mount_setattr. */
  setsMountAttributes: { since: '0.13.0', evidence: 'measured with 0.13.1' },
} as const satisfies Readonly<Record<string, BwrapChange>>;

/** Where the bubblewrap of the image is; undefined where that is not known. */
export function bwrapPath({ bwrap: { path } }: Container): string | undefined {
  return path ? path.value : PACKAGED_BWRAP_PATH;
}

/** Whether a version of bubblewrap has what came with a change; undefined when the version is not known. */
export function bwrapHas(version: string | undefined, change: keyof typeof BWRAP_CHANGES): Ternary {
  return version === undefined ? undefined : compareVersions(version, BWRAP_CHANGES[change].since) >= 0;
}

interface Packaged {
  readonly version: string;
  readonly evidence: string;
}

function indexed(version: string, revision = version): Packaged {
  return { version, evidence: `the distribution's package index, November 2026: ${revision}; not measured` };
}

/** Of which day PACKAGED is; `npm run drift` compares it with the package lists and names it when it is too old. */
export const PACKAGED_DATE = '2026-11-21';

/**
 * The bubblewrap packages of distributions. Releases that are kept with security updates may get a newer one: what no index
 * was seen to say, such as Alpine 3.22 and 3.23 and Fedora before 44, is not known.
 */
const PACKAGED: Readonly<Record<string, Packaged>> = {
  'debian:11': { version: '0.4.1', evidence: 'measured: Codex 0.115 to 0.169 work with it, except 0.116.0' },
  'debian:12': { version: '0.8.0', evidence: 'measured' },
  'debian:13': { version: '0.12.0', evidence: 'measured; 0.11.0 before its security update' },
  'debian:14': indexed('0.13.1', '0.13.1-1 in testing'),
  'debian:sid': { version: '0.13.1', evidence: 'measured; `npm run drift` tells when unstable has a newer one' },
  'ubuntu:20.04': { version: '0.4.0', evidence: 'reported' },
  'ubuntu:22.04': indexed('0.6.1', '0.6.1-1ubuntu0.1'),
  'ubuntu:24.04': indexed('0.9.0', '0.9.0-1ubuntu0.1'),
  'ubuntu:25.10': indexed('0.11.0', '0.11.0-2ubuntu0.1'),
  'ubuntu:26.04': indexed('0.11.1', '0.11.1-1ubuntu0.1'),
  'fedora:44': { version: '0.12.0', evidence: 'reported' },
  'alpine:3.21': indexed('0.12.0', '0.12.0-r0 of 2026-09-01'),
  'alpine:3.24': indexed('0.12.0', '0.12.0-r0 of 2026-08-26'),
};

/** The version of bubblewrap that the distribution's packages install, where it is known. */
export function packagedBwrap(id: string, version: string | undefined): string | undefined {
  const release = `${id}:${String(version)}`;
  return Object.hasOwn(PACKAGED, release) ? PACKAGED[release]?.version : undefined;
}

function isPresent({ bwrap }: Container): Ternary {
  return bwrap.presence.value === undefined ? undefined : bwrap.presence.value === 'present';
}

/** True when bwrap is installed setuid, would gain privileges by it (not root, no no-new-privileges), so that its setuid matters. */
export function setuidTakesEffect(container: Container): Ternary {
  return all(
    isPresent(container),
    container.bwrap.setuid.value,
    not(isRoot(container)),
    not(container.noNewPrivileges.value),
  );
}

/** Whether a bubblewrap of this version runs setuid at all. */
export function supportsSetuid(version: string | undefined): Ternary {
  return not(bwrapHas(version, 'refusesSetuid'));
}

/** True when a setuid bwrap really works as one: it takes effect, its build supports it, and all six capabilities are there. */
export function setuidWorks(container: Container): Ternary {
  return all(
    setuidTakesEffect(container),
    supportsSetuid(container.bwrap.version.value),
    ...SETUID_BWRAP_CAPABILITIES.map((c) => hasCapability(container, c)),
  );
}

/** Which bubblewrap an agent starts. */
export type BwrapChoice =
  /** Commands run without bubblewrap (under Landlock and seccomp, for instance). */
  | 'none'
  /** Always the one that comes with it. */
  | 'bundled'
  /** The first on PATH whatever it is; the bundled one, if it has one, where there is none. */
  | 'system'
  /** The first on PATH if its `--help` runs and lists --as-pid-1 and --perms; else the bundled one. */
  | 'usable-system';

/** The bubblewrap that an agent starts in a container. */
export type Chosen =
  | 'none-needed'
  | 'missing'
  | 'bundled'
  | 'system'
  /** Depends on what is not known of the image. */
  | 'unknown';

/** Which bubblewrap is started in this container (docs/how-it-works.md, "Which bubblewrap Codex starts"). */
export function chosenBwrap(container: Container, choice: BwrapChoice, bundled: boolean): Chosen {
  if (choice === 'none') return 'none-needed';
  const fallback = bundled ? 'bundled' : 'missing';
  if (choice === 'bundled') return fallback;
  const system = all(isPresent(container), choice === 'system' || usableByHelp(container));
  return system === undefined ? 'unknown' : system ? 'system' : fallback;
}

/** `bwrap --help` runs and lists --perms. */
function usableByHelp(container: Container): Ternary {
  return all(
    bwrapHas(container.bwrap.version.value, 'perms'),
    any(not(setuidTakesEffect(container)), setuidWorks(container)),
  );
}

/** Whether the bubblewrap that is started words its refusal of /proc as 0.12 does; the one that comes with Codex does not (measured). */
export function rewordsProcError(container: Container, chosen: Chosen): Ternary {
  if (chosen === 'bundled') return false;
  const reworded = bwrapHas(container.bwrap.version.value, 'rewordsProcError');
  return chosen === 'unknown' ? all(reworded, undefined) : reworded;
}
