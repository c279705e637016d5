import { BWRAP_CALLS, CLONE_NEWUSER, NEWER_BWRAP_CALLS } from '../bwrap/calls.js';
import { refusalsBesideBwrap } from './refusals.js';
import { namesOf, type SeccompProfile, type SeccompRule } from './profile.js';

const NEW_USER_NAMESPACE = [
  { index: 0, value: CLONE_NEWUSER, valueTwo: CLONE_NEWUSER, op: 'SCMP_CMP_MASKED_EQ' },
] as const;

/** The calls that are allowed only where they ask for a user namespace. */
const NAMESPACE_CALLS: readonly string[] = ['clone', 'unshare'];

/** Which bubblewraps a tailored profile serves: all, or only those before 0.13, as this program wrote it until 0.13 came. */
export type Serves = 'all' | 'before-0.13';

/**
 * The profile that allows what the base allows and, beyond it, only what bubblewrap needs: clone and unshare where they
 * ask for a user namespace, and mount, mount_setattr, umount2 and pivot_root. Each is needed (measured): unshare not for root,
 * mount_setattr only for bubblewrap 0.13 and later.
 * A base that allows what it does not name keeps its refusals of these calls, but for what bubblewrap asks for.
 */
export function tailoredProfile(base: SeccompProfile, forRoot = false, serves: Serves = 'all'): SeccompProfile {
  const always = Object.values(BWRAP_CALLS).flatMap(({ name }) => (forRoot && name === 'unshare' ? [] : [name]));
  const needed = serves === 'all' ? [...always, ...NEWER_BWRAP_CALLS] : always;
  return allowsByDefault(base) ? withoutNeeded(base, needed) : withNeeded(base, needed);
}

/** What no rule names is allowed then, so that no rule needs to allow it: runc would leave that one out. */
function allowsByDefault({ defaultAction }: SeccompProfile): boolean {
  return !defaultAction || isPermission(defaultAction);
}

function isPermission(action: string | undefined): boolean {
  return action === 'SCMP_ACT_ALLOW' || action === 'SCMP_ACT_LOG';
}

/** Rules that refuse what bubblewrap calls refuse the rest of it still, where that can be told apart. */
function withoutNeeded(base: SeccompProfile, needed: readonly string[]): SeccompProfile {
  return {
    ...base,
    // With rules, Docker insists on one; a profile that did without had none, hence no filter.
    ...(base.defaultAction ? {} : { defaultAction: 'SCMP_ACT_ALLOW' }),
    syscalls: [...withoutRefusals(base, needed), ...needed.flatMap((name) => refusalsBesideBwrap(name, base))],
  };
}

/** Without the rules that refuse the calls: in the filter they would win over one that allows them. */
function withoutRefusals({ syscalls }: SeccompProfile, calls: readonly string[]): readonly SeccompRule[] {
  return syscalls.flatMap((rule) => {
    const { name, names, ...rest } = rule;
    if (isPermission(rule.action)) return [rule];
    const all = namesOf({ ...(name && { name }), ...(names && { names }) });
    const left = all.filter((call) => !calls.includes(call));
    if (left.length === all.length) return [rule];
    return left.length > 0 ? [{ ...rest, names: left }] : [];
  });
}

function withNeeded(base: SeccompProfile, needed: readonly string[]): SeccompProfile {
  const asking = needed.filter((name) => NAMESPACE_CALLS.includes(name));
  return {
    ...base,
    syscalls: [
      ...withoutRefusals(base, needed),
      {
        names: asking,
        action: 'SCMP_ACT_ALLOW',
        args: NEW_USER_NAMESPACE,
        comment: 'bubblewrap (Codex): only calls that ask for a new user namespace',
      },
      {
        names: needed.filter((name) => !NAMESPACE_CALLS.includes(name)).sort(),
        action: 'SCMP_ACT_ALLOW',
        comment:
          'bubblewrap (Codex): the root of the sandbox; the kernel still asks for SYS_ADMIN, held only in its user namespace',
      },
    ],
  };
}
