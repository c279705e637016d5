import { agentHome, demandsOf } from '../model/agent/request.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { writable } from '../model/container/writable.js';
import { at, everyCommandFails, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { sentence } from './engine/wording.js';
import { example, RELAXED } from './shared/examples.js';

interface Folder {
  /** For people. */
  readonly folder: string;
  readonly path: string;
  readonly tmpfs: RelaxationId;
}

/** What this version of the agent has to write to and cannot; of what it needs only without --argv0 the error alone tells. */
function missingFolders(context: RuleContext): readonly Folder[] {
  const [first] = at(context, 'writable-paths');
  return foldersFor(context, first?.error).filter(({ path }) => !writable(context.container, path));
}

function foldersFor({ agent, container, request }: RuleContext, error: string | undefined): readonly Folder[] {
  const { writes, writesWithoutArgv0 } = demandsOf(request);
  const home: Folder = {
    folder: `~/${agent.homeFolder}`,
    path: agentHome(agent, container),
    tmpfs: 'tmpfs-codex-home',
  };
  const tmp: Folder = { folder: '/tmp', path: '/tmp', tmpfs: 'tmpfs-tmp' };
  if (error === writesWithoutArgv0?.error) return [home];
  return writes.map(({ folder }) => (folder === 'home' ? home : tmp));
}

function namesOf(folders: readonly Folder[]): string {
  return list(folders.map(({ folder }) => folder));
}

/** Codex has to write to the home folder and to /tmp before it can start bubblewrap. */
export const readOnlyRoot: Rule = {
  id: 'read-only-root',
  title: 'A read-only root file system leaves Codex nowhere to write',
  explanation: `
With \`--read-only\` Codex cannot write to what it needs before bubblewrap starts. Which folders these are depends on its version:
~/.codex for 0.110 to 0.127, ~/.codex and /tmp for 0.128 to 0.135, /tmp since 0.136, and ~/.codex besides where the bubblewrap on PATH
is older than 0.9. A tmpfs is enough for each (measured with sixteen versions of Codex and with bubblewrap 0.8 and 0.12). A tmpfs on
an existing home folder belongs to root: give it the user's \`uid=\`.`,
  references: ['https://docs.docker.com/reference/cli/docker/container/run/'],
  bad: example(`${RELAXED},\n"runArgs": ["--read-only"]`),
  good: example(`${RELAXED},\n"runArgs": ["--read-only", "--tmpfs=/tmp"]`),
  check: (context) =>
    whereClosed(context, at(context, 'writable-paths'), (closed) => ({
      headline:
        `The root file system is read-only, and ${context.agent.name} has to write to ${namesOf(missingFolders(context))}. ` +
        `${sentence(everyCommandFails(context, closed, { who: 'it' }))}Mount a tmpfs there, and recreate the container.`,
      place: placeOf(context, context.container.readOnlyRoot),
    })),
  fixes(context) {
    const missing = missingFolders(context);
    const tmpfs = missing.map((folder) => folder.tmpfs);
    return relax(context, `Mount a tmpfs on ${namesOf(missing)}`, tmpfs, true);
  },
};
