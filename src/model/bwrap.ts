import { hasCapability, SETUID_BWRAP_CAPABILITIES } from './capabilities.js';
import { behaviourOf, compareVersions, type Codex } from './codex.js';
import { isRoot, type Container } from './container.js';
import { all, any, not, type Ternary } from './ternary.js';

/** The first version whose default build refuses to run setuid; 0.12 has no setuid support at all (sandbox-facts 4). */
const REFUSES_SETUID = '0.11.2';
/** The first version that prints `on /proc` instead of `on /newroot/proc`, which Codex's retry does not recognise (sandbox-facts 1). */
const UNRECOGNISED_PROC_ERROR = '0.12.0';
/** The first version with --perms, which Codex asks for (bubblewrap NEWS, 0.5.0). */
const HAS_PERMS = '0.5.0';

/** The bubblewrap packages of distributions (sandbox-facts 4; Debian's were measured, the others are as reported). */
const PACKAGED: Readonly<Record<string, string>> = {
  'debian:12': '0.8.0',
  'debian:13': '0.12.0',
  'ubuntu:20.04': '0.4.0',
  'ubuntu:22.04': '0.6.1',
  'ubuntu:24.04': '0.9.0',
  'ubuntu:26.04': '0.11.1',
  'fedora:44': '0.12.0',
};

/** The version of bubblewrap that the distribution's packages install, where it is known. */
export function packagedBwrap(id: string, version: string | undefined): string | undefined {
  return PACKAGED[`${id}:${version ?? ''}`];
}

/** True when bwrap is installed setuid, would gain privileges by it (not root, no no-new-privileges), so that its setuid matters. */
export function setuidTakesEffect(container: Container): Ternary {
  return all(
    container.bwrap.presence.value === undefined ? undefined : container.bwrap.presence.value === 'present',
    container.bwrap.setuid.value,
    not(isRoot(container)),
    not(container.noNewPrivileges.value),
  );
}

/** Whether a bubblewrap of this version runs setuid at all. */
export function supportsSetuid(version: string | undefined): Ternary {
  return version === undefined ? undefined : compareVersions(version, REFUSES_SETUID) < 0;
}

/** True when a setuid bwrap really works as one: it takes effect, its build supports it, and all six capabilities are there. */
export function setuidWorks(container: Container): Ternary {
  return all(
    setuidTakesEffect(container),
    supportsSetuid(container.bwrap.version.value),
    ...SETUID_BWRAP_CAPABILITIES.map((c) => hasCapability(container, c)),
  );
}

/** The bubblewrap that Codex starts. */
export type Chosen =
  | { readonly kind: 'none-needed' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'bundled' }
  | { readonly kind: 'system' }
  /** Depends on what is not known of the image. */
  | { readonly kind: 'unknown' };

/** Which bubblewrap this version of Codex starts in this container (sandbox-facts 1). */
export function chosenBwrap(container: Container, codex: Codex): Chosen {
  const choice = behaviourOf(codex.version).bwrap;
  if (choice === 'none') return { kind: 'none-needed' };
  const fallback: Chosen = { kind: codex.bundledBwrap ? 'bundled' : 'missing' };
  if (choice === 'bundled') return fallback;
  const { presence, version } = container.bwrap;
  const present = presence.value === undefined ? undefined : presence.value === 'present';
  const usable = choice === 'system' ? true : usableByHelp(container, version.value);
  const system = all(present, usable);
  return system === undefined ? { kind: 'unknown' } : system ? { kind: 'system' } : fallback;
}

/** `bwrap --help` runs and lists --perms. */
function usableByHelp(container: Container, version: string | undefined): Ternary {
  return all(
    version === undefined ? undefined : compareVersions(version, HAS_PERMS) >= 0,
    any(not(setuidTakesEffect(container)), setuidWorks(container)),
  );
}

/** Whether Codex recovers when bwrap cannot mount /proc: it does for the bundled one and for versions before 0.12. */
export function recoversFromProcError(container: Container, chosen: Chosen): Ternary {
  if (chosen.kind === 'bundled') return true;
  const version = container.bwrap.version.value;
  return version === undefined ? undefined : compareVersions(version, UNRECOGNISED_PROC_ERROR) < 0;
}
