import { readDockerfile } from '../../sources/dockerfile/readDockerfile.js';
import {
  builtStage,
  outlineDockerfile,
  type DockerfileInstruction,
  type DockerfileStage,
} from '../../sources/dockerfile/outline.js';
import { effectsOfRun } from '../../sources/dockerfile/run.js';
import type { ShellEffect } from '../../sources/image/effects.js';
import { offsetBefore, replaced, type OffsetEdit } from '../text/textEdits.js';
import { insertRun } from './insertion.js';
import { removeFromDockerfile } from './removal.js';

/**
 * Finds the one for this processor wherever npm, or another package manager, has put it and for whichever user. Measured with
 * `docker build` on Debian 12 and 13 and Codex 0.169 from npm; where nothing is found, `install` fails and with it the build.
 */
export const COPY_BUNDLED_BWRAP = `install -m 755 "$(find / -xdev -path '*/codex-resources/bwrap' -print -quit)" /usr/bin/bwrap`;

/** What decides which bwrap the image has, so that the copy has to come behind it. */
const DECIDES: readonly ShellEffect['kind'][] = ['install-codex', 'install-bwrap', 'install-unknown', 'place-bwrap'];

/**
 * Copies the bubblewrap that comes with Codex to where the distribution's would be, right behind what installs Codex or a
 * bubblewrap; the distribution's package is removed where that is no guess, else the copy overwrites its file (measured: either works).
 * undefined: no place for it, or a user who cannot be told.
 */
export function copyBundled(
  text: string,
  file: string,
  target: string | undefined,
  args: Readonly<Record<string, string | undefined>> | undefined,
): readonly OffsetEdit[] | undefined {
  const removal = removeFromDockerfile(text, target, 'bwrap') ?? [];
  const left = replaced(text, removal);
  const outline = outlineDockerfile(left);
  const stage = builtStage(outline, target);
  if (!stage) return undefined;
  const base = readDockerfile(left.slice(0, stage.from.end), file, args && { args }).image;
  const edit = insertRun(outline, stage, [COPY_BUNDLED_BWRAP], base.user.value, lastThatDecides(stage));
  if (!edit) return undefined;
  const at = offsetBefore(removal, edit.start);
  return [...removal, { ...edit, start: at, end: at }];
}

function lastThatDecides({ instructions }: DockerfileStage): DockerfileInstruction | undefined {
  return instructions.findLast((each) => effectsOfRun(each).some(({ kind }) => DECIDES.includes(kind)));
}
