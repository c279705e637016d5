import { judge, type Judgement, type Target } from '../rules/judge.js';
import { displayNames } from '../model/host.js';
import { list } from '../model/wordList.js';
import { oneLine } from '../report/terminal.js';
import type { WorkspaceFiles } from '../sources/workspace/files.js';
import { readConfigurations } from '../sources/configuration/readConfiguration.js';
import { overlay, workingHosts, type Edited } from './repair.js';

/** Whether the sandbox no longer works on some host on which it worked. */
export function isWorse(now: Judgement, before: Judgement): boolean {
  return lostHosts(now, before).length > 0;
}

function lostHosts(now: Judgement, before: Judgement): readonly string[] {
  const working = workingHosts(now);
  return workingHosts(before).filter((host) => !working.includes(host));
}

/**
 * What a person must know about configurations that nobody asked to fix: a Dockerfile, a Feature or another file that they share
 * is changed for another configuration, and they no longer work. One text for each.
 * @param done the configurations that were asked for
 */
export async function neighbours(
  files: WorkspaceFiles,
  edited: Edited,
  done: ReadonlySet<string>,
  target: Target,
): Promise<readonly string[]> {
  if (edited.size === 0) return [];
  const others = (await readConfigurations(files)).filter(({ file }) => !done.has(file));
  const notes: string[] = [];
  for (const other of others) {
    const shared = [...edited.keys()].filter((file) => other.texts.has(file));
    if (shared.length === 0) continue;
    const [after] = await readConfigurations(overlay(files, edited), other.file);
    const lost = after ? lostHosts(judge(after, target), judge(other, target)) : [];
    if (lost.length === 0) continue;
    const where = list(displayNames(lost));
    const text = `${other.file} also uses ${list(shared)}. After these changes, Codex no longer works there on ${where}.`;
    notes.push(oneLine(`${text} Fix it too: codex-sandbox-check fix ${other.file}`));
  }
  return notes;
}
