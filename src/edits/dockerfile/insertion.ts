import { words } from '../../model/wordList.js';
import type { DockerfileInstruction, DockerfileOutline, DockerfileStage } from '../../sources/dockerfile/outline.js';
import type { OffsetEdit } from '../text/textEdits.js';

/** What commonly ends a Dockerfile: a RUN behind it would work, but is looked for before it. */
const ENDING = new Set(words('CMD ENTRYPOINT EXPOSE HEALTHCHECK STOPSIGNAL LABEL VOLUME WORKDIR USER'));

/** Whether the name or number of a user is root's, with a group or without. */
function isRoot(user: string): boolean {
  return /^(root|0)(:|$)/.test(user);
}

/** A RUN of these commands, each in a line of its own. */
export function runInstruction(commands: readonly string[], escape: string, lineBreak: string): string {
  return `RUN ${commands.join(` ${escape}${lineBreak}    && `)}`;
}

/**
 * Adds a RUN that root executes as one of the last instructions of a stage: before a CMD, an ENTRYPOINT and the like
 * that end it, and before the USER that ends root's part, so that no other user has to be restored. undefined: the stage
 * ends in an open instruction, or in a user who cannot be told and so not be restored.
 * @param baseUser the user with which the stage begins; undefined when not known
 * @param behind adds it as soon behind this instruction of the stage as it is root's part, instead
 */
export function insertRun(
  outline: DockerfileOutline,
  stage: DockerfileStage,
  commands: readonly string[],
  baseUser: string | undefined,
  behind?: DockerfileInstruction,
): OffsetEdit | undefined {
  const { text, lineBreak, escape } = outline;
  const { instructions } = stage;
  const first = behind
    ? instructions.indexOf(behind) + 1
    : instructions.findLastIndex(({ keyword }) => !ENDING.has(keyword)) + 1;
  const userAt = (index: number): string | undefined =>
    instructions
      .slice(0, index)
      .findLast(({ keyword }) => keyword === 'USER')
      ?.rest.text.trim() ?? baseUser;

  const positions = [...instructions.keys(), instructions.length].filter((index) => index >= first);
  const asRoot = positions.find((index) => isRoot(userAt(index) ?? ''));
  const user = userAt(first);
  if (asRoot === undefined && user === undefined) return undefined;
  const run = runInstruction(commands, escape, lineBreak);
  const lines = asRoot === undefined ? ['USER root', run, `USER ${user ?? ''}`] : [run];

  const at = asRoot ?? first;
  const next = instructions[at];
  const added = lines.join(lineBreak);
  if (next) {
    const offset = startWithComments(text, next);
    const spaced = isBlankLineBefore(text, offset);
    return { start: offset, end: offset, newText: added + lineBreak + (spaced ? lineBreak : '') };
  }
  const { insertion } = stage;
  if (!insertion) return undefined;
  const last = instructions.at(-1);
  const blank = last && isBlankLineBefore(text, startWithComments(text, last)) ? lineBreak : '';
  const newText = insertion.needsLineBreak ? lineBreak + blank + added : blank + added + lineBreak;
  return { start: insertion.offset, end: insertion.offset, newText };
}

/** The start of the instruction's first line, or of the comment right above it, which speaks of it. */
function startWithComments(text: string, instruction: DockerfileInstruction): number {
  let start = lineStart(text, instruction.start);
  while (start > 0 && /^[ \t]*#/.test(text.slice(lineStart(text, start - 1), start)))
    start = lineStart(text, start - 1);
  return start;
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function isBlankLineBefore(text: string, offset: number): boolean {
  return /\n[ \t]*\r?\n$/.test(text.slice(0, offset));
}
