import {
  known,
  unknown,
  type AgentInstall,
  type Container,
  type Definition,
  type Seccomp,
  type Sourced,
} from '../../model/container/container.js';
import type { ImageFacts } from '../image/facts.js';
import type { FoldedOptions } from '../options/fold.js';
import type { SecurityOptions } from '../options/securityOptions.js';

/** All that is known before it is put together. */
export interface Parts {
  readonly definition: Definition;
  readonly options: FoldedOptions;
  readonly security: SecurityOptions;
  readonly seccomp: Sourced<Seccomp>;
  /** The image with what Features and lifecycle commands make of it. */
  readonly image: ImageFacts;
  /** Something that is not read may set everything, as a Compose file may: completes "It is not known … because". */
  readonly hidden: string | undefined;
  /** The Codex that an extension of VS Code brings; undefined: none does. */
  readonly extension: Sourced<AgentInstall> | undefined;
  /** Settings in the workspace that need the image's bubblewrap (otherSandboxes.ts). */
  readonly otherSandboxes: readonly Sourced<string>[];
}

/** Puts the container together, as the dev container CLI puts docker's command line together. */
export function assemble(parts: Parts): Container {
  const { definition, options, security, seccomp, image, hidden, extension, otherSandboxes } = parts;
  return {
    definition,
    privileged: options.privileged ?? known(false),
    capAdd: countable(options.capAdd),
    capDrop: countable(options.capDrop),
    seccomp,
    apparmor: security.apparmor,
    noNewPrivileges: security.noNewPrivileges,
    maskedPaths: security.maskedPaths,
    readOnlyRoot: hidden === undefined ? (options.readOnly ?? known(false)) : unknown(hidden, definition.place),
    tmpfs: options.tmpfs,
    devices: options.devices,
    ...mergedUsers(parts),
    distro: image.distro,
    bwrap: image.bwrap,
    ...installed(image.codex, extension),
    programs: image.programs,
    otherSandboxes: [...(image.otherSandboxes ?? []), ...otherSandboxes],
  };
}

/** The Codex of an extension is the one where the image has none, else another one. */
function installed(
  ofImage: Sourced<AgentInstall | null>,
  extension: Sourced<AgentInstall> | undefined,
): Pick<Container, 'agents' | 'otherInstalls'> {
  if (extension === undefined) return { agents: { codex: ofImage } };
  return ofImage.value === null
    ? { agents: { codex: extension } }
    : { agents: { codex: ofImage }, otherInstalls: { codex: [extension] } };
}

/** Three times as many as Linux has: a plan tries out for each whether it can be removed. */
const MOST_CAPABILITIES = 128;

/** A list longer than any real one is not known. */
function countable(capabilities: readonly Sourced<string>[]): readonly Sourced<string>[] {
  const places = capabilities[MOST_CAPABILITIES]?.places;
  return places ? [unknown(`more than ${MOST_CAPABILITIES} capabilities are listed`, ...places)] : capabilities;
}

/**
 * Who Codex runs as, the remoteUser that is said last, else the container's own user. `--user` in runArgs decides that
 * before containerUser, for the CLI writes its own `-u` first and docker takes the last; with Compose it is the other way
 * round, for the CLI writes containerUser into a file that overrides the service's `user`.
 */
export function mergedUsers({
  image,
  hidden,
  definition,
  options,
}: Pick<Parts, 'image' | 'hidden' | 'definition' | 'options'>): Pick<Container, 'user' | 'containerUser'> {
  const { user, containerUser, remoteUser } = options;
  const imageUser = hidden === undefined ? image.user : unknown<string>(hidden, definition.place);
  const composeUser = hidden === undefined ? user : imageUser;
  const said = definition.kind === 'compose' ? (containerUser ?? composeUser) : (user ?? containerUser);
  const own = said ?? imageUser;
  return { user: byNumber(remoteUser ?? own, image), containerUser: byNumber(own, image) };
}

/** Root by its own name, where the image has another for it. */
function byNumber(user: Sourced<string>, { rootNames = {} }: ImageFacts): Sourced<string> {
  const [, name = '', group = ''] = /^([^:]*)(.*)$/.exec(user.value ?? '') ?? [];
  const isRoot = Object.hasOwn(rootNames, name) ? rootNames[name] : undefined;
  if (!isRoot) return user;
  const places = [...user.places, ...isRoot.places];
  return isRoot.value
    ? known(`root${group}`, ...places)
    : unknown(`the user ${name} may be root: ${isRoot.why ?? ''}`, ...places);
}
