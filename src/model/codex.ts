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
  /** Its executable holds a bubblewrap, so that a package is not needed for one. */
  readonly bwrapBuiltIn: boolean;
  readonly needs: Needs;
  readonly evidence: string;
}

const OLDEST: Behaviour = {
  since: '0.0.0',
  bwrap: 'none',
  bwrapBuiltIn: false,
  needs: 'nothing',
  evidence: 'measured with 0.98.0; works in a default Docker container, and in a read-only one',
};

/**
 * What versions of Codex do, oldest first. Versions between two measured ones are taken to behave like the older.
 * Measured means: rows of test/ground-truth/rows with that version; what it needs to write to, and the executable alone, in the
 * generated containers of test/container.
 */
export const CODEX_BEHAVIOURS: readonly Behaviour[] = [
  OLDEST,
  {
    since: '0.115.0',
    bwrap: 'bundled',
    bwrapBuiltIn: true,
    needs: 'codex-home',
    evidence: 'measured with 0.115.0: a setuid or 0.12 bwrap on PATH changes nothing',
  },
  {
    since: '0.120.0',
    bwrap: 'system',
    bwrapBuiltIn: true,
    needs: 'codex-home',
    evidence: 'measured with 0.120.0: a setuid bwrap without its capabilities fails',
  },
  {
    since: '0.130.0',
    bwrap: 'usable-system',
    bwrapBuiltIn: false,
    needs: 'codex-home-and-tmp',
    evidence: 'measured with 0.130.0, execve audit; openai/codex codex-rs/linux-sandbox/src/launcher.rs',
  },
  {
    since: '0.169.0',
    bwrap: 'usable-system',
    bwrapBuiltIn: false,
    needs: 'tmp',
    evidence: 'measured with 0.169.0, as the one before but for ~/.codex; from which version on is not known',
  },
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
