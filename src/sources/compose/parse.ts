import { Composer, type Document } from 'yaml';
import { ComposeConversion, MAX_ALIASED } from './conversion.js';
import { isNull, type ComposeMapping, type ComposeNode, type ComposeScope } from './node.js';
import type { Problem } from '../text/problem.js';
import { linesOf, type Lines } from '../text/lines.js';
import { takeApart } from './yamlTokens.js';

/** Half a file breaks in many places at once; the first ones say enough. */
const MAX_SYNTAX_PROBLEMS = 3;

/** One Compose file, free of what it refers to. */
export interface ComposeFile {
  /** Its documents in order, each a map; Compose merges them as if each were a file. None: the file is empty, or not to be read. */
  readonly documents: readonly ComposeMapping[];
  readonly problems: readonly Problem[];
}

/** Reads one YAML text. Never throws: what cannot be read as meant is among the problems, and the rest is there. */
export function readComposeFile(text: string, file: string, scope: ComposeScope): ComposeFile {
  const lines = linesOf(text, file);
  const { tokens, refused } = takeApart(text);
  if (refused) {
    const message = `This file ${refused.why}, so it is not read. No Compose file needs that many: check what has written it.`;
    const place = lines.place(refused.offset, refused.offset + 1);
    return { documents: [], problems: [{ kind: 'syntax', place, message }] };
  }
  // Telling equal keys apart takes the library a minute for a megabyte of them.
  const composer = new Composer({ prettyErrors: false, logLevel: 'silent', uniqueKeys: false, merge: false });
  const problems: Problem[] = [];
  const documents: ComposeMapping[] = [];
  for (const document of composer.compose(tokens, false, text.length)) {
    problems.push(...syntaxProblems(document, text, lines, MAX_SYNTAX_PROBLEMS - problems.length));
    const conversion = new ComposeConversion(text, lines, scope);
    const root = document.contents === null ? undefined : conversion.convert(document.contents);
    if (conversion.aliased > MAX_ALIASED) return { documents: [], problems: [aliasBomb(conversion, lines)] };
    problems.push(...conversion.problems.slice(0, Math.max(0, MAX_SYNTAX_PROBLEMS - problems.length)));
    if (root?.kind === 'mapping') documents.push(root);
    else if (root && !isNull(root) && problems.length === 0) problems.push(notAMap(root, lines));
  }
  return { documents, problems };
}

function syntaxProblems(document: Document.Parsed, text: string, lines: Lines, limit: number): Problem[] {
  return document.errors.slice(0, Math.max(0, limit)).map(({ code, pos: [from, to] }) => {
    // An error at the end of the text is shown on the last character that is there.
    const start = Math.min(from, Math.max(0, text.trimEnd().length - 1));
    const message = `${yamlExplanation(code)}, so Docker Compose refuses the file. Only what could be read around it is judged: correct it here.`;
    return { kind: 'syntax', place: lines.place(start, Math.max(to, start + 1)), message };
  });
}

function aliasBomb({ lastAlias }: ComposeConversion, lines: Lines): Problem {
  const message = `The aliases of this file stand for more than ${MAX_ALIASED} values, so it is not read, and Docker Compose refuses it. Write out what is meant.`;
  return { kind: 'syntax', place: lastAlias ?? lines.place(0, 1), message };
}

function notAMap(root: ComposeNode, lines: Lines): Problem {
  const start = lines.offset(root.place.range.start);
  const message =
    'A Compose file must be a map with "services" in it, so nothing of this one is judged. Check that it is the right file.';
  return { kind: 'syntax', place: lines.place(start, start + 1), message };
}

/** What the YAML library's error codes mean, for people. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'This alias has no name',
  BAD_DIRECTIVE: 'YAML knows no such directive',
  BAD_DQ_ESCAPE: 'This escape does not exist in a string in double quotes',
  BAD_INDENT: 'This line is indented less or more than its neighbours',
  BAD_SCALAR_START: 'A value cannot begin with this character: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'A value follows on the same line where none can stand',
  BLOCK_IN_FLOW: 'A list or map in lines cannot stand between brackets',
  DUPLICATE_KEY: 'This name stands twice in its map',
  MISSING_CHAR: 'A character is missing here, for instance a colon, a bracket or a closing quote',
  MULTILINE_IMPLICIT_KEY: 'A name must stand on one line and end with a colon',
  MULTIPLE_ANCHORS: 'A value can have one anchor only',
  MULTIPLE_TAGS: 'A value can have one tag only',
  TAB_AS_INDENT: 'YAML takes spaces and no tabs for indentation',
};

/** The beginning of a sentence about an error of the YAML library. */
function yamlExplanation(code: string): string {
  return EXPLANATIONS[code] ?? 'This is not valid YAML';
}
