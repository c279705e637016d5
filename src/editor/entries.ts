import * as vscode from 'vscode';
import type { Judgement } from '../rules/judge.js';
import type { Finding } from '../rules/engine/rule.js';
import { proportioned } from '../rules/engine/proportioned.js';
import { concernOf } from '../rules/engine/sharedFiles.js';
import { withoutUsedElsewhere } from '../rules/engine/usedElsewhere.js';
import { fileEntry, findingEntry, MEASURED, type Entry, type Origin, type RulePage } from './diagnostics.js';
import type { Checked } from './folderChecker.js';
import { explain, type Measurement } from './measurement.js';

/** All diagnostics of a workspace folder: what was predicted, with what was measured in its place where it was. */
export function entriesOf(
  origin: Origin,
  checked: readonly Checked[],
  measurement: Measurement | undefined,
  page: RulePage,
): readonly Entry[] {
  const all = checked.flatMap(({ judgement }) => judgement ?? []);
  const shown = checked.map((one): Checked => {
    if (!one.judgement) return one;
    // Who measures uses it.
    return { ...one, judgement: withShown(one.judgement, one.isUsed || measurement !== undefined, all) };
  });
  const judgements = shown.flatMap(({ judgement }) => judgement ?? []);
  const explained = measurement && explain(judgements, measurement);
  const entry = (judgement: Judgement, finding: Finding): Entry => {
    const { message, severity } = explained?.statements.get(finding) ?? finding;
    const concern = concernOf(finding, judgements);
    return findingEntry(origin, judgement, finding, page, {
      message: concern ? `${message} ${concern.sentence}` : message,
      severity,
      related: concern?.concerned.map(({ container }) => ({
        place: container.definition.place,
        message: vscode.l10n.t('This configuration has the problem.'),
      })),
    });
  };
  const entries = shown.flatMap(({ file, ...rest }) =>
    rest.judgement
      ? rest.judgement.findings.map((finding) => entry(rest.judgement, finding))
      : [fileEntry(origin, file, undefined, 'internal-error', { severity: 'warning', message: broken(rest.error) })],
  );
  if (!explained?.unpredicted) return entries;
  const { judgement, statement } = explained.unpredicted;
  return [...entries, fileEntry(origin, judgement.configuration.file, judgement, MEASURED, statement)];
}

/** The judgement with the findings that are shown. @param all of the workspace folder */
function withShown(judgement: Judgement, isUsed: boolean, all: readonly Judgement[]): Judgement {
  return { ...judgement, findings: withoutUsedElsewhere(proportioned(judgement, isUsed), all) };
}

function broken(error: unknown): string {
  const what = error instanceof Error ? error.message : String(error);
  return vscode.l10n.t(
    'This configuration cannot be checked: internal error.\nPlease report it with the output channel "Codex Sandbox".\nError: {0}',
    what,
  );
}
