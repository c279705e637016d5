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

interface Behaviour {
  /** The first version that behaves so. */
  readonly since: string;
  readonly bwrap: BwrapChoice;
  readonly evidence: string;
}

const OLDEST: Behaviour = {
  since: '0.0.0',
  bwrap: 'none',
  evidence: 'measured with 0.98.0; works in a default Docker container',
};

/**
 * What versions of Codex do, oldest first. Versions between two measured ones are taken to behave like the older.
 * Measured means: rows of test/ground-truth/rows with that version.
 */
export const CODEX_BEHAVIOURS: readonly Behaviour[] = [
  OLDEST,
  {
    since: '0.115.0',
    bwrap: 'bundled',
    evidence: 'measured with 0.115.0: a setuid or 0.12 bwrap on PATH changes nothing',
  },
  {
    since: '0.120.0',
    bwrap: 'system',
    evidence: 'measured with 0.120.0: a setuid bwrap without its capabilities fails',
  },
  {
    since: '0.130.0',
    bwrap: 'usable-system',
    evidence: 'measured with 0.130.0 and 0.169.0, execve audit; openai/codex codex-rs/linux-sandbox/src/launcher.rs',
  },
];

/** The newest version that was measured: assumed where the container does not say which it installs. */
export const NEWEST_CODEX = '0.169.0';

/** Codex as the model sees it. */
export interface Codex {
  readonly version: string;
  readonly network: Network;
  /** Its package brings a bubblewrap of its own: the npm package does, the bare executable does not. */
  readonly bundledBwrap: boolean;
}

/** What this version of Codex does, with the evidence. A version that cannot be read counts as the newest. */
export function behaviourOf(version: string): Behaviour {
  return CODEX_BEHAVIOURS.findLast((b) => compareVersions(version, b.since) >= 0) ?? OLDEST;
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map((part) => {
    const number = parseInt(part, 10);
    return Number.isNaN(number) ? Infinity : number;
  });
}

/** Compares dotted numbers; what is no number counts as the largest, so that `latest` is newer than any release. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  for (const i of [...x.keys(), ...y.keys()]) {
    const [p, q] = [x[i] ?? 0, y[i] ?? 0];
    if (p !== q) return Math.sign(p - q);
  }
  return 0;
}
