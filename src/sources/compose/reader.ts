import { readEnvironment } from './environment.js';
import { readComposeFile, type ComposeFile } from './parse.js';
import type { ComposeMapping, ComposeScope } from './node.js';
import type { ComposeFileReference, ComposeFiles } from './document.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { resolvePath, type ResolvedPath } from '../text/paths.js';
import type { ConfigurationReader, Reference } from '../workspace/reader.js';

/** More files than any project has: who includes so many includes them in a way that has no end. */
const MAX_FILES = 200;

/** Where a path of a Compose file leads; a path below a folder that lies outside lies outside as well. */
export function resolveBelow(folder: string | undefined, written: string): ResolvedPath {
  return folder === undefined ? { kind: 'outside' } : resolvePath(folder, written);
}

/** Reads the Compose files of one project, each once, and collects what is wrong with them. */
export class ComposeReader {
  readonly #problems: Problem[] = [];
  readonly #seen = new Set<string>();
  readonly #parsed = new Map<ComposeScope['variables'], Map<string, ComposeFile>>();
  readonly #included = new Map<ComposeMapping, Promise<readonly ComposeFiles[]>>();
  #files = 0;
  #hidden: string | undefined;

  constructor(readonly reader: ConfigurationReader) {}

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The first thing that may say more of any service although it is not read; completes "It is not known … because". */
  get hidden(): string | undefined {
    return this.#hidden;
  }

  /** Every document of every file that was read. */
  get documents(): readonly ComposeMapping[] {
    return [...this.#parsed.values()].flatMap((files) => [...files.values()].flatMap(({ documents }) => documents));
  }

  hide(why: string): void {
    this.#hidden ??= why;
  }

  /** A file that is read for several reasons says the same each time: it is said once. */
  problem(problem: Problem): void {
    const { file, range } = problem.place;
    const key = `${file}:${range.start.line}:${range.start.character}:${problem.message}`;
    if (!this.#seen.has(key)) this.#problems.push(problem);
    this.#seen.add(key);
  }

  /** undefined: it cannot be read, which is said. A missing file keeps Compose from starting anything: the rest is judged. */
  async file({ path, written, place }: ComposeFileReference, scope: ComposeScope): Promise<ComposeFile | undefined> {
    if (++this.#files > MAX_FILES) {
      const message = problemMessage(
        `The Compose files name more than ${MAX_FILES} other files`,
        'Include and extend fewer files. The check does not read all of them.',
      );
      this.problem({ kind: 'unreadable', place, message });
      this.hide('the Compose files name too many other files');
      return undefined;
    }
    const name = path.kind === 'inside' ? path.path : written;
    const referred = { what: 'the Compose file', name, effect: 'The container cannot start' };
    const answer = await this.reader.follow(path, referred, place);
    if (answer.kind === 'text') return this.#parse(answer, scope);
    if (answer.problem) this.problem(answer.problem);
    if (answer.kind !== 'missing') this.hide(answer.why);
    return undefined;
  }

  #parse({ path, text }: Reference & { kind: 'text' }, scope: ComposeScope): ComposeFile {
    const parsed = this.#parsed.get(scope.variables) ?? new Map<string, ComposeFile>();
    this.#parsed.set(scope.variables, parsed);
    const key = `${path}\n${scope.folder ?? '..'}`;
    const file = parsed.get(key) ?? readComposeFile(text, path, scope);
    parsed.set(key, file);
    file.problems.forEach((problem) => {
      this.problem(problem);
    });
    if (file.documents.length === 0 && file.problems.length > 0) this.hide(`${path} cannot be read as a Compose file`);
    return file;
  }

  /** What `find` says of a document, which is asked once. */
  included(document: ComposeMapping, find: () => Promise<readonly ComposeFiles[]>): Promise<readonly ComposeFiles[]> {
    const known = this.#included.get(document) ?? find();
    this.#included.set(document, known);
    return known;
  }

  /** The variables of a `.env` file; none where there is none. */
  async variables(path: ResolvedPath): Promise<ReadonlyMap<string, string>> {
    if (path.kind !== 'inside') return new Map();
    const answer = await this.reader.read(path.path);
    return answer.kind === 'text' ? readEnvironment(answer.text) : new Map();
  }
}
