import { HOST_CHANGES, hostChangeLines, type HostChange } from '../model/plan/hostChange.js';
import { count } from '../report/text.js';
import { harmless } from '../report/terminal.js';
import { wrapped } from '../report/wrap.js';
import { setuidMissing } from '../rules/setuidMissing.js';
import { usernsDisabled } from '../rules/usernsDisabled.js';
import type { Subject } from './arguments.js';
import { commandFor, namedHosts } from './nextSteps.js';
import type { RepairNotes } from './repairNotes.js';

/** The notes on one configuration. */
export interface NotesOn extends RepairNotes {
  /** As the reader is to see it. */
  readonly file: string;
}

/** Configurations of which the reader would read the same, each name on a line, then what is the same. */
export function notesText(all: readonly NotesOn[], width: number): readonly string[] {
  const groups = new Map<string, NotesOn[]>();
  for (const notes of all) {
    const key = JSON.stringify([notes.heading, notes.lines.map((line) => line.replaceAll(notes.file, ''))]);
    groups.set(key, [...(groups.get(key) ?? []), notes]);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          ...wrapped(harmless(`${first.file}: ${first.heading}`), width),
          ...(others.length === 0 ? [] : wrapped(harmless(same(others)), width, '  ')),
          ...first.lines.flatMap((line) => wrapped(harmless(line), width, '  ')),
        ],
  );
}

/** How many configurations with the same notes are named. */
const MOST_NAMED = 3;

function same(others: readonly NotesOn[]): string {
  const named = others.slice(0, MOST_NAMED).map(({ file }) => file);
  const rest = others.length - named.length;
  return `the same in ${[...named, ...(rest === 0 ? [] : [`${rest} more`])].join(', ')}`;
}

/** Which rule's page tells how a host is changed. */
function pageOf(change: HostChange): string {
  return change === HOST_CHANGES.noUserns ? usernsDisabled.id : setuidMissing.id;
}

/** What administrators of hosts can do, each thing once for all configurations. */
export function hostText(all: readonly RepairNotes[], verbose: boolean): readonly string[] {
  const needed = [...new Set(all.flatMap(({ hostChanges }) => hostChanges))];
  const instead = [...new Set(all.flatMap(({ insteadOf }) => insteadOf))];
  const how = (change: HostChange): string => `How: codex-sandbox-check rules ${pageOf(change)}`;
  return [
    ...needed.flatMap((change) =>
      verbose ? hostChangeLines(change) : [`On the host, ${change.summary}. ${how(change)}`],
    ),
    ...instead.map((change) => `An administrator can do the same with less power: on the host, ${change.summary}. ${how(change)}`),
  ];
}

/** A folder with changed configurations. */
export interface Changed {
  /** The workspace folder, as the user would type it. */
  readonly folder: string;
  /** Its changed configuration where devcontainer does not find it by itself. */
  readonly configuration: string | undefined;
  readonly files: number;
}

/** What is to be done with the changes: they take effect when the container is made again, and can be measured then. */
export function applyingText(changed: readonly Changed[], write: boolean, subject: Subject): readonly string[] {
  const [first, another] = changed;
  if (first === undefined) return [];
  const folder = another === undefined ? first.folder : 'FOLDER';
  const config = another === undefined && first.configuration !== undefined ? ` --config ${first.configuration}` : '';
  const files = changed.reduce((sum, one) => sum + one.files, 0);
  return [
    ...(write
      ? []
      : [
          `Nothing is written yet. To change ${count(files, 'file')}: ${commandFor('fix', subject, namedHosts(subject), '--write')}`,
        ]),
    write ? 'Rebuild the container to apply.' : 'Then rebuild the container to apply.',
    `  Without an editor: devcontainer up --remove-existing-container --workspace-folder ${folder}${config}`,
    `  To measure it then: codex-sandbox-check probe --workspace ${folder}`,
  ];
}
