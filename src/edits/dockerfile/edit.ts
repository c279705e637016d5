import type { Bwrap } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { readDockerfile } from '../../sources/dockerfile/readDockerfile.js';
import { builtStage, outlineDockerfile } from '../../sources/dockerfile/outline.js';
import { linesOf } from '../../sources/text/lines.js';
import type { Change, TextEdit } from '../changes/change.js';
import { copyBundled } from './bundledCopy.js';
import { insertRun } from './insertion.js';
import { removeFromDockerfile } from './removal.js';
import { installationOfBwrap } from './packageInstallation.js';
import { applyEdits, toTextEdits, type OffsetEdit } from '../text/textEdits.js';

/** The changes that concern a Dockerfile. */
export type DockerfileChange = Extract<
  Change,
  { readonly kind: 'install-bwrap' | 'copy-bwrap' | 'remove-bwrap' | 'remove-setuid' }
>;

/** What the Dockerfile alone does not say. */
export interface BuildOptions {
  /** The stage that is built, the last one by default. */
  readonly target?: string | undefined;
  /** The build arguments that are given. */
  readonly args?: Readonly<Record<string, string | undefined>> | undefined;
  /** The distribution's ID in /etc/os-release; undefined when not known: nothing can then be installed. */
  readonly distro: string | undefined;
}

/**
 * The edits of a Dockerfile for all the changes at once; none when they are in force. undefined when one cannot be made:
 * the Dockerfile does not parse, the distribution is not known, or bubblewrap comes in a way that cannot simply be removed.
 * What the edits make is read again, so that they do what they are asked for or are not offered.
 */
export function editDockerfile(
  text: string,
  file: string,
  changes: readonly DockerfileChange[],
  options: BuildOptions,
): readonly TextEdit[] | undefined {
  const before = bwrapOf(text, file, options);
  const wanted = changes.filter((change) => !isInForce(before, change));
  const [change] = wanted;
  if (!change) return [];
  // Of what contradicts itself nothing can be made.
  const [adds] = wanted.filter(({ kind }) => ADDS.includes(kind));
  if (adds && wanted.some(({ kind }) => kind !== adds.kind)) return undefined;
  const edits = editsFor(text, file, before, wanted, options);
  if (!edits) return undefined;
  const result = toTextEdits(file, text, edits);
  const after = bwrapOf(applyEdits(text, result), file, options);
  return changes.some((each) => isRefuted(after, each)) ? undefined : result;
}

const ADDS: readonly DockerfileChange['kind'][] = ['install-bwrap', 'copy-bwrap'];

function editsFor(
  text: string,
  file: string,
  before: Bwrap,
  wanted: readonly DockerfileChange[],
  options: BuildOptions,
): readonly OffsetEdit[] | undefined {
  const kinds = wanted.map(({ kind }) => kind);
  if (kinds.includes('copy-bwrap')) return copyBundled(text, file, options.target, options.args);
  if (kinds.includes('install-bwrap')) return addition(text, file, before, wanted, options);
  return removeFromDockerfile(text, options.target, kinds.includes('remove-bwrap') ? 'bwrap' : 'setuid');
}

function bwrapOf(text: string, file: string, { target, args }: BuildOptions): Bwrap {
  return readDockerfile(text, file, { ...(target !== undefined && { target }), ...(args && { args }) }).image.bwrap;
}

/** Whether the change has nothing left to do, for certain. */
export function isInForce({ presence, setuid, version, path }: Bwrap, change: DockerfileChange): boolean {
  switch (change.kind) {
    case 'install-bwrap':
      return presence.value === 'present' && (!change.setuid || setuid.value === true);
    case 'copy-bwrap':
      return presence.value === 'present' && !path && setuid.value === false && version.value === change.version;
    case 'remove-bwrap':
      return presence.value === 'absent';
    case 'remove-setuid':
      return setuid.value === false;
  }
}

/** Whether something still speaks against the change: what an unknown base image brings cannot be removed, which is not a failure. */
function isRefuted(bwrap: Bwrap, change: DockerfileChange): boolean {
  switch (change.kind) {
    case 'install-bwrap':
    case 'copy-bwrap':
      return !isInForce(bwrap, change);
    case 'remove-bwrap':
      return bwrap.presence.value === 'present';
    case 'remove-setuid':
      return bwrap.setuid.value === true;
  }
}

function addition(
  text: string,
  file: string,
  before: Bwrap,
  changes: readonly DockerfileChange[],
  options: BuildOptions,
): readonly OffsetEdit[] | undefined {
  const outline = outlineDockerfile(text);
  const stage = builtStage(outline, options.target);
  const setuid = changes.some((change) => change.kind === 'install-bwrap' && change.setuid);
  const installed = before.presence.value === 'present';
  const install = installed ? [] : options.distro && installationOfBwrap(options.distro);
  const path = installed ? pathOf(text, file, before.presence.places.at(-1)) : PACKAGED_BWRAP;
  if (!stage || !install || path === undefined) return undefined;
  const commands = setuid ? [...install, `chmod u+s ${path}`] : install;
  // The stage as it begins: what its base image, or an earlier stage, leaves.
  const { args } = options;
  const base = readDockerfile(text.slice(0, stage.from.end), file, args && { args }).image;
  const edit = insertRun(outline, stage, commands, base.user.value);
  return edit && [edit];
}

/** Where the package has its program on every distribution that is known here. */
const PACKAGED_BWRAP = '/usr/bin/bwrap';

/** Where the bwrap lies that was put there by what stands at the place; undefined when that does not say it. */
function pathOf(text: string, file: string, place: Place | undefined): string | undefined {
  if (place?.file !== file) return undefined;
  const lines = linesOf(text, file);
  const written = text.slice(lines.offset(place.range.start), lines.offset(place.range.end));
  return written.includes('bubblewrap') ? PACKAGED_BWRAP : /(?:^|\s)(\/\S*\/bwrap)$/.exec(written)?.[1];
}
