import {
  builtStage,
  outlineDockerfile,
  type DockerfileInstruction,
  type DockerfileOutline,
  type DockerfileStage,
} from '../../sources/dockerfile/outline.js';
import { effectsOfRun, jsonWords } from '../../sources/dockerfile/run.js';
import type { Span } from '../../sources/text/mappedText.js';
import type { ShellEffect } from '../../sources/image/effects.js';
import { commandStretch, locate, withoutStretch } from './stretch.js';
import type { OffsetEdit } from '../text/textEdits.js';

/** More removals than this are no Dockerfile of a person. */
const MOST_STEPS = 100;

/**
 * Removes the installation of bubblewrap with its chmod (`bwrap`), or only what makes it setuid (`setuid`), from the stages
 * that make the image: package words, commands with the `&&` that joins them, a RUN of which only housekeeping would be left.
 * Comments stay. undefined when something of it cannot be removed without a guess. One step at a time, each on the text that
 * the one before has left, so that what joins two commands is never taken away twice.
 */
export function removeFromDockerfile(
  text: string,
  target: string | undefined,
  what: 'bwrap' | 'setuid',
): readonly OffsetEdit[] | undefined {
  let current: Remainder = { text, offsets: Array.from({ length: text.length }, (_, index) => index) };
  for (let step = 0; step < MOST_STEPS; step++) {
    const outline = outlineDockerfile(current.text);
    const stage = builtStage(outline, target);
    if (!stage) return undefined;
    const found = firstToRemove(outline, stage, what);
    if (!found) return deletions(text, current);
    const spans = spansToRemove(current.text, outline.escape, found.run, found.effect);
    if (!spans) return undefined;
    current = without(current, spans);
  }
  return undefined;
}

/** What is left of a text, and for each character its offset in the whole. */
interface Remainder {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** The stage and those that it builds on, in their order. */
function lineage(outline: DockerfileOutline, stage: DockerfileStage): readonly DockerfileStage[] {
  const name = stage.base?.text.toLowerCase();
  const earlier = outline.stages.findLast((other) => other.index < stage.index && other.name === name);
  return earlier && name !== undefined ? [...lineage(outline, earlier), stage] : [stage];
}

interface Found {
  readonly run: DockerfileInstruction;
  readonly effect: ShellEffect;
}

function firstToRemove(
  outline: DockerfileOutline,
  stage: DockerfileStage,
  what: 'bwrap' | 'setuid',
): Found | undefined {
  for (const run of lineage(outline, stage).flatMap(({ instructions }) => instructions)) {
    const effect = effectsOfRun(run).find((each) => isToRemove(each, what));
    if (effect) return { run, effect };
  }
  return undefined;
}

function isToRemove(effect: ShellEffect, what: 'bwrap' | 'setuid'): boolean {
  if (effect.kind === 'mode-of-bwrap') {
    // A hardening of all programs, `find / -perm /6000 …`, works without bwrap as well.
    return what === 'setuid' ? effect.setuid === true : effect.setuid !== false || !effect.others;
  }
  return what === 'bwrap' && effect.kind === 'install-bwrap';
}

/** A word that is bubblewrap and nothing else, with its version: not a variable that holds it among others. */
const PACKAGE_WORD = /^(["']?)bubblewrap(?:[=<>~@:/-][^"'\s]*)?\1$/;

function spansToRemove(
  text: string,
  escape: string,
  run: DockerfileInstruction,
  effect: ShellEffect,
): readonly Span[] | undefined {
  const written = text.slice(effect.word.start, effect.word.end);
  const isExecForm = jsonWords(run.rest) !== undefined;
  if (effect.kind === 'install-bwrap') {
    if (!PACKAGE_WORD.test(written)) return undefined;
    if (effect.packages.length > 1) return isExecForm ? undefined : withoutStretch(text, run, effect.word, escape);
  }
  if (effect.kind === 'mode-of-bwrap' && effect.others) {
    const path = text.slice(effect.path.start, effect.path.end);
    return isExecForm || !/^\S*bwrap$/.test(path) ? undefined : withoutStretch(text, run, effect.path, escape);
  }
  if (isExecForm || isOnlyHousekeeping(run, effect.command)) return [wholeInstruction(text, run)];
  const stretch = commandStretch(run, effect.command);
  return stretch && withoutStretch(text, run, stretch, escape);
}

/** A longer command is more than that. The patterns below take time with the square of its length. */
const LONGEST_HOUSEKEEPING = 500;

/** Commands that are there only for the sake of an installation. */
const HOUSEKEEPING = [
  /^set [-+][a-z]+( -o pipefail)?$/,
  /^export DEBIAN_FRONTEND=\w+$/,
  /^((sudo|DEBIAN_FRONTEND=\w+) )*(apt-get|apt|apk|dnf|yum|microdnf|zypper|pacman)( -[-\w=/.:]+)*( (update|clean|autoclean|autoremove|makecache|refresh|all|-Sy|-Scc))+( -[-\w]+)*$/,
  /^(sudo )?rm -r?f?r?( \/var\/(lib\/apt\/lists|cache\/(apt|apk|dnf|yum|zypp))\S*)+$/,
  /^((sudo )?chmod (u\+s|[0-7]*4[0-7]{3}) \S*\/bwrap)$/,
];

/** Whether nothing but housekeeping would be left of a RUN without this command. */
function isOnlyHousekeeping(run: DockerfileInstruction, command: Span): boolean {
  const { rest } = run;
  const at = locate(rest, command);
  if (!at) return false;
  const script = `${rest.text.slice(0, at.start)}:${rest.text.slice(at.end)}`;
  const heredoc = /^<<-?(["']?)(\w+)\1[ \t]*\n([^]*?)\n\t*\2[ \t]*\n*$/.exec(script);
  const commands = (heredoc?.[3] ?? script).split(/&&|[;\n]/).map((each) => each.trim().replace(/\s+/g, ' '));
  const isHousekeeping = (each: string): boolean =>
    each.length <= LONGEST_HOUSEKEEPING && HOUSEKEEPING.some((pattern) => pattern.test(each));
  return commands.every((each) => each === '' || each === ':' || isHousekeeping(each));
}

/** Its lines; where they are the last ones, the line breaks before them. Of two blank lines that would meet, one goes. */
function wholeInstruction(text: string, run: DockerfileInstruction): Span {
  const start = text.lastIndexOf('\n', run.start - 1) + 1;
  const lineBreak = text.indexOf('\n', run.end);
  if (lineBreak < 0) {
    const breaks = /(?:\r?\n[ \t]*)*\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0;
    return { start: start - breaks, end: text.length };
  }
  const blankBefore = start === 0 || /\n[ \t]*\r?\n$/.test(text.slice(0, start));
  const blank = blankBefore ? (/^[ \t]*\r?\n/.exec(text.slice(lineBreak + 1))?.[0].length ?? 0) : 0;
  return { start, end: lineBreak + 1 + blank };
}

function without(current: Remainder, spans: readonly Span[]): Remainder {
  const kept = [...current.offsets.keys()].filter((index) => !spans.some((s) => index >= s.start && index < s.end));
  return {
    text: kept.map((index) => current.text.charAt(index)).join(''),
    offsets: kept.map((index) => current.offsets[index] ?? 0),
  };
}

/** What of the text is no longer there. */
function deletions(text: string, left: Remainder): readonly OffsetEdit[] {
  const edits: OffsetEdit[] = [];
  let expected = 0;
  for (const offset of [...left.offsets, text.length]) {
    if (offset > expected) edits.push({ start: expected, end: offset, newText: '' });
    expected = offset + 1;
  }
  return edits;
}
