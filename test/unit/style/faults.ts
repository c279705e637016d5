import { GATES } from '../../../src/model/gates.js';
import { HOST_NAMES } from '../../../src/model/host.js';
import { EXCEPTIONS } from './exceptions.js';

/** What a text does that this project does not write. */
export interface StyleFault {
  readonly what: string;
  /** Where: the sentence, without its code. */
  readonly sentence: string;
}

/** What is checked of a text beside its words. */
export interface StyleOptions {
  /** Of a headline or a title: the most characters that it may have. */
  readonly longest?: number;
  /** The text is a help page, which names hosts as what one types. */
  readonly help?: true;
}

/** More words than that nobody reads at once. */
const LONGEST_SENTENCE = 25;

/** One kind of quote everywhere: these do not survive every terminal and log. */
export const CURLY = /[\u2018\u2019\u201c\u201d]/;

const BETWEEN = '(?: [\\w\'"-]+){0,4}?';

/** What is not written, by what to write instead. */
const WORDS: readonly (readonly [instead: string, pattern: RegExp])[] = [
  ['remove', new RegExp(`\\b(?:take|takes|taken|taking|took)${BETWEEN} (?:out|away|back)\\b`, 'i')],
  ['is not a', /(?<!\bthere )\b(?:is|are|was|were) no\b(?! longer| more than| later than| older than| newer than)/i],
  ['is', /\b(?:stand|stands|stood|standing)\b(?!-)/i],
  ['does not matter', /\bchang(?:e|es|ed|ing) no\b(?! (?:more|longer)\b)/i],
  ['predicts', /\bfore(?:tell|tells|told|telling)\b/i],
  ['needs', /\basks for\b/i],
  ['unnecessary', /\bin vain\b|\bof no use\b|(?<!-)\bneedless(?:ly)?\b/i],
  ['fix', /\brepair\w*/i],
  ['the power that it gives', /\b(?:give|gives|gave|given|giving)(?: [\w-]+){0,3}? away\b/i],
  ['blocks', /\bin the way\b/i],
  ['the files do not say who', /^whose\b|\bwhose\b[^.]*\bno file\b/i],
  ['subject first', /^of [^,]{1,80}, /i],
  ['subject first', /\bwhat\b[^.?]* is what\b/i],
  ['subject first', /\bit is (?:the|an?|only|its|this|that)\b[^,.;:]{1,40} that\b/i],
  ['American spelling', /\b(?:recogni|reali|organi)s\w*|\b(?:behavio|colo)ur/i],
  ['straight quotes', CURLY],
];

const LONG_HOST_NAMES = HOST_NAMES.filter((name) => name.includes('-'));
const IDS = new RegExp(`(?<![\\w/=-])(?:${[...LONG_HOST_NAMES, ...GATES.filter(hyphened)].join('|')})(?![\\w-])`);

function hyphened(id: string): boolean {
  return id.includes('-');
}

/** What a text of Markdown or plain prose does that this project does not write. */
export function styleFaults(text: string, { longest, help }: StyleOptions = {}): readonly StyleFault[] {
  const tooLong =
    longest !== undefined && text.length > longest
      ? [{ what: `${text.length} characters, at most ${longest}`, sentence: text }]
      : [];
  return [...tooLong, ...sentencesOf(text).flatMap((sentence) => faultsOf(sentence, help === true))];
}

function faultsOf(sentence: string, isHelp: boolean): readonly StyleFault[] {
  const words = sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const long = words > LONGEST_SENTENCE ? [`${words} words, at most ${LONGEST_SENTENCE}`] : [];
  const listed = WORDS.filter(([, pattern]) => pattern.test(sentence)).map(
    ([instead, pattern]) => `"${pattern.exec(sentence)?.[0] ?? ''}", rather: ${instead}`,
  );
  const id = isHelp ? null : IDS.exec(sentence.replace(/\([^()]*\)|\[[^[\]]*\]|--host \S+/g, ' '));
  return [...long, ...listed, ...(id ? [`the id ${id[0]} as prose`] : [])].map((what) => ({ what, sentence }));
}

/** The sentences of a text, without code, addresses and markup. */
function sentencesOf(text: string): readonly string[] {
  return paragraphsOf(withoutCode(text)).flatMap((paragraph) =>
    paragraph
      .split(/(?<=(?<!\b(?:e\.g|i\.e|etc|vs))[.!?]["')*_]*)\s+/)
      .map((sentence) => sentence.trim())
      .filter(Boolean),
  );
}

/** One word takes the place of what is no prose. */
const ONE_WORD = 'X';

function withoutCode(text: string): string {
  return EXCEPTIONS.reduce((rest, exception) => rest.replaceAll(exception.text, ONE_WORD), text)
    .replace(/^[ \t]*(```|~~~)[^]*?^[ \t]*\1[ \t]*$/gm, '\n')
    .replace(/<!--[^]*?-->/g, '')
    .replace(/!?\[((?:[^[\]]|\[[^\]]*\])*)\]\([^)\s]*\)/g, '$1')
    .replace(/`[^`]+`/g, ONE_WORD)
    .replace(/<?https?:\/\/[^\s>)]+>?/g, ONE_WORD)
    .replace(/<\/?[a-z][^>]*>/g, ' ')
    .replace(/\$?\{[\w.:]*\}/g, ONE_WORD)
    .replace(/"[^"\n]{1,200}"/g, (inQuotes) => (CURLY.test(inQuotes) ? inQuotes : ONE_WORD));
}

/** Paragraphs, items of lists, headings and cells of tables, each on one line. */
function paragraphsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !/^(?: {4,}|\t)\S/.test(line) || /^\s*(?:[-*]|\d+\.) /.test(line))
    .map((line) => line.replace(/^\s*>\s?/, ''))
    .map((line) => (/^\s*#/.test(line) ? `${line}\n` : line))
    .map((line) =>
      /^\s*(?:#|\||[-*] |\d+\. |\[)/.test(line) ? `\n${line.replace(/^\s*(?:#+|[-*]|\d+\.) /, '')}` : line,
    )
    .map((line) => (/^\s*\n?\|/.test(line) ? line.split('|').join('\n\n') : line))
    .join('\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => /\p{L}/u.test(paragraph));
}
