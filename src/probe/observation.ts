import type { WorkspaceFolder } from '../model/container/container.js';
import type { Gate } from '../model/gates.js';
import type { Environment } from './environments.js';

/** A bubblewrap that the probe found. */
export interface ObservedBwrap {
  /** `system`: on PATH; `bundled`: the one that comes with Codex. */
  readonly kind: 'system' | 'bundled';
  readonly path: string;
  /** What `bwrap --version` printed, for instance `bubblewrap 0.8.0`. */
  readonly version: string | null;
  /** As ls prints it, for instance `-rwsr-xr-x`. */
  readonly mode: string | null;
  readonly setuid: boolean;
  /** `--help` runs and lists --as-pid-1 and --perms: Codex 0.130 and later take it only then. */
  readonly usable: boolean;
  /** It has --argv0 (0.9 and later); without it Codex needs its helper links. */
  readonly argv0: boolean;
  /** The first line of what `--help` printed where it failed. */
  readonly problem: string | null;
}

/** A Codex that the probe found. */
export interface ObservedCodex {
  /** `path`: the first on PATH; `extension`: the one that the ChatGPT extension of an editor (openai.chatgpt) starts. */
  readonly origin: 'path' | 'extension';
  readonly path: string;
  /** The number alone, for instance 0.169.0. */
  readonly version: string | null;
  /** How this version starts its sandbox: `codex sandbox --`, or `codex sandbox linux --` until about 0.145. */
  readonly sandboxCommand: string | null;
}

/** Something on PATH that the probe did not run, and why. */
export interface PassedOver {
  readonly path: string;
  readonly reason: string;
}

/** The folder in which Codex runs, as this user finds it. */
export interface ObservedWorkspace extends Pick<WorkspaceFolder, 'path' | 'present'> {
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** As ls prints it, for instance `drwxr-xr-x`. */
  readonly mode: string | null;
  /** What creating something there fails with in Codex's sandbox; null: it does not. */
  readonly refuses: NonNullable<WorkspaceFolder['refuses']> | null;
  /** Which of the names that Codex shields there are symbolic links. */
  readonly links: readonly string[];
  /** What Codex reads there and this user may not. */
  readonly unreadable: readonly string[];
}

/** What the kernel, the engine and the installed programs say. null: not there, or not readable. */
export interface Facts {
  /** The one on PATH, else the first that an extension brings; what there is besides: Observation.codexes. */
  readonly codex: ObservedCodex | null;
  /** Those on PATH, and the one that comes with `codex`. */
  readonly bwraps: readonly ObservedBwrap[];
  readonly passedOver: readonly PassedOver[];
  readonly user: { readonly uid: number | null; readonly name: string | null };
  /** Lines `inside outside count` of /proc/self/uid_map. */
  readonly uidMap: string | null;
  /** Hexadecimal masks of /proc/self/status. */
  readonly capabilities: {
    readonly inheritable: string | null;
    readonly permitted: string | null;
    readonly effective: string | null;
    readonly bounding: string | null;
    readonly ambient: string | null;
  };
  readonly noNewPrivileges: boolean | null;
  /** 0 no filter, 1 strict, 2 a filter. */
  readonly seccomp: number | null;
  /** The AppArmor or SELinux label of the probe, for instance `docker-default (enforce)`. */
  readonly label: string | null;
  /** The kernel runs AppArmor. */
  readonly apparmor: boolean;
  /** Mount points below /proc: masked and read-only paths. */
  readonly procSubmounts: readonly string[];
  readonly readOnlyRoot: boolean;
  /** Codex's home (~/.codex, or CODEX_HOME) and whether this user can write there. */
  readonly codexHome: { readonly path: string; readonly writable: boolean } | null;
  /** null if that folder is unknown. */
  readonly workspace: ObservedWorkspace | null;
  /** The folder in which the probe could write, null where there was none. */
  readonly temporaryFolder: string | null;
  readonly maxUserNamespaces: number | null;
  readonly unprivilegedUsernsClone: number | null;
  readonly apparmorRestrictUnprivilegedUserns: number | null;
  readonly distro: { readonly id: string; readonly version: string | null } | null;
  readonly kernel: string | null;
  /** By the file that the engine leaves in its containers; null outside a container and with other engines. */
  readonly engine: 'docker' | 'podman' | null;
  /** What the container shows to be part of, with what follows. */
  readonly environments: readonly Environment[];
}

/** One command that the probe ran. */
export interface Step {
  /**
   * `system-…`, `bundled-…`: the ladder with that bwrap (user, pid-ipc, net, dev, proc); `unshare-…`: the same system calls
   * where there is no bwrap; `codex-run`, `codex-write-inside`, `codex-write-outside`, `codex-url`: the real sandbox, in a folder
   * of its own. `…-workspace`: the same in the workspace folder, only where this user can create nothing there or where what lies
   * there keeps Codex from starting.
   */
  readonly id: string;
  readonly command: string;
  /** ok: it did what it should; for codex-write-outside that is to be refused. */
  readonly status: 'ok' | 'fail' | 'skipped';
  /** null where it was not run; 124 when its time ran out. */
  readonly exitCode: number | null;
  /** What it printed, without control characters; for a skipped step the reason. */
  readonly stderr: string;
  /** In steps of 10 ms. */
  readonly durationMs: number;
  /** Which gate the text names; null where it failed for another reason, or not at all. */
  readonly gate: Gate | null;
}

/** What steps amount to. */
export interface Verdict {
  readonly outcome: 'works' | 'fails' | 'unknown';
  /** Where it fails; null when it works, is not known, or fails at none of the gates. */
  readonly gate: Gate | null;
  /** One sentence or two: what was seen. */
  readonly summary: string;
  /** What to do; empty when it works. */
  readonly remediation: string;
}

/** What was measured of one Codex. */
export interface MeasuredCodex extends ObservedCodex, Verdict {
  /** The bubblewrap that comes with it. */
  readonly bundledBwrap: ObservedBwrap | null;
  /** Its own: `codex-…`, and `bundled-…` of the first. */
  readonly steps: readonly Step[];
}

/**
 * What the probe measured; its JSON is `probe --format json` (docs: the command line's contract). With several Codexes the
 * outcome is works only if all of them work. The summary begins with their differences.
 */
export interface Observation extends Verdict {
  readonly schemaVersion: 1;
  readonly facts: Facts;
  /** What is the same for all, and the steps of `facts.codex`. */
  readonly steps: readonly Step[];
  /** Each Codex that was measured, `facts.codex` first; empty where there is none. */
  readonly codexes: readonly MeasuredCodex[];
}
