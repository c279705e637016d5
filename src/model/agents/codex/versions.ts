import type { Demands, NeededFolder } from '../../agent/agent.js';
import { compareVersions } from '../../versions.js';
import { CODEX_ERRORS, mountRegistryOfUser } from './errors.js';

/** What versions of Codex need; the entries that they protect changed in other versions (workspaceEntries.ts). */
interface Behaviour extends Omit<Demands, 'shields' | 'projectFile'> {
  /** The first version that behaves so. */
  readonly since: string;
  readonly evidence: string;
}

const HOME: NeededFolder = { folder: 'home', error: CODEX_ERRORS.readOnlyHome };
const TMP: NeededFolder = { folder: 'tmp', error: CODEX_ERRORS.readOnly };
/** 0.128.0 and 0.130.0 report a link in the workspace first; 0.169.0 reports a read-only /tmp first (measured). */
const TMP_REGISTRY: NeededFolder = { folder: 'tmp', error: CODEX_ERRORS.mountRegistry, late: true };
const TMP_REGISTRY_OF_USER: NeededFolder = { folder: 'tmp', error: mountRegistryOfUser, late: true };

/**
 * The version like which the file codex-resources/bwrap behaves; it prints `bubblewrap built for Codex` and no number. Measured with
 * those of 0.130.0 and 0.169.0: they have --perms, --as-pid-1 and --argv0, refuse setuid like 0.11.2, and word errors as before 0.12.
 */
const BUNDLED_BWRAP = '0.11.2';

const OLDEST: Behaviour = {
  since: '0.0.0',
  bwrap: 'none',
  insistsOnArgv0: false,
  bwrapBuiltIn: false,
  namespaces: ['pid', 'ipc', 'net'],
  proc: 'retries-on-old-words',
  writes: [],
  writesWithoutArgv0: { folder: 'home', error: CODEX_ERRORS.helperLinks },
  programs: [],
  evidence: 'measured with 0.98.0 and 0.107.0; works in a default Docker container, and in a read-only one',
};

const LANDLOCK_WRITING: Behaviour = {
  ...OLDEST,
  since: '0.110.0',
  writes: [HOME],
  evidence: 'measured with 0.110.0 and 0.114.0',
};

const OWN: Behaviour = {
  ...LANDLOCK_WRITING,
  since: '0.115.0',
  bwrap: 'bundled',
  bwrapBuiltIn: true,
  evidence: 'measured with 0.115.0: a setuid or 0.12 bwrap on PATH does not matter',
};

const FIRST_SYSTEM: Behaviour = {
  ...OWN,
  since: '0.116.0',
  bwrap: 'system',
  insistsOnArgv0: true,
  evidence: 'measured with 0.116.0: bubblewrap 0.4 and 0.8 lack --argv0, a setuid one without its capabilities fails',
};

const SYSTEM: Behaviour = {
  ...FIRST_SYSTEM,
  since: '0.117.0',
  insistsOnArgv0: false,
  evidence:
    'measured with 0.117.0, 0.118.0, 0.120.0 and 0.125.0: bubblewrap 0.4 and 0.8 work, a setuid bwrap without its capabilities fails',
};

const REGISTERING: Behaviour = {
  ...SYSTEM,
  since: '0.128.0',
  writes: [HOME, TMP_REGISTRY],
  evidence: 'measured with 0.128.0',
};

const USABLE_SYSTEM: Behaviour = {
  ...REGISTERING,
  since: '0.129.0',
  bwrap: 'usable-system',
  bwrapBuiltIn: false,
  bundledBwrap: BUNDLED_BWRAP,
  writes: [HOME, TMP_REGISTRY_OF_USER],
  evidence:
    'measured with 0.129.0, 0.130.0 and 0.135.0, execve audit; openai/codex codex-rs/linux-sandbox/src/launcher.rs',
};

const HOMELESS: Behaviour = {
  ...USABLE_SYSTEM,
  since: '0.136.0',
  writes: [TMP_REGISTRY_OF_USER],
  evidence: 'measured with 0.136.0 and 0.155.1',
};

const NEWEST: Behaviour = {
  ...HOMELESS,
  since: '0.156.0',
  writes: [TMP],
  evidence: 'measured with 0.156.0 and 0.169.0',
};

/**
 * What versions of Codex do, oldest first. Versions between two measured ones are taken to behave like the older.
 * Measured means: rows of test/ground-truth/rows with that version.
 */
export const CODEX_BEHAVIOURS: readonly Behaviour[] = [
  OLDEST,
  LANDLOCK_WRITING,
  OWN,
  FIRST_SYSTEM,
  SYSTEM,
  REGISTERING,
  USABLE_SYSTEM,
  HOMELESS,
  NEWEST,
];

/** The newest version that was measured: assumed where the container does not say which it installs. */
export const NEWEST_CODEX = '0.169.0';

/** A version of Codex as people name one: `0.169.0`, `0.169`, `0.170.0-alpha.1`. A longer one would fill lines and logs. */
export const CODEX_VERSION = /^(?=.{1,64}$)\d+\.\d+(\.\d+)?([-+][\w.+-]+)?$/;

/** What this version of Codex does, with the evidence. A version that cannot be read counts as the newest. */
export function behaviourOf(version: string): Behaviour {
  return CODEX_BEHAVIOURS.findLast((b) => compareVersions(version, b.since) >= 0) ?? OLDEST;
}
