import { DockerfileParser, type Dockerfile, type Instruction } from 'dockerfile-ast';
import { linesOf } from '../text/lines.js';
import { joinSpans, part, sourceSpan, type MappedText, type Span } from '../text/mappedText.js';

/** One instruction, the comments and continuation lines inside it included. Offsets are UTF-16 units of the Dockerfile's text. */
export interface DockerfileInstruction extends Span {
  /** Upper case, for instance RUN. */
  readonly keyword: string;
  /** The keyword's own stretch. */
  readonly keywordSpan: Span;
  /** `--name=value` flags, without the dashes: `from` → `builder`. A flag without value has the empty one. */
  readonly flags: ReadonlyMap<string, string>;
  /**
   * What follows keyword and flags, as Docker hands it on: continuation lines joined, comment lines between them dropped,
   * CRLF made LF, here-documents included.
   */
  readonly rest: MappedText;
  /** It ends in a continuation or an open here-document: whatever follows would become part of it. */
  readonly open: boolean;
}

/** One build stage. */
export interface DockerfileStage {
  readonly index: number;
  /** Of `FROM … AS name`, lower case. */
  readonly name: string | undefined;
  readonly from: DockerfileInstruction;
  /** The image word of FROM as it is written, variables included; undefined when FROM has none. */
  readonly base: { readonly text: string; readonly span: Span } | undefined;
  /** What follows FROM. */
  readonly instructions: readonly DockerfileInstruction[];
  /**
   * Where new instructions can be inserted so that they are the last of this stage: the start of a line, or the end of the
   * text when its last line has no line break (write one first then: `needsLineBreak`). undefined: the last instruction
   * is open.
   */
  readonly insertion: { readonly offset: number; readonly needsLineBreak: boolean } | undefined;
}

/** A Dockerfile as its readers and editors need it. */
export interface DockerfileOutline {
  readonly text: string;
  /** The line-continuation character: `\`, or what the `# escape=` directive says. */
  readonly escape: string;
  /** The `# syntax=` directive's value, the image of the build's frontend. */
  readonly syntax: string | undefined;
  /** The line break that the text uses first; `\n` where it has none. */
  readonly lineBreak: '\n' | '\r\n';
  /** What is before the first FROM: ARG instructions, if Docker is to accept it. */
  readonly preamble: readonly DockerfileInstruction[];
  readonly stages: readonly DockerfileStage[];
  /** Set when the text was not read, because the parser gave up or the text is too long: there are no stages then. */
  readonly failure: { readonly kind: 'syntax' | 'unreadable'; readonly reason: string } | undefined;
}

/** Keywords after which Docker reads flags. */
const WITH_FLAGS = new Set(['FROM', 'RUN', 'COPY', 'ADD', 'HEALTHCHECK']);

/** The longest Dockerfile that is read, in UTF-16 units: a real one has some kilobytes, and an editor waits for this. */
const MAX_LENGTH = 128 * 1024;

/** The last one that was made: what reads a Dockerfile and what changes it ask for the same, and the parser is slow. */
let latest: DockerfileOutline | undefined;

/** Takes a Dockerfile apart. Never throws: what the parser says when it gives up is in `failure`. */
export function outlineDockerfile(text: string): DockerfileOutline {
  if (latest?.text !== text) latest = madeOutline(text);
  return latest;
}

function madeOutline(text: string): DockerfileOutline {
  const lineBreak = /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
  const empty = { text, escape: '\\', syntax: undefined, lineBreak, preamble: [], stages: [] } as const;
  if (text.length > MAX_LENGTH) {
    const reason = `it is longer than ${MAX_LENGTH} characters`;
    return { ...empty, failure: { kind: 'unreadable', reason } };
  }
  let parsed: Dockerfile;
  let escape: string;
  let instructions: readonly DockerfileInstruction[];
  let syntax: string | undefined;
  try {
    parsed = DockerfileParser.parse(parseable(text));
    escape = parsed.getEscapeCharacter();
    syntax = parsed
      .getDirectives()
      .find((d) => d.getName().toLowerCase() === 'syntax')
      ?.getValue();
    const lines = linesOf(text, '');
    instructions = parsed.getInstructions().map((i) => instructionOf(text, escape, i, lines.offset));
  } catch (error) {
    return {
      ...empty,
      failure: {
        kind: 'syntax',
        reason: `its parser fails (${error instanceof Error ? error.message : String(error)})`,
      },
    };
  }
  const preamble: DockerfileInstruction[] = [];
  const groups: { from: DockerfileInstruction; instructions: DockerfileInstruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') groups.push({ from: instruction, instructions: [] });
    else (groups.at(-1)?.instructions ?? preamble).push(instruction);
  }
  const stages = groups.map((group, index): DockerfileStage => {
    const words = wordsOf(group.from.rest);
    const [base, as, name] = words;
    return {
      index,
      name: as?.text.toLowerCase() === 'as' ? name?.text.toLowerCase() : undefined,
      ...group,
      base,
      insertion: insertionAfter(text, group.instructions.at(-1) ?? group.from),
    };
  });
  return { ...empty, escape, syntax, preamble, stages, failure: undefined };
}

/** The stage that is built: the last one, or the one that `target` names or numbers; undefined when there is none such. */
export function builtStage(outline: DockerfileOutline, target?: string): DockerfileStage | undefined {
  if (target === undefined) return outline.stages.at(-1);
  return (
    outline.stages.findLast((s) => s.name === target.toLowerCase()) ??
    (/^\d+$/.test(target) ? outline.stages[Number(target)] : undefined)
  );
}

/** The words of an instruction's rest as they are written, quotes included; a quoted stretch holds a word together. */
export function wordsOf(rest: MappedText): { readonly text: string; readonly span: Span }[] {
  return [...rest.text.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\$\{[^}]{0,500}\}|\\.|[^\s])+/g)].map((match) => ({
    text: match[0],
    span: sourceSpan(rest, match.index, match.index + match[0].length),
  }));
}

/**
 * The text with equal offsets, but without two escape characters at the end of a line: dockerfile-ast 0.7.1 takes them for a
 * continuation, Docker does not (measured with 20.10). That it throws on a comment holding the escape character
 * inside a continued instruction concerns methods that are not used here.
 */
function parseable(text: string): string {
  const directives = /^\uFEFF?(?:[ \t]*#[ \t]*\w+[ \t]*=[^\n]*\n)*/.exec(text)?.[0].length ?? 0;
  const body = text.slice(directives).replace(/^.*$/gm, (line) => {
    const end = line.trimEnd();
    const last = end.slice(-1);
    if ((last !== '\\' && last !== '`') || end.at(-2) !== last) return line;
    return `${line.slice(0, end.length - 1)}x${line.slice(end.length)}`;
  });
  return text.slice(0, directives) + body;
}

function instructionOf(
  text: string,
  escape: string,
  parsed: Instruction,
  offsetOf: (position: { line: number; character: number }) => number,
): DockerfileInstruction {
  const range = parsed.getRange();
  const start = offsetOf(range.start);
  const end = offsetOf(range.end);
  const keywordEnd = offsetOf(parsed.getInstructionRange().end);
  const keyword = parsed.getKeyword();
  const { joined, continues } = join(text, keywordEnd, end, escape);
  const { flags, rest } = takeFlags(joined, WITH_FLAGS.has(keyword));
  const open = continues || (rest.text.includes('<<') && endsInHeredoc(rest.text));
  return { keyword, keywordSpan: { start, end: keywordEnd }, start, end, flags, rest, open };
}

/** Joins the lines of an instruction as Docker does; a here-document's lines, which follow the last joined one, stay lines. */
function join(text: string, start: number, end: number, escape: string): { joined: MappedText; continues: boolean } {
  const kept: Span[] = [];
  const keep = (from: number, to: number): void => {
    for (let at = from; at < to;) {
      const found = text.indexOf('\r\n', at);
      const stop = found < 0 || found >= to ? to : found;
      if (stop > at) kept.push({ start: at, end: stop });
      at = stop === to ? to : stop + 1;
    }
  };
  let at = start;
  let continues = true;
  while (at < end && continues) {
    const found = text.indexOf('\n', at);
    const lineEnd = found < 0 || found >= end ? end : found;
    const line = text.slice(at, lineEnd);
    const skipped = at > start && /^\s*(#|$)/.test(line);
    if (!skipped) {
      const body = line.trimEnd();
      continues = body.endsWith(escape) && !body.endsWith(escape + escape);
      keep(at, continues ? at + body.length - 1 : end);
    }
    at = lineEnd + 1;
  }
  return { joined: joinSpans(text, kept), continues: continues && start < end };
}

function takeFlags(joined: MappedText, allowed: boolean): { flags: Map<string, string>; rest: MappedText } {
  const flags = new Map<string, string>();
  let at = /^\s*/.exec(joined.text)?.[0].length ?? 0;
  const flag = /--([a-z][a-z-]*)(?:=(\S*))?(?:\s+|$)/y;
  for (let match; allowed; at += match[0].length) {
    flag.lastIndex = at;
    match = flag.exec(joined.text);
    if (match === null) break;
    flags.set(match[1] ?? '', match[2] ?? '');
  }
  return { flags, rest: part(joined, at) };
}

/** A here-document whose delimiter line never comes. */
function endsInHeredoc(rest: string): boolean {
  const [head = '', ...lines] = rest.split('\n');
  const names = [...head.matchAll(/(?:^|\s)<<-?(["']?)([A-Za-z_]\w*)\1/g)].map((m) => m[2] ?? '');
  const delimiters = new Set(lines.map((l) => l.trim()));
  return lines.length > 0 && !names.every((n) => delimiters.has(n));
}

function insertionAfter(text: string, last: DockerfileInstruction): DockerfileStage['insertion'] {
  if (last.open) return undefined;
  const lineBreak = text.indexOf('\n', last.end);
  return lineBreak < 0
    ? { offset: text.length, needsLineBreak: true }
    : { offset: lineBreak + 1, needsLineBreak: false };
}
