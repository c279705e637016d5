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

  /**
   * Reads a file that is referred to at `place`.
   * @param what for people, for instance `The Dockerfile "x"`
   * @param effect what follows when it does not exist, for instance `The image cannot be built`
   */
  async follow(path: ResolvedPath, what: string, effect: string, place: Place): Promise<Reference> {
    if (path.kind === 'unknown') return { kind: 'unknown', why: path.why, problem: undefined };
    const answer: FileText = path.kind === 'outside' ? path : await this.read(path.path);
    switch (answer.kind) {
      case 'text':
        return { kind: 'text', path: path.kind === 'inside' ? path.path : '', text: answer.text };
      case 'missing':
        return {
          kind: 'missing',
          why: `${inClause(what)} does not exist`,
          problem: {
            kind: 'missing',
            place,
            message: problemMessage(
              headlineWith(inClause(what), (shown) => `${effect}: ${shown} does not exist`),
              'Create the file or correct its path.',
            ),
          },
        };
      case 'outside':
        return unread('outside', what, 'is outside the workspace folder', place, [
          'Move it into the workspace folder. Files outside are not read, so its effect is unknown.',
        ]);
      case 'too-large':
        return unread('unreadable', what, 'is too large to be read', place, [
          'Check that it is the correct file.',
          `${tooLarge('It', answer.bytes)}.`,
        ]);
      case 'unreadable':
        return unread('unreadable', what, 'cannot be read', place, [
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

/** @param says what is wrong, as the end of a sentence that begins with `what` */
function unread(
  kind: 'outside' | 'unreadable',
  what: string,
  says: string,
  place: Place,
  lines: readonly string[],
): Reference {
  const message = problemMessage(
    headlineWith(what, (shown) => `${shown} ${says}`),
    ...lines,
  );
  return { kind, why: `${inClause(what)} ${says}`, problem: { kind, place, message } };
}

function inClause(what: string): string {
  return what.replace(/^T/, 't');
}
