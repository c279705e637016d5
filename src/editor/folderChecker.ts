import * as vscode from 'vscode';
import { judge, type Judgement, type Target } from '../rules/judge.js';
import type { WorkspaceFiles } from '../sources/workspace/files.js';
import { readConfigurations } from '../sources/configuration/readConfiguration.js';
import { configurationPlaces, isConfiguration } from '../sources/workspace/configurationPlaces.js';
import { seenFrom } from '../sources/text/paths.js';
import { hostsOf, type LocalHost } from './hosts.js';
import { describeError } from './log.js';
import { relativePath } from './paths.js';
import { Scheduler } from './scheduler.js';
import { readSettings } from './settings.js';
import { recording } from './workspaceFiles.js';

/** Milliseconds after the last keystroke until the files are judged. */
const PAUSE = 300;

/** OpenAI's extension, which starts a Codex of its own. */
const CHATGPT = 'openai.chatgpt';

/** Asks for all configurations that there are now. No file is called so. */
const ALL = '*';

/** What came of one configuration: what is to be said about it, or the extension's own error. */
export type Checked = { readonly file: string } & (
  | {
      readonly judgement: Judgement;
      /** Whether something shows that Codex is used here, or the user asks. */
      readonly isUsed: boolean;
    }
  | { readonly judgement: undefined; readonly error: unknown }
);

/** Judges the configurations of one workspace folder, by itself, whenever a file changes that they are made of. */
export class FolderChecker implements vscode.Disposable {
  #checked = new Map<string, Checked>();
  /** By configuration, the files that it asked for, whether they exist or not. */
  readonly #asked = new Map<string, ReadonlySet<string>>();
  readonly #scheduler = new Scheduler<string>((keys, signal) => this.#check(keys, signal), PAUSE);

  /** The user has asked for a check of this folder in this window. */
  #wasAsked = false;
  readonly #extensions = vscode.extensions.onDidChange(() => {
    this.everythingChanged();
  });

  /**
   * @param changed is called when there is something new to say
   * @param boundary the open folder that this one is a part of, or itself: its files may be read
   * @param hasExtension whether VS Code has the extension that brings a Codex of its own
   */
  constructor(
    readonly folder: vscode.WorkspaceFolder,
    readonly files: WorkspaceFiles,
    private readonly log: vscode.LogOutputChannel,
    private readonly local: LocalHost | undefined,
    private readonly changed: (checker: FolderChecker) => void,
    readonly boundary: vscode.Uri = folder.uri,
    private readonly hasExtension = (): boolean => vscode.extensions.getExtension(CHATGPT) !== undefined,
  ) {}

  /** Every configuration, in the order of discovery. */
  get checked(): readonly Checked[] {
    return [...this.#checked.values()];
  }

  /** Every configuration that could be judged. */
  get judgements(): readonly Judgement[] {
    return this.checked.flatMap(({ judgement }) => judgement ?? []);
  }

  /**
   * Says that a file was opened, typed in, created, deleted; only the configurations that use it are judged again.
   * @param comesOrGoes it was created or deleted, and may be a folder as well
   */
  touched(uri: vscode.Uri, comesOrGoes = false): void {
    const path = relativePath(this.boundary, uri);
    const own = relativePath(this.boundary, this.folder.uri) ?? '';
    if (path !== undefined) this.#scheduler.request(this.#concerned(seenFrom(own, path), comesOrGoes));
  }

  /** Says that everything may be different, settings for instance. */
  everythingChanged(): void {
    this.#scheduler.request([ALL]);
  }

  /** Judges everything now, because the user asks. Resolves when nothing is left to do. */
  async checkNow(): Promise<void> {
    this.#wasAsked = true;
    await this.#scheduler.flush([ALL]);
  }

  /** Resolves when nothing that was asked for is left to do. */
  async settled(): Promise<void> {
    await this.#scheduler.flush();
  }

  dispose(): void {
    this.#extensions.dispose();
    this.#scheduler.dispose();
  }

  #concerned(path: string, comesOrGoes: boolean): readonly string[] {
    // This folder itself, or one that it lies in.
    if (comesOrGoes && /^(?:\.\.(?:\/\.\.)*)?$/.test(path)) return [ALL];
    // A folder that comes or goes brings or takes its files without a word about them.
    const names = (file: string): boolean => file === path || file.startsWith(`${path}/`);
    const users = [...this.#asked].filter(([, asked]) => [...asked].some(names)).map(([file]) => file);
    const mayBringConfigurations = comesOrGoes && /^\.devcontainer(\/[^/]+)?$/.test(path);
    if (mayBringConfigurations && ![...this.#asked.values()].some((asked) => asked.has(path))) return [ALL];
    return isConfiguration(path) && !users.includes(path) ? [...users, path] : users;
  }

  async #check(keys: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    try {
      const settings = readSettings(this.folder.uri);
      const candidates = settings.enable ? await configurationPlaces(this.files) : [];
      // This machine is not asked what it is where there is nothing to judge.
      const hosts = candidates.length > 0 ? await hostsOf(settings.hosts, this.local) : [];
      const target = { ...settings.target, hosts };
      const next = new Map<string, Checked>();
      for (const file of candidates) {
        const wanted = keys.has(ALL) || keys.has(file);
        const checked = wanted ? await this.#checkOne(file, target, settings.byEvidence) : this.#checked.get(file);
        if (signal.aborted) return;
        if (checked) next.set(file, checked);
      }
      this.#checked = next;
      if (!signal.aborted) this.changed(this);
    } catch (error) {
      this.log.error(`${this.folder.name}: ${describeError(error)}`);
    }
  }

  /** Whether the user has Codex, or asks for it. */
  async #isCodexHere(): Promise<boolean> {
    if (this.#wasAsked || this.hasExtension()) return true;
    return (await this.local?.hasCodex()) ?? false;
  }

  /** undefined: there is no such configuration. */
  async #checkOne(file: string, target: Target, byEvidence: boolean): Promise<Checked | undefined> {
    const asked = new Set([file]);
    this.#asked.set(file, asked);
    try {
      const [configuration] = await readConfigurations(recording(this.files, asked), file);
      if (!configuration) return undefined;
      const isUsed = !byEvidence || configuration.evidence.length > 0 || (await this.#isCodexHere());
      return { file, judgement: judge(configuration, target), isUsed };
    } catch (error) {
      this.log.error(`${this.folder.name}/${file}: ${describeError(error)}`);
      return { file, judgement: undefined, error };
    }
  }
}
