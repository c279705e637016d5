import { compareVersions } from '../../versions.js';

/** What a command that runs in the sandbox may do on the network: restricted adds `--unshare-net`. */
export type Network = 'restricted' | 'full';

/** Which bubblewrap a version of Codex starts. */
export type BwrapChoice =
  /** Commands run under Landlock and seccomp, without bubblewrap. */
  | 'none'
  /** Always the one that comes with Codex. */
  | 'bundled'
  /** The first on PATH whatever it is; the bundled one where there is none. */
  | 'system'
  /** The first on PATH if its `--help` runs and lists --as-pid-1 and --perms; else the bundled one. */
  | 'usable-system';

/** Which folders a version of Codex has to be able to write to before it starts a sandbox. */
export type Needs =
  | 'nothing'
  /** ~/.codex only. */
  | 'codex-home'
  /** ~/.codex first, then /tmp. */
  | 'codex-home-and-tmp'
  /** /tmp; ~/.codex only for the helper links that a bubblewrap without --argv0 needs. */
  | 'tmp';

interface Behaviour {
  /** The first version that behaves so. */
  readonly since: string;
  readonly bwrap: BwrapChoice;
  /** It passes --argv0 to a bubblewrap that has no such option as well. */
  readonly insistsOnArgv0: boolean;
  /** Its executable holds a bubblewrap, so that a package is not needed for one. */
  readonly bwrapBuiltIn: boolean;
  readonly needs: Needs;
  /** What it prints where /tmp cannot be written to (errors.ts). */
  readonly tmpError: 'registry' | 'registry-of-user' | 'building';
  readonly evidence: string;
}

const OLDEST: Behaviour = {
  since: '0.0.0',
  bwrap: 'none',
  insistsOnArgv0: false,
  bwrapBuiltIn: false,
  needs: 'nothing',
  tmpError: 'building',
  evidence: 'measured with 0.98.0 and 0.107.0; works in a default Docker container, and in a read-only one',
};

const LANDLOCK_WRITING: Behaviour = {
  ...OLDEST,
  since: '0.110.0',
  needs: 'codex-home',
  evidence: 'measured with 0.110.0 and 0.114.0',
};

const OWN: Behaviour = {
  ...LANDLOCK_WRITING,
  since: '0.115.0',
  bwrap: 'bundled',
  bwrapBuiltIn: true,
  evidence: 'measured with 0.115.0: a setuid or 0.12 bwrap on PATH changes nothing',
};

const FIRST_SYSTEM: Behaviour = {
  ...OWN,
  since: '0.116.0',
  bwrap: 'system',
  insistsOnArgv0: true,
  evidence:
    'measured with 0.116.0: bubblewrap 0.4 and 0.8 know no --argv0, a setuid one without its capabilities fails',
};

const SYSTEM: Behaviour = {
  ...FIRST_SYSTEM,
  since: '0.117.0',
  insistsOnArgv0: false,
  evidence:
    'measured with 0.117.0, 0.118.0, 0.120.0 and 0.125.0: bubblewrap 0.4 and 0.8 serve, a setuid bwrap without its capabilities fails',
};

const REGISTERING: Behaviour = {
  ...SYSTEM,
  since: '0.128.0',
  needs: 'codex-home-and-tmp',
  tmpError: 'registry',
  evidence: 'measured with 0.128.0',
};

const USABLE_SYSTEM: Behaviour = {
  ...REGISTERING,
  since: '0.129.0',
  bwrap: 'usable-system',
  bwrapBuiltIn: false,
  tmpError: 'registry-of-user',
  evidence:
    'measured with 0.129.0, 0.130.0 and 0.135.0, execve audit; openai/codex codex-rs/linux-sandbox/src/launcher.rs',
};

const HOMELESS: Behaviour = {
  ...USABLE_SYSTEM,
  since: '0.136.0',
  needs: 'tmp',
  evidence: 'measured with 0.136.0 and 0.155.1',
};

const NEWEST: Behaviour = {
  ...HOMELESS,
  since: '0.156.0',
  tmpError: 'building',
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

/** Codex as the model sees it. */
export interface Codex {
  readonly version: string;
  readonly network: Network;
  /** Its package brings a bubblewrap of its own: the npm package does, the bare executable does not (but see bwrapBuiltIn). */
  readonly bundledBwrap: boolean;
}

/** What this version of Codex does, with the evidence. A version that cannot be read counts as the newest. */
export function behaviourOf(version: string): Behaviour {
  return CODEX_BEHAVIOURS.findLast((b) => compareVersions(version, b.since) >= 0) ?? OLDEST;
}
