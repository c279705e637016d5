import { relative, resolve } from 'node:path';
import { unifiedDiff, type FileChange } from '../report/diff.js';
import { harmless, oneLine } from '../report/terminal.js';
import { judge, type Judgement, type Target } from '../rules/judge.js';
import type { WorkspaceFiles } from '../sources/workspace/files.js';
import { nodeFiles } from '../sources/workspace/nodeFiles.js';
import { readConfigurations } from '../sources/configuration/readConfiguration.js';
import type { Command } from './arguments.js';
import { InputError } from './errors.js';
import type { ExitStatus, Io } from './io.js';
import { withLocalImages } from './localImages.js';
import { locateAll, shownPath } from './locate.js';
import { isWorse, neighbours } from './neighbours.js';
import { overlay, repair, type Edited, type JudgeFiles } from './repair.js';
import { notes } from './repairNotes.js';
import { select } from './select.js';
import { targetOf } from './target.js';
import { reaches } from './threshold.js';
import { originalText, writeFiles, type Writing } from './writeFiles.js';

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
}

/** For whom to repair, and whether these hosts were named. */
interface Wish {
  readonly target: Target;
  readonly hostsNamed: boolean;
}

function judgeFile(file: string, target: Target): JudgeFiles {
  return async (files) => {
    const [configuration] = await readConfigurations(files, file);
    if (configuration === undefined) throw new InputError(`${file} has vanished. Run the command again.`);
    return judge(configuration, target);
  };
}

async function repairOne(workspace: Workspace, file: string, { target, hostsNamed }: Wish, io: Io): Promise<void> {
  const repaired = await repair(workspace.files, workspace.edited, judgeFile(file, target), hostsNamed);
  workspace.edited = repaired.edited;
  workspace.done.set(file, repaired.after);
  for (const note of notes(shownPath(workspace.folder, file, io.cwd), repaired, hostsNamed)) io.err(`${note}\n`);
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
  for (const note of await neighbours(files, workspace.edited, new Set(done.keys()), target)) io.err(`${note}\n`);
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

async function finish(workspace: Workspace, write: boolean, io: Io): Promise<void> {
  const changes = await writings(workspace);
  const shown = (file: string): string => shownPath(workspace.boundary, file, io.cwd);
  if (write) {
    await writeFiles(workspace.boundary, changes);
    for (const { file, before } of changes) {
      io.err(`${before === undefined ? 'created' : 'changed'} ${oneLine(shown(file))}\n`);
    }
    return;
  }
  const diffs = await Promise.all(
    changes.map(async (change): Promise<FileChange> => {
      const before = await originalText(workspace.boundary, change);
      const mark = before !== undefined && before !== change.before ? '\uFEFF' : '';
      const path = shown(change.file);
      // Outside the current directory a diff can only be applied from the workspace folder.
      return {
        file: path.startsWith('/') || /^[A-Za-z]:/.test(path) ? change.file : path,
        before,
        after: mark + change.after,
      };
    }),
  );
  const diff = unifiedDiff(diffs);
  io.out(io.terminal ? harmless(diff) : diff);
}

/** `fix`: prints or makes the edits that repair the configurations of every PATH. */
export async function fix(command: FixCommand, io: Io): Promise<ExitStatus> {
  const { hostsNamed } = command;
  const wish: Wish = { target: await targetOf(command, io), hostsNamed };
  const workspaces = new Map<string, Workspace>();
  const problems: InputError[] = [];
  const tolerate = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
      io.err(`codex-sandbox-check: ${harmless(error.message)}\n`);
    }
  };

  for (const path of command.paths) {
    await tolerate(async () => {
      for (const location of await locateAll(path, io.cwd)) {
        const { folder, boundary } = location;
        const files = await withLocalImages(nodeFiles(folder, boundary), boundary, io);
        const fresh = { folder, boundary, files, done: new Map<string, Judgement>(), edited: new Map() };
        const workspace: Workspace = workspaces.get(folder) ?? fresh;
        workspaces.set(folder, workspace);
        for (const { file } of await select(location, workspace.files)) {
          if (!workspace.done.has(file)) await repairOne(workspace, file, wish, io);
        }
      }
    });
  }
  for (const workspace of workspaces.values()) {
    await tolerate(async () => {
      await settle(workspace, wish, io);
      await finish(workspace, command.write, io);
    });
  }
  if (problems.length > 0) return 2;
  const judgements = [...workspaces.values()].flatMap(({ done }) => [...done.values()]);
  return judgements.some((judgement) => reaches(judgement, command.failOn, hostsNamed)) ? 1 : 0;
}
