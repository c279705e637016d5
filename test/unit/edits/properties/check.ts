import assert from 'node:assert/strict';
import { parse, type ParseError } from 'jsonc-parser';
import { parseAllDocuments } from 'yaml';
import type { Change, TextEdit } from '../../../../src/edits/changes/change.js';
import { compile } from '../../../../src/edits/compile.js';
import type { Configuration } from '../../../../src/sources/configuration/configuration.js';
import { outlineDockerfile } from '../../../../src/sources/dockerfile/outline.js';
import { linesOf } from '../../../../src/sources/text/lines.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../../appliedEdits.js';
import { memoryFiles } from '../../memoryFiles.js';
import { tokensOf, type Token } from './tokens.js';

export type Files = Readonly<Record<string, string>>;

/** What became of a change. */
export interface Outcome {
  readonly before: Configuration;
  readonly after: Configuration;
  readonly files: Files;
  /** How many edits it took. */
  readonly changed: number;
}

export async function configurationOf(files: Files, only?: string): Promise<Configuration> {
  const [configuration] = await readConfigurations(memoryFiles(files), only);
  assert.ok(configuration);
  return configuration;
}

/**
 * Makes the changes and asserts what holds for all edits: every file parses; comments survive and keep their neighbours;
 * line breaks stay; a second application changes nothing. undefined: the changes cannot be made there.
 */
export async function checked(files: Files, changes: readonly Change[], only?: string): Promise<Outcome | undefined> {
  const before = await configurationOf(files, only);
  const edits = compile(changes, before)?.edits;
  if (!edits) return undefined;
  const after = Object.fromEntries(applyAll(new Map(Object.entries(files)), edits));
  const shown = show(changes, files, after);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const text = after[file] ?? '';
    const own = edits.filter((edit) => edit.file === file);
    assertParses(file, text, shown);
    const original = files[file];
    if (original === undefined) continue;
    assertLayout(original, text, shown);
    assertComments(file, original, own, shown);
  }
  const again = await configurationOf(after, only);
  assert.deepEqual(compile(changes, again)?.edits, [], `a second time changes it again\n${shown}`);
  return { before, after: again, files: after, changed: edits.length };
}

/** The change and all files before and after, for people. */
export function show(changes: readonly Change[], before: Files, after: Files): string {
  const list = (files: Files): string =>
    Object.entries(files)
      .map(([file, text]) => `--- ${file}\n${text.replaceAll('\r', '␍').replaceAll('\t', '⇥')}`)
      .join('\n');
  return `${JSON.stringify(changes)}\n${list(before)}\n=====\n${list(after)}\n`;
}

function assertParses(file: string, text: string, shown: string): void {
  if (/\.ya?ml$/.test(file)) {
    const documents = parseAllDocuments(text, { merge: true, logLevel: 'error' });
    assert.deepEqual(Array.isArray(documents) ? documents.flatMap((d) => d.errors.map((e) => e.code)) : [], [], shown);
  } else if (file.endsWith('.json')) {
    const errors: ParseError[] = [];
    parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
    assert.deepEqual(errors, [], shown);
  } else {
    const outline = outlineDockerfile(text);
    assert.equal(outline.failure, undefined, shown);
    assert.ok(!outline.stages.some(({ instructions }) => instructions.some(({ open }) => open)), shown);
  }
}

/** Line breaks are as they were, and the last line has one where it had one. */
function assertLayout(before: string, after: string, shown: string): void {
  if (!/(^|[^\r])\n/.test(before) && before.includes('\r')) assert.doesNotMatch(after, /(^|[^\r])\n/, shown);
  if (!before.includes('\r')) assert.doesNotMatch(after, /\r/, shown);
  if (before.trim() !== '') assert.equal(after.endsWith('\n'), before.endsWith('\n'), `the last line break\n${shown}`);
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * A comment goes only together with a word next to it. One that stays keeps its word: what it follows in its line, or what
 * comes behind it where it has its line to itself, with nothing new in between.
 */
function assertComments(file: string, text: string, edits: readonly TextEdit[], shown: string): void {
  const lines = linesOf(text, file);
  const replacements = edits.map(({ range, newText }): Replacement => ({
    start: lines.offset(range.start),
    end: lines.offset(range.end),
    newText,
  }));
  const tokens = tokensOf(file, text);
  const goes = (token: Token): boolean => replacements.some((r) => r.start < token.end && r.end > token.start);
  const words = tokens.filter(({ isComment }) => !isComment);
  for (const comment of tokens.filter(({ isComment }) => isComment)) {
    const said = text.slice(comment.start, comment.end);
    const before = words.findLast((word) => word.end <= comment.start);
    const behind = words.find((word) => word.start >= comment.end);
    if (goes(comment)) {
      const taken = replacements.find((r) => r.start < comment.end && r.end > comment.start);
      assert.ok(taken && taken.start <= comment.start && taken.end >= comment.end, `half a comment: ${said}\n${shown}`);
      assert.ok((before && goes(before)) ?? (behind && goes(behind)), `lost: ${said}\n${shown}`);
      continue;
    }
    const [from, to, word] = belongsTo(text, comment, before, behind);
    if (!word || goes(word)) continue;
    const between = replacements.filter((r) => r.start >= from && r.end <= to && /\w/.test(r.newText));
    assert.deepEqual(between, [], `something new between ${said} and its word\n${shown}`);
  }
}

/** The stretch between a comment and its word, in which nothing new may come; one at the end of a list or apart has no word. */
function belongsTo(
  text: string,
  comment: Token,
  before: Token | undefined,
  behind: Token | undefined,
): readonly [from: number, to: number, word: Token | undefined] {
  const gap = text.slice(before?.end, comment.start);
  const inLine = behind !== undefined && !/[\r\n]/.test(text.slice(comment.end, behind.start));
  const hasLine = /(^|[\r\n])[ \t]*$/.test(text.slice(0, comment.start));
  const closes = behind !== undefined && /[\]}]/.test(text.charAt(behind.start));
  if (closes && gap.includes(',') && text.startsWith('/*', comment.start)) return [0, 0, undefined];
  if (before && !hasLine && !(gap.includes(',') && (inLine || /[\r\n]/.test(gap))))
    return [before.end, comment.start, before];
  // Behind a comma that begins the line it says nothing of either side.
  if (before && !hasLine && !inLine) return [0, 0, undefined];
  const isApart = behind !== undefined && /\n[ \t]*\r?\n/.test(text.slice(comment.end, behind.start));
  return [comment.end, behind?.start ?? 0, closes || isApart ? undefined : behind];
}
