import { posix } from 'node:path';
import { applyEdits } from '../edits/text/textEdits.js';
import type { TextEdit } from '../edits/changes/change.js';
import type { Judgement } from '../rules/judge.js';
import type { Fix } from '../rules/engine/rule.js';
import { systempathsAsRoot } from '../rules/systempathsAsRoot.js';
import { forwarded, type WorkspaceFiles } from '../sources/workspace/files.js';
import { InputError } from './errors.js';

/** Texts that differ from what is on the disk, by path. */
export type Edited = ReadonlyMap<string, string>;

/** Judges the same configuration as it is in these files. */
export type JudgeFiles = (files: WorkspaceFiles) => Promise<Judgement>;

/** What was done to one configuration. */
export interface Repaired {
  readonly before: Judgement;
  readonly after: Judgement;
  /** In the order in which they were applied. */
  readonly applied: readonly Fix[];
  /** Other ways to the same, where the last of the repairs was applied: the one that does all that can be done. */
  readonly otherWays: readonly Fix[];
  /** Each repair that leaves more hosts failing but changes less, with the hosts on which the sandbox works with it. */
  readonly smaller: readonly { readonly fix: Fix; readonly hosts: readonly string[] }[];
  readonly edited: Edited;
}

/** How many fixes that remove something are tried before it counts as finished; a real configuration has a handful. */
const MOST_TRIALS = 50;

/** The files as they are with some texts replaced. */
export function overlay(files: WorkspaceFiles, edited: Edited): WorkspaceFiles {
  return {
    ...forwarded(files),
    async read(path) {
      const text = edited.get(posix.normalize(path));
      return text === undefined ? files.read(path) : { kind: 'text', text };
    },
  };
}

/** An edit's line ends as the file has them, as the editor does it for its documents. */
function withLineEndsOf(text: string, newText: string): string {
  const crlf = text.includes('\r\n') && !/[^\r]\n/.test(text);
  return crlf ? newText.replace(/\r?\n/g, '\r\n') : newText;
}

function isCreation(edits: readonly TextEdit[]): boolean {
  const [edit, another] = edits;
  if (edit === undefined || another !== undefined) return false;
  const { start, end } = edit.range;
  return start.line === 0 && start.character === 0 && end.line === 0 && end.character === 0;
}

async function apply(fix: Fix, judgement: Judgement, files: WorkspaceFiles, edited: Edited): Promise<Edited> {
  const result = new Map(edited);
  for (const file of new Set(fix.edits.map((edit) => edit.file))) {
    const edits = fix.edits.filter((edit) => edit.file === file);
    const judged = judgement.configuration.texts.get(file);
    if (judged !== undefined) {
      result.set(
        file,
        applyEdits(
          judged,
          edits.map((edit) => ({ ...edit, newText: withLineEndsOf(judged, edit.newText) })),
        ),
      );
      continue;
    }
    // Only a file that did not have to exist to be judged: one that the fix makes.
    const there = await overlay(files, edited).read(file);
    const [creation] = edits;
    if (there.kind === 'text' && there.text === creation?.newText) continue;
    if (there.kind !== 'missing' || creation === undefined || !isCreation(edits)) {
      throw new InputError(
        `${file} already exists, and nothing refers to it. The fix creates a file of that name: rename yours first.`,
      );
    }
    result.set(file, creation.newText);
  }
  return result;
}

/** The names of the hosts on which the sandbox works. */
export function workingHosts({ predictions }: Pick<Judgement, 'predictions'>): readonly string[] {
  return predictions.filter((p) => p.outcome === 'works').map((p) => p.host);
}

/** Those on which it works once nothing in the workspace folder is in the way, which no edit changes. */
function servedHosts({ predictionsOfFiles }: Judgement): readonly string[] {
  return workingHosts({ predictions: predictionsOfFiles });
}

/**
 * How good a state is: first by the hosts on which the sandbox works, then by those on which it does not fail for sure.
 * What keeps some hosts from being judged, such as an unknown image, must not keep a sure failure from being repaired.
 */
function merit({ predictionsOfFiles: predictions }: Judgement): number {
  const count = (outcome: 'works' | 'unknown'): number => predictions.filter((p) => p.outcome === outcome).length;
  return count('works') * (predictions.length + 1) + count('unknown');
}

function differs(a: Edited, b: Edited): boolean {
  return a.size !== b.size || [...a].some(([file, text]) => b.get(file) !== text);
}

/**
 * The fixes that remove what is unnecessary: they give nothing away. The other fixes are the repair's business. What works and is
 * only wider than necessary is a remark (info): its author may have a reason that no file shows, so it stays.
 */
function cleanups(judgement: Judgement): readonly Fix[] {
  return judgement.findings
    .filter(({ severity }) => severity !== 'info')
    .flatMap((finding) =>
      judgement
        .fixesOf(finding)
        // What hands the host over goes even where something has to take its place.
        .filter((fix) => fix.preferred && (fix.relaxations.length === 0 || finding.rule === systempathsAsRoot.id)),
    );
}

/**
 * Makes a configuration work: of its repairs the one that leaves the most hosts working, the cheapest of equals; then
 * whatever a warning or an error calls unnecessary is removed. Every step is judged anew on the texts that it leaves, and counts only if no
 * host is worse off. Nothing is written.
 * @param edited what was changed already, for instance for another configuration that shares a file
 * @param isAsked whether the user named the hosts. A repository that chooses its hosts asks for nothing: who runs this has not seen it.
 * @throws InputError when a file that a fix is to create exists with another content
 */
export async function repair(
  files: WorkspaceFiles,
  edited: Edited,
  judgeFiles: JudgeFiles,
  isAsked = false,
): Promise<Repaired> {
  const attempt = async (fix: Fix, from: Judgement, texts: Edited) => {
    const next = await apply(fix, from, files, texts);
    return { fix, edited: next, judgement: await judgeFiles(overlay(files, next)) };
  };

  const before = await judgeFiles(overlay(files, edited));
  let current = { judgement: before, edited };
  const applied: Fix[] = [];

  const unasked = before.repairs();
  const offers = (isAsked ? [unasked, unasked.onRequest] : [unasked]).map((ways) => ({ ways, fixes: ways.fixes() }));
  const attempts = [];
  for (const fix of offers.flatMap(({ fixes }) => fixes)) attempts.push(await attempt(fix, before, edited));
  const most = Math.max(...attempts.map((a) => merit(a.judgement)));
  const best = most > merit(before) ? attempts.find((a) => merit(a.judgement) === most) : undefined;
  if (best) {
    current = best;
    applied.push(best.fix);
  }
  const smaller = attempts
    .slice(0, best ? attempts.indexOf(best) : 0)
    .map(({ fix, judgement }) => ({ fix, hosts: servedHosts(judgement) }))
    .filter(({ hosts }) => hosts.length > servedHosts(before).length);

  const otherWays = offers.find(({ fixes }) => best && fixes.at(-1) === best.fix)?.ways.otherWays() ?? [];

  const rejected = new Set<string>();
  for (let trial = 0; trial < MOST_TRIALS; trial++) {
    const fix = cleanups(current.judgement).find((f) => !rejected.has(JSON.stringify(f.edits)));
    if (fix === undefined) break;
    const next = await attempt(fix, current.judgement, current.edited);
    const stillWorking = servedHosts(next.judgement);
    const noneWorse = servedHosts(current.judgement).every((host) => stillWorking.includes(host));
    const fewer = next.judgement.findings.length < current.judgement.findings.length;
    if (noneWorse && fewer && differs(next.edited, current.edited)) {
      current = next;
      applied.push(fix);
    } else {
      rejected.add(JSON.stringify(fix.edits));
    }
  }
  return { before, after: current.judgement, applied, otherWays, smaller, edited: current.edited };
}
