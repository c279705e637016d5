import type { Place, Position } from '../../model/place.js';
import type { FileText } from './files.js';
import { properties, property, readJsonc, stringOf } from '../text/jsonc.js';
import { folderOf } from '../text/paths.js';

/** What makes a folder the source of a dev container template (containers.dev, "Templates"). */
const TEMPLATE = 'devcontainer-template.json';

/** As the dev container CLI finds it in every file of a template when it applies one. */
const OPTION = /\$\{templateOption:\s*(\w+?)\s*\}/g;

/** Whether there is something in a text for a template's options to replace. */
export function asksForOptions(text: string): boolean {
  return text.includes('${templateOption:');
}

/**
 * The defaults of a template's options, by name: what the container is made of unless somebody chooses otherwise, so it
 * must work as it is proposed. Of the nearest template from the folder of devcontainer.json up to the workspace folder; empty:
 * there is none. What is wrong with its file is not ours to say.
 */
export async function templateDefaults(
  file: string,
  read: (path: string) => Promise<FileText>,
): Promise<ReadonlyMap<string, string>> {
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    const answer = await read(folder === '' ? TEMPLATE : `${folder}/${TEMPLATE}`);
    if (answer.kind === 'text') return defaultsOf(answer.text);
    if (folder === '') return new Map();
  }
}

function defaultsOf(text: string): ReadonlyMap<string, string> {
  const options = property(readJsonc(text, TEMPLATE).root, 'options')?.value;
  return new Map(
    properties(options).flatMap(({ key, value }) => {
      const node = property(value, 'default')?.value;
      const written = node?.type === 'boolean' ? String(node.value) : stringOf(node);
      // One with a line break would move what is below it.
      return written === undefined || /[\r\n]/.test(written) ? [] : [[key, written] as const];
    }),
  );
}

/** An option in a line: where it is written, and where its value is in the text that is read. In UTF-16 units from the line's start. */
interface Replacement {
  readonly written: readonly [start: number, end: number];
  readonly read: readonly [start: number, end: number];
}

/** A file of a template with the defaults of its options. */
export interface ChosenText {
  readonly text: string;
  /** By line, counted from 0; those of a line in their order. */
  readonly replacements: ReadonlyMap<number, readonly Replacement[]>;
}

/** How long a text is with the defaults put in, which is told without making it: one option of a small file may be used everywhere. */
export function lengthWithDefaults(text: string, defaults: ReadonlyMap<string, string>): number {
  let length = text.length;
  for (const [whole, name = ''] of text.matchAll(OPTION)) length += (defaults.get(name) ?? whole).length - whole.length;
  return length;
}

/** Puts the defaults in. An option without one stays as it is written, and what it leads to is not known. */
export function withDefaults(text: string, defaults: ReadonlyMap<string, string>): ChosenText {
  const replacements = new Map<number, Replacement[]>();
  const parts = text.split(/(\r\n|\r|\n)/);
  const lines = parts.map((part, index) => {
    if (index % 2 === 1) return part;
    let grown = 0;
    return part.replace(OPTION, (whole: string, name: string, start: number) => {
      const value = defaults.get(name);
      if (value === undefined) return whole;
      const at = start + grown;
      const written = [start, start + whole.length] as const;
      const line = index / 2;
      const ofLine = replacements.get(line) ?? [];
      ofLine.push({ written, read: [at, at + value.length] });
      replacements.set(line, ofLine);
      grown += value.length - whole.length;
      return value;
    });
  });
  return { text: lines.join(''), replacements };
}

/**
 * The same value with every place in it where it is written. Whatever has a file and a range counts as a place; the value is
 * plain data without circles.
 * @param chosen the files whose places are those of the text with the defaults, by path
 */
export function asWritten<T>(value: T, chosen: ReadonlyMap<string, ChosenText>): T {
  if (Array.isArray(value)) return value.map((item: unknown) => asWritten(item, chosen)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Map || value instanceof Set) return value;
  if (isPlace(value)) return placeAsWritten(value, chosen.get(value.file)) as T & Place;
  const entries = Object.entries(value).map(([key, item]) => [key, asWritten(item as unknown, chosen)]);
  return Object.fromEntries(entries) as T;
}

function isPlace(value: object): value is Place {
  return 'file' in value && 'range' in value;
}

function placeAsWritten(place: Place, text: ChosenText | undefined): Place {
  if (!text) return place;
  const { start, end } = place.range;
  return { ...place, range: { start: writtenAt(start, text, 0), end: writtenAt(end, text, 1) } };
}

/** A position within a value is at the beginning (0) or the end (1) of what is written for it. */
function writtenAt({ line, character }: Position, { replacements }: ChosenText, side: 0 | 1): Position {
  const ofLine = replacements.get(line) ?? [];
  // The last one that begins before the position, by halves: a line may have thousands of them and as many places.
  let low = 0;
  for (let high = ofLine.length; low < high;) {
    const middle = Math.floor((low + high) / 2);
    const start = ofLine[middle]?.read[0] ?? 0;
    if (start < character || (start === character && side === 1)) low = middle + 1;
    else high = middle;
  }
  const before = ofLine[low - 1];
  if (!before) return { line, character };
  const { written, read } = before;
  return { line, character: character < read[1] ? written[side] : character + written[1] - read[1] };
}
