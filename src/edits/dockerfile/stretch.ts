import type { DockerfileInstruction } from '../../sources/dockerfile/outline.js';
import { sourceSpan, type MappedText, type Span } from '../../sources/text/mappedText.js';
import { blanksBefore } from '../text/layout.js';

/**
 * A command with what joins it to its neighbours: `&& command`, or `command &&` where it comes first or where the author
 * ends lines with `&&`. The offsets are those of the Dockerfile. undefined where something else than a sequence holds it.
 */
export function commandStretch({ rest }: DockerfileInstruction, command: Span): Span | undefined {
  const at = locate(rest, command);
  if (!at) return undefined;
  const { start, end } = at;
  const before = separatorBefore(rest.text.slice(0, start));
  const after = /^[^\S\n]*(?:&&|;(?!;)|\n|$)/.exec(rest.text.slice(end));
  if (!before || !after) return undefined;
  const joinsBefore = /&&|;/.exec(before.text);
  const joinsAfter = /&&|;/.exec(after[0]);
  // Not behind ||: what follows would then depend on another command.
  if (joinsBefore?.[0] === '&&' && rest.text.slice(0, start).includes('||') && joinsAfter?.[0] === '&&')
    return undefined;

  const glueStart = before.index + (joinsBefore?.index ?? 0);
  const endsLines = joinsBefore !== null && isAtLineEnd(rest, glueStart + joinsBefore[0].length, start);
  const forward = joinsAfter && (!joinsBefore || (endsLines && joinsAfter[0] === joinsBefore[0]));
  if (forward) {
    const glueEnd = end + joinsAfter.index + joinsAfter[0].length;
    const blanks = /^[^\S\n]*/.exec(rest.text.slice(glueEnd))?.[0].length ?? 0;
    const line = isAtLineEnd(rest, glueEnd, glueEnd + blanks) ? 0 : blanks;
    return sourceSpan(rest, start, glueEnd + line);
  }
  return sourceSpan(rest, joinsBefore ? glueStart : start, end);
}

/** Where a stretch of the Dockerfile is in what an instruction hands on; undefined when it is not in it as it stands. */
export function locate(rest: MappedText, span: Span): Span | undefined {
  const indexes = [...Array(rest.text.length).keys()];
  const start = indexes.find((index) => rest.origin(index).start === span.start);
  const last = indexes.findLast((index) => rest.origin(index).end === span.end);
  return start === undefined || last === undefined ? undefined : { start, end: last + 1 };
}

/** Whether more than blanks lies between two characters in the source: a continuation and a line break. */
function isAtLineEnd(rest: MappedText, from: number, to: number): boolean {
  for (let index = Math.max(from, 1); index <= to && index < rest.text.length; index++) {
    if (rest.origin(index).start > rest.origin(index - 1).end) return true;
  }
  return false;
}

interface Line {
  readonly start: number;
  /** Behind the line break. */
  readonly end: number;
  /** What stands in it besides what goes: no line break, continuation character or blanks around. */
  readonly left: string;
  readonly touched: boolean;
  readonly isComment: boolean;
  /** Blanks and the continuation character at the end. */
  readonly continuation: Span | undefined;
}

/**
 * The spans that go so that a stretch of an instruction goes: lines that would be left without code, comment lines inside
 * not, and the continuation in front of an end that has moved up.
 */
export function withoutStretch(
  text: string,
  run: DockerfileInstruction,
  stretch: Span,
  escape: string,
): readonly Span[] {
  const lines = linesOfInstruction(text, run, stretch, escape);
  // A shell's comment that would then begin its line would be one of the Dockerfile's, and the instruction would not end.
  const goes = lines.filter((line) => line.touched && /^(?:#|$)/.test(line.left));
  const code = lines.filter((line) => !line.isComment && !goes.includes(line));
  const spans: Span[] = goes.map(({ start, end }) => ({ start, end }));

  for (const line of lines.filter((each) => each.touched && !goes.includes(each))) {
    spans.push(...partOfLine(text, line, stretch, lines));
  }
  const lastCode = code.at(-1);
  const wasLast = lines.findLast((line) => !line.isComment);
  if (lastCode?.continuation && wasLast && goes.includes(wasLast)) {
    spans.push(lastCode.continuation);
    // Blank lines inside were part of the instruction; behind its end they would be more than the author has left there.
    const blank = lines.filter(
      (line) => line.start >= lastCode.end && line.isComment && text.slice(line.start, line.end).trim() === '',
    );
    goes.push(...blank);
    spans.push(...blank.map(({ start, end }) => ({ start, end })));
    // The file's last line has no line break: neither has the one that takes its place.
    const last = lines.findLast((line) => !goes.includes(line));
    const lineBreak = last && /\r?\n$/.exec(text.slice(last.start, last.end));
    if (lineBreak && !text.slice(wasLast.start, wasLast.end).endsWith('\n')) {
      spans.push({ start: last.end - lineBreak[0].length, end: last.end });
    }
  }
  return spans;
}

function linesOfInstruction(text: string, run: DockerfileInstruction, stretch: Span, escape: string): readonly Line[] {
  const lines: Line[] = [];
  const first = text.lastIndexOf('\n', run.start - 1) + 1;
  for (let start = first; start < run.end;) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak < 0 ? text.length : lineBreak + 1;
    const content = text.slice(start, end).replace(/\r?\n$/, '');
    const isComment = start > first && /^\s*(#|$)/.test(content);
    const trimmed = content.trimEnd();
    const continues = !isComment && trimmed.endsWith(escape);
    const codeEnd = start + (continues ? trimmed.slice(0, -1).trimEnd().length : trimmed.length);
    const touched =
      !isComment && stretch.start < Math.max(codeEnd, start + 1) && stretch.end > start && codeEnd > stretch.start;
    const before = text.slice(start, Math.max(start, Math.min(stretch.start, codeEnd)));
    const after = text.slice(Math.min(Math.max(stretch.end, start), codeEnd), codeEnd);
    const left = touched ? (before + after).trim() : content.trim();
    const continuation = continues ? { start: codeEnd, end: start + trimmed.length } : undefined;
    lines.push({ start, end, left, touched, isComment, continuation });
    start = end;
  }
  return lines;
}

/** What separates the end of a text from what is before it, with the white space around: nothing, `&&`, `;` or line breaks. */
function separatorBefore(text: string): { readonly index: number; readonly text: string } | undefined {
  const { length } = text.trimEnd();
  const joins = /(?:&&|;)$/.exec(text.slice(Math.max(0, length - 2), length))?.[0].length ?? 0;
  const index = length === 0 || joins > 0 ? length - joins : text.indexOf('\n', length);
  return index < 0 ? undefined : { index, text: text.slice(index) };
}

/** The part of a line that goes, with the blanks that would be too many. */
function partOfLine(text: string, line: Line, stretch: Span, lines: readonly Line[]): readonly Span[] {
  const indentation = /^[ \t]*/.exec(text.slice(line.start, line.end))?.[0].length ?? 0;
  const start = Math.max(stretch.start, line.start + indentation);
  const codeEnd = line.continuation?.start ?? line.start + text.slice(line.start, line.end).trimEnd().length;
  const end = Math.min(stretch.end, codeEnd);
  const blanks = start - Math.max(line.start, blanksBefore(text, start));
  const blanksAfter = /^[ \t]*/.exec(text.slice(end, codeEnd))?.[0].length ?? 0;
  const beginsLine = start === line.start + indentation;
  // Where the stretch takes the blanks behind it along, those before it stay.
  if (!beginsLine) return [{ start: /[ \t]/.test(text.charAt(end - 1)) ? start : start - blanks, end }];
  const previous = lines[lines.indexOf(line) - 1];
  const rest = text.slice(end + blanksAfter, codeEnd);
  if (/^[;)]/.test(rest) && previous?.continuation && !previous.isComment) {
    return [{ start: previous.continuation.start, end }];
  }
  // The first line keeps its keyword, which is before the stretch, so this is a line of arguments: its indentation stays.
  return [{ start, end: end + blanksAfter }];
}
