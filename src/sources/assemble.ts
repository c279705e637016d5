import { known, unknown, type Container, type Definition, type Seccomp, type Sourced } from '../model/container.js';
import type { Declaration } from './devcontainer.js';
import { NO_RUN_OPTIONS, type RunOptions } from './dockerRun.js';
import type { ImageFacts } from './image.js';
import { unreadableLayer, type MetadataLayer } from './metadata.js';
import { readSecurityOptions, type SecurityOptions } from './securityOptions.js';

/** All that is known before it is put together. */
export interface Parts {
  readonly declaration: Declaration;
  readonly definition: Definition;
  /** The image with what Features and lifecycle commands make of it. */
  readonly image: ImageFacts;
  /** Image, Features, devcontainer.json: in the order in which the specification merges them. */
  readonly layers: readonly MetadataLayer[];
  /** Something that is not read may set everything, as Compose may: completes "It is not known … because". */
  readonly hidden: string | undefined;
}

/** What the container's command line says, and the seccomp filter still as an option. */
export function mergedSecurity(parts: Parts): SecurityOptions {
  const merged = withoutRepetition(parts.layers.flatMap((layer) => layer.securityOpt));
  return readSecurityOptions([...hiddenEntry(parts), ...runOf(parts).securityOpt, ...merged]);
}

/** Puts the container together, as the dev container CLI puts docker's command line together. */
export function assemble(parts: Parts, security: SecurityOptions, seccomp: Sourced<Seccomp>): Container {
  const { image, definition, declaration, layers } = parts;
  const run = runOf(parts);
  const hidden = hiddenEntry(parts);
  return {
    definition,
    privileged: mergedPrivileged([
      run.privileged,
      ...layers.map((l) => l.privileged),
      ...hidden.map(asUnknown<boolean>),
    ]),
    capAdd: [...hidden, ...run.capAdd, ...layers.flatMap((layer) => layer.capAdd)],
    capDrop: [...hidden, ...run.capDrop],
    seccomp,
    apparmor: security.apparmor,
    noNewPrivileges: security.noNewPrivileges,
    maskedPaths: security.maskedPaths,
    readOnlyRoot: hidden[0] ? asUnknown<boolean>(hidden[0]) : (run.readOnly ?? known(false)),
    tmpfs: [...hidden, ...run.tmpfs, ...declaration.tmpfs],
    devices: [...hidden, ...run.devices],
    user: mergedUser(parts, run),
    distro: image.distro,
    bwrap: image.bwrap,
    codex: image.codex,
    programs: image.programs,
  };
}

/** The dev container CLI does not pass runArgs to Compose. */
function runOf({ definition, declaration }: Parts): RunOptions {
  return definition.kind === 'compose' ? NO_RUN_OPTIONS : declaration.run;
}

function hiddenEntry({ hidden, definition }: Parts): readonly Sourced<string>[] {
  return hidden === undefined ? [] : unreadableLayer(hidden, definition.place).securityOpt;
}

function asUnknown<T>({ why, places }: Sourced<string>): Sourced<T> {
  return unknown(why ?? 'it is not read', ...places);
}

/** The CLI unites lists and keeps the first of equal entries (mergeConfiguration). */
function withoutRepetition(entries: readonly Sourced<string>[]): readonly Sourced<string>[] {
  return entries.filter(
    (entry, index) => entry.value === undefined || entries.findIndex((e) => e.value === entry.value) === index,
  );
}

/** True anywhere wins. */
function mergedPrivileged(values: readonly (Sourced<boolean> | undefined)[]): Sourced<boolean> {
  const said = values.filter((v) => v !== undefined);
  const yes = said.filter((v) => v.value === true);
  if (yes.length > 0) return known(true, ...yes.flatMap((v) => v.places));
  return said.find((v) => v.value === undefined) ?? known(false, ...said.flatMap((v) => v.places));
}

/**
 * The remoteUser that is said last; else the container's user, which `--user` in runArgs decides before containerUser,
 * for the CLI writes its own `-u` first and docker takes the last.
 */
function mergedUser({ image, hidden, definition, layers }: Parts, run: RunOptions): Sourced<string> {
  const last = (pick: (layer: MetadataLayer) => Sourced<string> | undefined): Sourced<string> | undefined =>
    layers.map(pick).findLast((user) => user !== undefined);
  const imageUser = hidden === undefined ? image.user : unknown<string>(hidden, definition.place);
  return last((l) => l.remoteUser) ?? run.user ?? last((l) => l.containerUser) ?? imageUser;
}
