import { capabilityName } from '../model/container/capabilities.js';
import type { Bwrap } from '../model/container/container.js';
import { list } from '../model/wordList.js';
import type { Change } from './changes/change.js';
import { shownPath, type Difference } from './changes/difference.js';
import type { EditedOption } from './changes/optionList.js';

/** A change that has been made. */
export interface Made<C extends Change = Change> {
  readonly change: C;
  /** The files that are edited for it. */
  readonly files: readonly string[];
  /** The first of them did not exist. */
  readonly isNew?: boolean;
  /** What it has removed from the options and added to them. */
  readonly gone?: readonly EditedOption[];
  readonly come?: readonly EditedOption[];
  /** The bubblewrap before. */
  readonly bwrap: Bwrap;
  /** What its edits take out of a Dockerfile. */
  readonly deleted?: string;
}

type Kind = Change['kind'];
type Of<K extends Kind> = Extract<Change, { readonly kind: K }>;

/** What `unconfined` does to a container. */
const UNCONFINED: Readonly<Record<Of<'security-opt'>['key'], string>> = {
  seccomp: "disables Docker's system-call filter",
  apparmor: 'disables AppArmor for this container',
  systempaths: 'unmasks /proc and /sys',
};

/** What each kind of change does, as a clause in the present tense that begins with its verb. */
const CLAUSES: { readonly [K in Kind]: (made: Made<Of<K>>) => string } = {
  'security-opt': ({ change: { key, value } }) =>
    value === 'unconfined' ? `Sets ${key}=unconfined, which ${UNCONFINED[key]}` : `Sets ${key}=${shownPath(value, '')}`,
  'remove-security-opt': ({ change: { key }, gone = [], come = [] }) =>
    come.length > 0 ? `Sets ${names(come)}` : `Removes ${gone.length > 0 ? names(gone) : key}`,
  'add-capability': ({ change, come }) => kept(change.capability, come, 'Adds'),
  'keep-capability': ({ change, come }) => kept(change.capability, come, 'Adds'),
  'remove-capability': ({ change }) => `Removes capability ${capabilityName(change.capability)}`,
  'remove-privileged': () => 'Removes privileged mode',
  tmpfs: ({ change: { path } }) => `Mounts a tmpfs on ${path}`,
  'move-run-args': ({ gone = [] }) =>
    `Moves ${list([...new Set(gone.map(({ flag }) => `--${flag}`))])} out of runArgs, which Docker Compose ignores`,
  'create-file': () => 'Adds a seccomp profile that allows bubblewrap',
  'allow-calls': ({ change: { calls } }) => `Allows ${callsOf(calls)} in the seccomp profile`,
  'tailor-profile': ({ change: { tailoring } }) =>
    `Allows bubblewrap's calls in the seccomp profile: ${list(tailoring.calls)}`,
  'install-bwrap': ({ change: { setuid }, bwrap, isNew }) => {
    if (bwrap.presence.value === 'present') return 'Makes bubblewrap setuid root';
    const installs = `nstalls bubblewrap${setuid ? ' as setuid root' : ''}`;
    return isNew === true ? `Adds a Dockerfile that i${installs}` : `I${installs}`;
  },
  'copy-bwrap': () => 'Copies the bubblewrap of Codex to /usr/bin/bwrap',
  'remove-bwrap': () => 'Removes bubblewrap from the image',
  'remove-setuid': () => 'Removes the setuid bit of bubblewrap',
};

/**
 * A line for the change, and one for each thing that it takes away beside what its own line says.
 * @param main the file that needs no mention where it is the only one
 */
export function detailsOf<K extends Kind>(made: Made<Of<K>>, main: string): readonly string[] {
  const kind: K = made.change.kind;
  return [CLAUSES[kind](made), ...alsoRemoved(made)].map((clause) => detail(clause, made.files, main));
}

/** What goes with the bubblewrap that the image had. */
function alsoRemoved({ change: { kind }, bwrap, deleted = '' }: Made): readonly string[] {
  if (kind !== 'copy-bwrap' && kind !== 'remove-bwrap') return [];
  return [
    ...(kind === 'copy-bwrap' && removesPackage(deleted) ? ['Removes the installation of the package bubblewrap'] : []),
    ...(bwrap.setuid.value === true
      ? [CLAUSES['remove-setuid']({ change: { kind: 'remove-setuid' }, files: [], bwrap })]
      : deleted.includes('chmod')
        ? ['Removes the chmod of bubblewrap']
        : []),
  ];
}

function removesPackage(deleted: string): boolean {
  return deleted.includes('bubblewrap');
}

/** A sentence with the files that it is about in brackets. */
export function detail(clause: string, files: readonly string[], main: string): string {
  const named = [...new Set(files)];
  return `${clause}${named.every((file) => file === main) ? '' : ` (${named.join(', ')})`}.`;
}

function names(options: readonly EditedOption[]): string {
  return list([...new Set(options.map(({ flag, value = flag }) => shownPath(value, '')))]);
}

function kept(capability: string, come: readonly EditedOption[] = [], verb: string): string {
  const name = capabilityName(capability);
  return come.some(({ flag }) => flag === 'cap-add')
    ? `${verb} capability ${name}`
    : `Stops dropping capability ${name}`;
}

function callsOf(calls: readonly string[]): string {
  return `the system call${calls.length === 1 ? '' : 's'} ${list(calls)}`;
}

/** What changes of the image and of profile files add to the container and remove from it; options: optionsDifference. */
export function fileDifference({ change, bwrap, deleted = '' }: Made): Difference {
  const wasSetuid = bwrap.setuid.value === true ? ['setuid bubblewrap'] : [];
  switch (change.kind) {
    case 'allow-calls':
      return { adds: change.calls.map((call) => `system call ${call}`), removes: [] };
    case 'tailor-profile':
      return { adds: change.tailoring.calls.map((call) => `system call ${call}`), removes: [] };
    case 'install-bwrap':
      return {
        adds: [
          ...(bwrap.presence.value === 'present' ? [] : ['package bubblewrap']),
          ...(change.setuid ? ['setuid bubblewrap'] : []),
        ],
        removes: [],
      };
    case 'copy-bwrap': {
      const replaced =
        bwrap.presence.value === 'present' ? [`bubblewrap ${bwrap.version.value ?? 'of the image'}`] : [];
      return {
        adds: [`bubblewrap ${change.version} of Codex`],
        removes: [...replaced, ...(removesPackage(deleted) ? ['package bubblewrap'] : []), ...wasSetuid],
      };
    }
    case 'remove-bwrap':
      return { adds: [], removes: ['package bubblewrap', ...wasSetuid] };
    case 'remove-setuid':
      return { adds: [], removes: ['setuid bubblewrap'] };
    default:
      return { adds: [], removes: [] };
  }
}
