import {
  known,
  unknown,
  type Container,
  type Definition,
  type Seccomp,
  type Sourced,
} from '../../model/container/container.js';
import { repeatedOptions } from '../options/repetition.js';
import type { Declaration } from '../devcontainer/readDevcontainer.js';
import type { RunOptions } from '../options/runArgs.js';
import type { ImageFacts } from '../image/facts.js';
import { unreadableLayer, type MetadataLayer } from '../options/metadata.js';
import { readSecurityOptions, type SecurityOptions } from '../options/securityOptions.js';

/** All that is known before it is put together. */
export interface Parts {
  readonly declaration: Declaration;
  readonly definition: Definition;
  /** runArgs, or the options of the Compose service. */
  readonly run: RunOptions;
  /** The image with what Features and lifecycle commands make of it. */
  readonly image: ImageFacts;
  /** Image, Features, devcontainer.json: in the order in which the specification merges them. */
  readonly layers: readonly MetadataLayer[];
  /** Something that is not read may set everything, as a Compose file may: completes "It is not known … because". */
  readonly hidden: string | undefined;
}

/** What the container's command line says, and the seccomp filter still as an option. */
export function mergedSecurity(parts: Parts): SecurityOptions {
  const { definition, run, layers } = parts;
  const options = layers.flatMap((layer) => layer.securityOpt);
  // A label or a Feature that is not known may relax what nobody sets. Those that there are relax, so what is set is not held in doubt.
  const doubts = options.filter((option) => option.value === undefined);
  const merged = withoutRepetition(options.filter((option) => option.value !== undefined));
  const hidden = hiddenEntry(parts);
  if (definition.kind !== 'compose') return readSecurityOptions([...doubts, ...hidden, ...run.securityOpt, ...merged]);
  // A Compose file that is not read may stand behind those that are, but never behind what the CLI adds.
  const security = readSecurityOptions([...doubts, ...run.securityOpt, ...hidden, ...merged]);
  return { ...security, problems: [...security.problems, ...repeatedOptions(run.securityOpt, merged)] };
}

/**
 * Puts the container together, as the dev container CLI puts docker's command line together.
 * @param others settings in the workspace that need the image's bubblewrap (otherSandboxes.ts)
 */
export function assemble(
  parts: Parts,
  security: SecurityOptions,
  seccomp: Sourced<Seccomp>,
  others: readonly Sourced<string>[],
): Container {
  const { image, definition, declaration, layers, run } = parts;
  const hidden = hiddenEntry(parts);
  return {
    definition,
    privileged: mergedPrivileged([
      run.privileged,
      ...layers.map((l) => l.privileged),
      ...hidden.map(asUnknown<boolean>),
    ]),
    capAdd: countable([...hidden, ...run.capAdd, ...layers.flatMap((layer) => layer.capAdd)]),
    capDrop: countable([...hidden, ...run.capDrop]),
    seccomp,
    apparmor: security.apparmor,
    noNewPrivileges: security.noNewPrivileges,
    maskedPaths: security.maskedPaths,
    readOnlyRoot: hidden[0] ? asUnknown<boolean>(hidden[0]) : (run.readOnly ?? known(false)),
    tmpfs: [...hidden, ...run.tmpfs, ...declaration.tmpfs],
    devices: [...hidden, ...run.devices],
    ...mergedUsers(parts),
    distro: image.distro,
    bwrap: image.bwrap,
    agents: { codex: image.codex },
    programs: image.programs,
    otherSandboxes: [...(image.otherSandboxes ?? []), ...others],
  };
}

function hiddenEntry({ hidden, definition }: Parts): readonly Sourced<string>[] {
  return hidden === undefined ? [] : unreadableLayer(hidden, definition.place).securityOpt;
}

function asUnknown<T>({ why, places }: Sourced<string>): Sourced<T> {
  return unknown(why ?? 'it is not read', ...places);
}

/** Three times as many as Linux has: a plan tries out for each whether it can be removed. */
const MOST_CAPABILITIES = 128;

/** A list longer than any real one is not known. */
function countable(capabilities: readonly Sourced<string>[]): readonly Sourced<string>[] {
  const places = capabilities[MOST_CAPABILITIES]?.places;
  return places ? [unknown(`more than ${MOST_CAPABILITIES} capabilities are listed`, ...places)] : capabilities;
}

/** The CLI unites lists and keeps the first of equal entries (mergeConfiguration). */
function withoutRepetition(entries: readonly Sourced<string>[]): readonly Sourced<string>[] {
  const seen = new Set<string | undefined>();
  return entries.filter(({ value }) => !seen.has(value) && seen.add(value));
}

/** True anywhere wins. */
function mergedPrivileged(values: readonly (Sourced<boolean> | undefined)[]): Sourced<boolean> {
  const said = values.filter((v) => v !== undefined);
  const yes = said.filter((v) => v.value === true);
  if (yes.length > 0) return known(true, ...yes.flatMap((v) => v.places));
  return said.find((v) => v.value === undefined) ?? known(false, ...said.flatMap((v) => v.places));
}

/**
 * Who Codex runs as, the remoteUser that is said last, else the container's own user. `--user` in runArgs decides that
 * before containerUser, for the CLI writes its own `-u` first and docker takes the last; with Compose it is the other way
 * round, for the CLI writes containerUser into a file that overrides the service's `user`.
 */
function mergedUsers({ image, hidden, definition, layers, run }: Parts): Pick<Container, 'user' | 'containerUser'> {
  const last = (pick: (layer: MetadataLayer) => Sourced<string> | undefined): Sourced<string> | undefined =>
    layers.map(pick).findLast((user) => user !== undefined);
  const containerUser = last((l) => l.containerUser);
  const imageUser = hidden === undefined ? image.user : unknown<string>(hidden, definition.place);
  const composeUser = hidden === undefined ? run.user : imageUser;
  const said = definition.kind === 'compose' ? (containerUser ?? composeUser) : (run.user ?? containerUser);
  const own = said ?? imageUser;
  return { user: last((l) => l.remoteUser) ?? own, containerUser: own };
}
