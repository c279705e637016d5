import { relative, resolve } from 'node:path';
import { unifiedDiff, type FileChange } from '../report/diff.js';
import { harmless, oneLine } from '../report/terminal.js';
import { textWidth } from '../report/wrap.js';
import { judge, type Judgement, type Target } from '../rules/judge.js';
import type { WorkspaceFiles } from '../sources/workspace/files.js';
import { readConfigurations } from '../sources/configuration/readConfiguration.js';
import type { Command } from './arguments.js';
import { InputError } from './errors.js';
import type { ExitStatus, Io } from './io.js';
import { applyingText, hostText, notesText, type Changed, type NotesOn } from './fixReport.js';
import { locateAll, shownPath, type Location } from './locate.js';
import { isWorse, neighbours } from './neighbours.js';
import { belowText, ubuntuSteps } from './nextSteps.js';
import { overlay, repair, type Edited, type JudgeFiles } from './repair.js';
import { notes } from './repairNotes.js';
import { select } from './select.js';
import { targetOf } from './target.js';
import { reaches } from './threshold.js';
import { workspaceFiles } from './workspaceFiles.js';
import { originalText, writeFiles, type Writing } from './writeFiles.js';

/** Where devcontainer looks for a configuration that nobody names. */
const FOUND_BY_ITSELF: readonly string[] = ['.devcontainer/devcontainer.json', '.devcontainer.json'];

type FixCommand = Command & { readonly name: 'fix' };

/** One workspace folder that PATHs lead to, and what is done to it. */
interface Workspace {
  readonly folder: string;
  /** What may be read and written; the paths of `edited` are relative to `folder` all the same. */
  readonly boundary: string;
  readonly files: WorkspaceFiles;
  /** The configurations that are done, as their repairs have left them. */
  readonly done: Map<string, Judgement>;
  edited: Edited;
  /** What people read of each repair, in the order in which they were made. */
  readonly notes: NotesOn[];
  /** What people read of configurations that share files with these. */
  readonly warnings: string[];
}

/** What is asked for, with the hosts looked at. */
interface Wish {
  readonly target: Target;
  readonly command: FixCommand;
}

function judgeFile(file: string, target: Target): JudgeFiles {
  return async (files) => {
    const [configuration] = await readConfigurations(files, file);
    if (configuration === undefined) throw new InputError(`${file} has vanished. Run the command again.`);
    return judge(configuration, target);
  };
}

async function emptyWorkspace(location: Location, io: Io): Promise<Workspace> {
  const { folder, boundary } = location;
  const files = await workspaceFiles(location, io);
  return { folder, boundary, files, done: new Map(), edited: new Map(), notes: [], warnings: [] };
}

async function repairOne(workspace: Workspace, file: string, { target, command }: Wish, io: Io): Promise<void> {
  const { verbose, failOn, hostsNamed } = command;
  const repaired = await repair(workspace.files, workspace.edited, judgeFile(file, target), hostsNamed);
  workspace.edited = repaired.edited;
  workspace.done.set(file, repaired.after);
  const shown = (path: string): string => shownPath(workspace.folder, path, io.cwd);
  workspace.notes.push({ file: shown(file), ...notes(repaired, { verbose, failOn, shown }) });
}

/** What a repair takes out of a file that configurations share, another one may have needed: that one gets it in its own file. */
async function settle(workspace: Workspace, wish: Wish, io: Io): Promise<void> {
  const { files, done } = workspace;
  const { target } = wish;
  for (const [file, left] of done) {
    const now = await judgeFile(file, target)(overlay(files, workspace.edited));
    done.set(file, now);
    if (isWorse(now, left)) await repairOne(workspace, file, wish, io);
  }
  workspace.warnings.push(...(await neighbours(files, workspace.edited, new Set(done.keys()), target)));
}

/** With paths relative to the boundary. */
async function writings({ folder, boundary, files, edited }: Workspace): Promise<readonly Writing[]> {
  const all = await Promise.all(
    [...edited].map(async ([path, after]): Promise<Writing> => {
      const there = await files.read(path);
      const before = there.kind === 'text' ? there.text : undefined;
      const file = relative(boundary, resolve(folder, path)).replaceAll('\\', '/');
      // Reads the bytes too: what cannot be written faithfully is not shown as if it could.
      await originalText(boundary, { file, before, after });
      return { file, before, after };
    }),
  );
  return all.filter(({ before, after }) => before !== after).sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function diffOf({ boundary }: Workspace, changes: readonly Writing[], io: Io): Promise<string> {
  const diffs = await Promise.all(
    changes.map(async (change): Promise<FileChange> => {
      const before = await originalText(boundary, change);
      const mark = before !== undefined && before !== change.before ? '\uFEFF' : '';
      const path = shownPath(boundary, change.file, io.cwd);
      // Outside the current directory a diff can only be applied from the workspace folder.
      const isOutside = path.startsWith('/') || /^[A-Za-z]:/.test(path);
      return { file: isOutside ? change.file : path, before, after: mark + change.after };
    }),
  );
  return unifiedDiff(diffs);
}

/** Writes or prints the changes of a workspace. */
async function finish(workspace: Workspace, write: boolean, io: Io): Promise<Changed | undefined> {
  const changes = await writings(workspace);
  if (changes.length === 0) return undefined;
  if (write) {
    await writeFiles(workspace.boundary, changes);
    for (const { file, before } of changes) {
      io.err(
        `${before === undefined ? 'created' : 'changed'} ${oneLine(shownPath(workspace.boundary, file, io.cwd))}\n`,
      );
    }
  } else {
    const diff = await diffOf(workspace, changes, io);
    io.out(io.terminal ? harmless(diff) : diff);
  }
  const [only, another] = [...workspace.done.keys()];
  const configuration =
    another === undefined && only !== undefined && !FOUND_BY_ITSELF.includes(only) ? only : undefined;
  return {
    folder: shownPath(workspace.folder, '', io.cwd) || '.',
    configuration: configuration && shownPath(workspace.folder, configuration, io.cwd),
    files: changes.length,
  };
}

/** `fix`: prints or makes the edits that repair the configurations of every PATH. */
export async function fix(command: FixCommand, io: Io): Promise<ExitStatus> {
  const { failOn, verbose, write } = command;
  const wish: Wish = { target: await targetOf(command, io), command };
  const workspaces = new Map<string, Workspace>();
  const changed: Changed[] = [];
  const problems: InputError[] = [];
  let below = 0;
  const tolerate = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
      io.err(`codex-sandbox-check: ${harmless(error.message)}\n`);
    }
  };
  const say = (lines: readonly string[]): void => {
    for (const line of lines) io.err(`${harmless(line)}\n`);
  };

  for (const path of command.paths) {
    await tolerate(async () => {
      const located = await locateAll(path, io.cwd, command.all);
      below += located.below;
      for (const location of located.locations) {
        const { folder } = location;
        const workspace = workspaces.get(folder) ?? (await emptyWorkspace(location, io));
        workspaces.set(folder, workspace);
        for (const { file } of await select(location, workspace.files)) {
          if (!workspace.done.has(file)) await repairOne(workspace, file, wish, io);
        }
      }
    });
  }
  const all = [...workspaces.values()];
  const settled: Workspace[] = [];
  for (const workspace of all) {
    await tolerate(async () => {
      await settle(workspace, wish, io);
      settled.push(workspace);
    });
  }
  const notesOfAll = all.flatMap((workspace) => workspace.notes);
  say(notesText(notesOfAll, textWidth(io.columns)));
  say(all.flatMap(({ warnings }) => warnings));
  for (const workspace of settled) {
    await tolerate(async () => {
      changed.push(...[await finish(workspace, write, io)].filter((one) => one !== undefined));
    });
  }
  const judgements = all.flatMap(({ done }) => [...done.values()]);
  say(applyingText(changed, write, command));
  say(hostText(notesOfAll, verbose));
  say(ubuntuSteps(judgements, command));
  say(belowText(below));
  if (problems.length > 0) return 2;
  return judgements.some((judgement) => reaches(judgement, failOn)) ? 1 : 0;
}
