import { headlineWith } from '../../model/headline.js';
import type { Place } from '../../model/place.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { MAX_FILE_BYTES, type FileText, type WorkspaceFiles } from './files.js';
import type { InspectedImage } from '../image/inspected.js';
import type { ResolvedPath } from '../text/paths.js';
import {
  asksForOptions,
  lengthWithDefaults,
  templateDefaults,
  withDefaults,
  type ChosenText,
} from './templateOptions.js';

/** A file that something refers to: its text, or why nothing is known of it. */
export type Reference =
  | { readonly kind: 'text'; readonly path: string; readonly text: string }
  | {
      readonly kind: 'missing' | 'outside' | 'unreadable' | 'unknown';
      /** Completes "It is not known … because". */
      readonly why: string;
      readonly problem: Problem | undefined;
    };

/** A file that something refers to, for people. */
interface Referred {
  /** For instance `the Dockerfile`. */
  readonly what: string;
  readonly name: string;
  /** What follows when it does not exist, for instance `The image cannot be built`. */
  readonly effect: string;
}

/** Reads the files of one configuration and remembers their texts. */
export class ConfigurationReader {
  readonly #texts = new Map<string, string>();
  readonly #chosen = new Map<string, ChosenText>();
  #defaults: Promise<ReadonlyMap<string, string>> | undefined;

  /** @param file the devcontainer.json, from whose folder a template is looked for */
  constructor(
    readonly files: WorkspaceFiles,
    readonly file = '',
  ) {}

  /** As they are written; by path, without byte order mark. */
  get texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  /** The texts that were read with the defaults of a template's options, by path: places in them are not where they are written. */
  get chosen(): ReadonlyMap<string, ChosenText> {
    return this.#chosen;
  }

  /** What this machine's engine says of an image, where it may be asked. */
  async image(reference: string): Promise<InspectedImage | undefined> {
    return await this.files.image?.(reference);
  }

  /** Reads a file; positions in the text do not count a byte order mark, as in VS Code, so it goes. */
  async read(path: string): Promise<FileText> {
    const answer = await this.#readAsWritten(path);
    if (answer.kind !== 'text' || !asksForOptions(answer.text)) return answer;
    this.#defaults ??= templateDefaults(this.file, (template) => this.#readAsWritten(template));
    const defaults = await this.#defaults;
    const length = lengthWithDefaults(answer.text, defaults);
    if (length > MAX_FILE_BYTES) return { kind: 'too-large', bytes: length };
    const chosen = withDefaults(answer.text, defaults);
    if (chosen.replacements.size > 0) this.#chosen.set(path, chosen);
    return { kind: 'text', text: chosen.text };
  }

  async #readAsWritten(path: string): Promise<FileText> {
    const answer = await this.files.read(path);
    if (answer.kind !== 'text') return answer;
    const text = answer.text.replace(/^\uFEFF/, '');
    this.#texts.set(path, text);
    return { kind: 'text', text };
  }

  /** Reads a file that is referred to at `place`. */
  async follow(path: ResolvedPath, referred: Referred, place: Place): Promise<Reference> {
    if (path.kind === 'unknown') return { kind: 'unknown', why: path.why, problem: undefined };
    const answer: FileText = path.kind === 'outside' ? path : await this.read(path.path);
    switch (answer.kind) {
      case 'text':
        return { kind: 'text', path: path.kind === 'inside' ? path.path : '', text: answer.text };
      case 'missing':
        return unread('missing', referred, 'does not exist', place, [`Create ${referred.what} or correct its path.`]);
      case 'outside':
        return unread('outside', referred, 'is outside the workspace folder', place, [
          'Move it into the workspace folder. Files outside are not read, so its effect is unknown.',
        ]);
      case 'too-large':
        return unread('unreadable', referred, 'is too large to be read', place, [
          'Check that it is the correct file.',
          `${tooLarge('It', answer.bytes)}.`,
        ]);
      case 'unreadable':
        return unread('unreadable', referred, 'cannot be read', place, [
          'Check that it is a file and that you may read it.',
          `Reason: ${answer.reason}.`,
        ]);
    }
  }
}

/** For people. */
export function tooLarge(what: string, bytes: number): string {
  return `${what} has ${bytes} bytes, more than the ${MAX_FILE_BYTES} that are read`;
}

/** @param says what is wrong, as the end of a sentence about the file */
function unread(
  kind: 'missing' | 'outside' | 'unreadable',
  { what, name, effect }: Referred,
  says: string,
  place: Place,
  lines: readonly string[],
): Reference {
  const clause = (shown: string): string => `${what} "${shown}" ${says}`;
  const headline = headlineWith(name, (shown) =>
    kind === 'missing' ? `${effect}: "${shown}" ${says}` : clause(shown).replace(/^t/, 'T'),
  );
  return { kind, why: clause(name), problem: { kind, place, message: problemMessage(headline, ...lines) } };
}
