import { Composer, type Document } from 'yaml';
import { ComposeConversion, MAX_ALIASED } from './conversion.js';
import { isNull, type ComposeMapping, type ComposeNode, type ComposeScope } from './node.js';
import { problemMessage, type Problem } from '../text/problem.js';
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
    const message = problemMessage(`This file cannot be read: it ${refused.why}`, 'Check what has written it.');
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
    const message = problemMessage(
      `This file is not valid YAML: ${yamlExplanation(code)}`,
      'Correct it here. Docker Compose refuses the file, and the check may misread the rest.',
    );
    return { kind: 'syntax', place: lines.place(start, Math.max(to, start + 1)), message };
  });
}

function aliasBomb({ lastAlias }: ComposeConversion, lines: Lines): Problem {
  const message = problemMessage(
    `This file cannot be read: its aliases stand for more than ${MAX_ALIASED} values`,
    'Write the values out. Docker Compose refuses the file.',
  );
  return { kind: 'syntax', place: lastAlias ?? lines.place(0, 1), message };
}

function notAMap(root: ComposeNode, lines: Lines): Problem {
  const start = lines.offset(root.place.range.start);
  const message = problemMessage(
    'This is not a Compose file: it must be a map with "services" in it',
    'Check that it is the correct file.',
  );
  return { kind: 'syntax', place: lines.place(start, start + 1), message };
}

/** What the YAML library's error codes mean, for people. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'this alias has no name',
  BAD_DIRECTIVE: 'there is no such directive',
  BAD_DQ_ESCAPE: 'this escape does not exist in double quotes',
  BAD_INDENT: 'this line has the wrong indentation',
  BAD_SCALAR_START: 'this value needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a value cannot follow on this line',
  BLOCK_IN_FLOW: 'a list or map in lines cannot be in brackets',
  DUPLICATE_KEY: 'this name is twice in its map',
  MISSING_CHAR: 'a colon, a bracket or a quote is missing here',
  MULTILINE_IMPLICIT_KEY: 'a name must be on one line and end with a colon',
  MULTIPLE_ANCHORS: 'a value can have only one anchor',
  MULTIPLE_TAGS: 'a value can have only one tag',
  TAB_AS_INDENT: 'indentation needs spaces, not tabs',
};

/** A clause about an error of the YAML library. */
function yamlExplanation(code: string): string {
  return EXPLANATIONS[code] ?? 'an error is here';
}
