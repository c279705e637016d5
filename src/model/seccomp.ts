/**
 * Seccomp profiles in Docker's format, evaluated for one system call at a time: what runc and libseccomp make of them
 * (moby/profiles seccomp; OCI runtime specification, "seccomp").
 */

/** The flag of clone(2) and unshare(2) that asks for a user namespace. */
export const CLONE_NEWUSER = 0x10000000;
/** Value of clone's first argument as bubblewrap calls it for Codex: new user, mount, pid, ipc and network namespace. */
export const BWRAP_CLONE_FLAGS = 0x10000000 | 0x00020000 | 0x20000000 | 0x08000000 | 0x40000000 | 17;

interface SeccompArgument {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}

interface SeccompFilter {
  readonly caps?: readonly string[] | null;
  readonly arches?: readonly string[] | null;
  readonly minKernel?: string | null;
}

interface SeccompRule {
  readonly name?: string;
  readonly names?: readonly string[] | null;
  readonly action: string;
  readonly args?: readonly SeccompArgument[] | null;
  readonly includes?: SeccompFilter | null;
  readonly excludes?: SeccompFilter | null;
  readonly errnoRet?: number;
  readonly comment?: string;
}

/** A seccomp profile as `--security-opt seccomp=FILE` takes it. */
export interface SeccompProfile {
  /** Without it nothing is filtered but what the rules say (measured with `{}`). */
  readonly defaultAction?: string;
  readonly defaultErrnoRet?: number;
  readonly syscalls: readonly SeccompRule[];
}

/** A system call to ask about. Arguments that are not given count as 0. */
export interface SystemCall {
  readonly name: string;
  readonly args?: readonly number[];
}

/** The calls that bubblewrap makes to set the sandbox up; measured by taking each away from a profile that allows all. */
export const BWRAP_CALLS = {
  clone: { name: 'clone', args: [BWRAP_CLONE_FLAGS >>> 0] },
  mount: { name: 'mount' },
  pivotRoot: { name: 'pivot_root' },
  umount: { name: 'umount2' },
  /** Last, and only for a user other than root: a second user namespace that has its own uid again. */
  unshare: { name: 'unshare', args: [CLONE_NEWUSER] },
} as const satisfies Record<string, SystemCall>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a profile.
 * @throws Error with a sentence for people when the text is no JSON or no profile: Docker then refuses to start the container.
 */
export function parseSeccompProfile(text: string): SeccompProfile {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not valid JSON (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
  if (!isRecord(data)) throw new Error('it is not a JSON object');
  const syscalls = data['syscalls'] ?? [];
  if (!Array.isArray(syscalls)) throw new Error('its "syscalls" is not an array');
  for (const rule of syscalls as unknown[]) {
    const named = isRecord(rule) && (typeof rule['name'] === 'string' || Array.isArray(rule['names']));
    if (!isRecord(rule) || !named || typeof rule['action'] !== 'string') {
      throw new Error('an entry of its "syscalls" lacks "names" or "action"');
    }
  }
  return { ...(data as unknown as SeccompProfile), syscalls: syscalls as SeccompRule[] };
}

function compare(argument: SeccompArgument, args: readonly number[]): boolean {
  const actual = BigInt(args[argument.index] ?? 0);
  const value = BigInt(argument.value);
  switch (argument.op) {
    case 'SCMP_CMP_NE':
      return actual !== value;
    case 'SCMP_CMP_LT':
      return actual < value;
    case 'SCMP_CMP_LE':
      return actual <= value;
    case 'SCMP_CMP_EQ':
      return actual === value;
    case 'SCMP_CMP_GE':
      return actual >= value;
    case 'SCMP_CMP_GT':
      return actual > value;
    case 'SCMP_CMP_MASKED_EQ':
      return (actual & value) === BigInt(argument.valueTwo ?? 0);
    default:
      return false;
  }
}

function hasCapability(capabilities: ReadonlySet<string>, name: string): boolean {
  return capabilities.has(name.replace(/^CAP_/, ''));
}

/** runc keeps a rule when all of `includes` hold and none of `excludes`; minKernel is taken to hold, kernels it excludes are out of support. */
function applies(rule: SeccompRule, capabilities: ReadonlySet<string>, arch: string): boolean {
  const { includes, excludes } = rule;
  if (includes?.arches?.length && !includes.arches.includes(arch)) return false;
  if (includes?.caps?.some((c) => !hasCapability(capabilities, c))) return false;
  if (excludes?.arches?.includes(arch)) return false;
  return !excludes?.caps?.some((c) => hasCapability(capabilities, c));
}

const rulesByProfile = new WeakMap<SeccompProfile, Map<string, readonly SeccompRule[]>>();

/** The rules that name a call; remembered, because a plan asks for the same calls thousands of times. */
function rulesFor(profile: SeccompProfile, name: string): readonly SeccompRule[] {
  let byName = rulesByProfile.get(profile);
  if (!byName) {
    byName = new Map<string, readonly SeccompRule[]>();
    rulesByProfile.set(profile, byName);
  }
  let rules = byName.get(name);
  if (!rules) {
    rules = profile.syscalls.filter((rule) => rule.name === name || rule.names?.includes(name));
    byName.set(name, rules);
  }
  return rules;
}

/**
 * Whether a container under this profile may make the call.
 * @param capabilities the container's capabilities without CAP_: `includes` and `excludes` look at them, not at the process's
 * @param arch Go's name of the architecture
 */
export function allowsCall(
  profile: SeccompProfile,
  call: SystemCall,
  capabilities: ReadonlySet<string>,
  arch = 'amd64',
): boolean {
  const matching = rulesFor(profile, call.name).filter(
    (rule) =>
      applies(rule, capabilities, arch) && (rule.args ?? []).every((argument) => compare(argument, call.args ?? [])),
  );
  const action = matching.at(-1)?.action ?? profile.defaultAction;
  return action === undefined || action === 'SCMP_ACT_ALLOW' || action === 'SCMP_ACT_LOG';
}

const MASKED_NEWUSER: readonly SeccompArgument[] = [
  { index: 0, value: CLONE_NEWUSER, valueTwo: CLONE_NEWUSER, op: 'SCMP_CMP_MASKED_EQ' },
];

/**
 * The profile that allows what the base allows and, beyond it, only what bubblewrap needs: clone and unshare where they
 * ask for a user namespace, and mount, umount2 and pivot_root. Each is needed, but for root unshare is not (measured).
 */
export function tailoredProfile(base: SeccompProfile, forRoot = false): SeccompProfile {
  return {
    ...base,
    syscalls: [
      ...base.syscalls,
      {
        names: forRoot ? ['clone'] : ['clone', 'unshare'],
        action: 'SCMP_ACT_ALLOW',
        args: MASKED_NEWUSER,
        comment: 'bubblewrap (Codex): only calls that ask for a new user namespace',
      },
      {
        names: ['mount', 'pivot_root', 'umount2'],
        action: 'SCMP_ACT_ALLOW',
        comment:
          'bubblewrap (Codex): the root of the sandbox; the kernel still asks for SYS_ADMIN, held only in its user namespace',
      },
    ],
  };
}
