import { demandsOf, type AgentRequest } from '../agent/request.js';
import { BWRAP_CALL_NAMES, CLONE_NEWUSER, NEWER_BWRAP_CALLS, USUAL_BWRAP_CALLS } from '../bwrap/calls.js';
import { refusalsBesideBwrap } from '../bwrap/refusals.js';
import { isRoot, type Container } from '../container/container.js';
import { answerTo } from '../seccomp/answers.js';
import { DOCKER_DEFAULT_PROFILE } from '../seccomp/engineProfiles.js';
import { namesOf, type SeccompProfile, type SeccompRule } from '../seccomp/profile.js';

const NEW_USER_NAMESPACE = [
  { index: 0, value: CLONE_NEWUSER, valueTwo: CLONE_NEWUSER, op: 'SCMP_CMP_MASKED_EQ' },
] as const;

/** The calls that are allowed only where they ask for a user namespace. */
const NAMESPACE_CALLS: readonly string[] = ['clone', 'unshare'];

/** Which bubblewraps a tailored profile serves: all, or only those before 0.13, as this program wrote it until 0.13 came. */
export type Serves = 'all' | 'before-0.13';

/** Whose sandbox a profile is made for. */
type Asking = Pick<AgentRequest, 'agent' | 'version'>;

/** What a sandbox calls, and what of it bubblewrap alone calls, so that a profile can go on refusing the rest of it. */
interface Needed {
  readonly names: readonly string[];
  readonly bwrapOnly: (name: string) => boolean;
  /** For people. */
  readonly agent: string;
}

/** How a profile becomes a tailored one. */
export interface Tailoring {
  readonly base: SeccompProfile;
  /** What becomes of each rule of the base; undefined: it goes. */
  readonly rules: readonly (SeccompRule | undefined)[];
  /** Rules that permit come first, where people look; those that refuse come last, where an engine read them before. */
  readonly first: readonly SeccompRule[];
  readonly last: readonly SeccompRule[];
  /** The names of the calls that bubblewrap needs. */
  readonly calls: readonly string[];
  /** What the profile is, for people: Docker 20.10 and Podman 4.3 ignore it (measured; it is no field of moby's profile). */
  readonly comment: string;
}

/**
 * The profile that allows what the base allows and, beyond it, only what bubblewrap needs: clone and unshare where they
 * ask for a user namespace, and mount, mount_setattr, umount2 and pivot_root. Each is needed (measured): unshare not for root,
 * mount_setattr only for bubblewrap 0.13 and later, and openat2, for 0.12 and later, only where the base lacks it. What the agent
 * itself calls afterwards is allowed whatever its arguments. The order of permissions does not matter: libseccomp
 * permits what any of them permits (measured: the answers to 26 calls are equal in either order).
 * A base that allows what it does not name keeps its refusals of these calls, but for what bubblewrap asks for.
 */
export function tailoredProfile(
  base: SeccompProfile,
  request: Asking,
  forRoot = false,
  serves: Serves = 'all',
): SeccompProfile {
  return tailored(tailoring(base, request, forRoot, serves));
}

function tailored({ base, rules, first, last, comment }: Tailoring): SeccompProfile {
  const { defaultAction = '', defaultErrnoRet, ...others } = base;
  return {
    // With rules, Docker insists on one; a profile that did without had none, hence no filter.
    defaultAction: defaultAction === '' ? 'SCMP_ACT_ALLOW' : defaultAction,
    ...(defaultErrnoRet === undefined ? {} : { defaultErrnoRet }),
    ...{ ...others, comment },
    syscalls: [...first, ...rules.filter((rule) => rule !== undefined), ...last],
  };
}

/** How the profile becomes the tailored one. */
function tailoring(base: SeccompProfile, request: Asking, forRoot: boolean, serves: Serves): Tailoring {
  const afterwards = (demandsOf(request).afterwards?.calls ?? []).map(({ name }) => name);
  const always = BWRAP_CALL_NAMES.filter((name) => !(forRoot && name === 'unshare'));
  const needed: Needed = {
    names: [...new Set([...always, ...(serves === 'all' ? laterCalls(base) : []), ...afterwards])],
    bwrapOnly: (name) => !afterwards.includes(name),
    agent: request.agent.name,
  };
  return allowsByDefault(base) ? withoutNeeded(base, needed) : withNeeded(base, needed);
}

/** What newer bubblewraps call: also what most profiles have, where this one lacks it. */
function laterCalls(base: SeccompProfile): readonly string[] {
  const allows = (name: string): boolean => answerTo(base, { name }, new Set()).allowed === true;
  return [...NEWER_BWRAP_CALLS, ...USUAL_BWRAP_CALLS.filter((name) => !allows(name))];
}

/** What no rule names is allowed then, so that no rule needs to allow it: runc would leave that one out. */
function allowsByDefault({ defaultAction }: SeccompProfile): boolean {
  return !defaultAction || isPermission(defaultAction);
}

function isPermission(action: string | undefined): boolean {
  return action === 'SCMP_ACT_ALLOW' || action === 'SCMP_ACT_LOG';
}

/** Rules that refuse what bubblewrap calls refuse the rest of it still, where that can be told apart. */
function withoutNeeded(base: SeccompProfile, { names, bwrapOnly, agent }: Needed): Tailoring {
  return {
    base,
    calls: [...names].sort(),
    rules: withoutRefusals(base, names),
    first: [],
    last: names.filter(bwrapOnly).flatMap((name) => refusalsBesideBwrap(name, base, agent)),
    comment: `${titleOf(base)} without its refusals of what bubblewrap needs for ${agent}'s sandbox. ${WRITTEN}`,
  };
}

/** Without the rules that refuse the calls: in the filter they would win over one that allows them. */
function withoutRefusals({ syscalls }: SeccompProfile, calls: readonly string[]): readonly (SeccompRule | undefined)[] {
  return syscalls.map((rule) => {
    const { name, names, ...rest } = rule;
    if (isPermission(rule.action)) return rule;
    const all = namesOf({ ...(name && { name }), ...(names && { names }) });
    const left = all.filter((call) => !calls.includes(call));
    if (left.length === all.length) return rule;
    return left.length > 0 ? { ...rest, names: left } : undefined;
  });
}

function withNeeded(base: SeccompProfile, { names, bwrapOnly, agent }: Needed): Tailoring {
  const asking = names.filter((name) => NAMESPACE_CALLS.includes(name) && bwrapOnly(name));
  const others = names.filter((name) => !asking.includes(name)).sort();
  return {
    base,
    calls: [...names].sort(),
    rules: withoutRefusals(base, names),
    first: [
      {
        comment: `Added for ${agent}'s sandbox (bubblewrap): only to create a user namespace.`,
        names: asking,
        action: 'SCMP_ACT_ALLOW',
        args: NEW_USER_NAMESPACE,
      },
      {
        comment: `Added for ${agent}'s sandbox (bubblewrap): the kernel still requires SYS_ADMIN, which bubblewrap has only in its user namespace.`,
        names: others,
        action: 'SCMP_ACT_ALLOW',
      },
    ],
    last: [],
    comment: `${titleOf(base)} plus the rules marked "Added", which bubblewrap needs for ${agent}'s sandbox. ${WRITTEN}`,
  };
}

const WRITTEN = 'Written by codex-sandbox-check.';

/** The profile for people. */
function titleOf(base: SeccompProfile): string {
  return base === DOCKER_DEFAULT_PROFILE ? "Docker's default seccomp profile" : 'The seccomp profile of this container';
}

/** Where the tailored profile is written, relative to the workspace folder. */
export const TAILORED_PROFILE_FILE = '.devcontainer/seccomp-bwrap.json';

/** The profile that a tailored one starts from: the author's own where there is one, else Docker's default. */
function baseProfile({ seccomp }: Container): SeccompProfile {
  return (seccomp.value?.kind === 'custom' ? seccomp.value.profile : undefined) ?? DOCKER_DEFAULT_PROFILE;
}

/** Remembered, so that what is remembered of a profile's rules serves a whole plan. */
const tailoredByBase = new WeakMap<SeccompProfile, Map<string, Tailored>>();

interface Tailored {
  readonly how: Tailoring;
  readonly profile: SeccompProfile;
}

/** The tailored profile of a container: for root without what only other users need. */
export function tailoredFor(container: Container, request: Asking, serves: Serves = 'all'): SeccompProfile {
  return tailoredOnce(container, request, serves).profile;
}

/** How the container's own profile, or Docker's default, becomes the tailored one. */
export function tailoringFor(container: Container, request: Asking): Tailoring {
  return tailoredOnce(container, request, 'all').how;
}

function tailoredOnce(container: Container, request: Asking, serves: Serves): Tailored {
  const base = baseProfile(container);
  const forRoot = isRoot(container) === true;
  const key = [request.agent.id, request.version, forRoot, serves].join(' ');
  const known = tailoredByBase.get(base) ?? new Map<string, Tailored>();
  const made = known.get(key) ?? make(tailoring(base, request, forRoot, serves));
  tailoredByBase.set(base, known.set(key, made));
  return made;
}

function make(how: Tailoring): Tailored {
  return { how, profile: tailored(how) };
}
