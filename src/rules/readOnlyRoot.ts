import { agentHome, demandsOf } from '../model/agent/request.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { writable } from '../model/container/writable.js';
import { at, cannotStart, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { list } from '../model/wordList.js';
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
  title: 'Codex cannot write to the read-only root file system',
  explanation: `
With \`--read-only\` Codex cannot write to folders that it needs before it starts bubblewrap. The folders depend on its version:

| Codex | writes to |
| --- | --- |
| 0.110 to 0.127 | \`~/.codex\` |
| 0.128 to 0.135 | \`~/.codex\` and \`/tmp\` |
| 0.136 and later | \`/tmp\`, and \`~/.codex\` where the bubblewrap on PATH is older than 0.9 |

## What to do

Mount a tmpfs on each folder and rebuild the container. A tmpfs on an existing home folder belongs to root, so give it the user's \`uid=\`.

## What it costs

Nothing of the protection. What is written to a tmpfs is lost when the container stops.

## What was measured

Sixteen versions of Codex, with bubblewrap 0.8 and 0.12.`,
  references: ['https://docs.docker.com/reference/cli/docker/container/run/'],
  bad: example(`${RELAXED},\n"runArgs": ["--read-only"]`),
  good: example(`${RELAXED},\n"runArgs": ["--read-only", "--tmpfs=/tmp"]`),
  check: (context) =>
    whereClosed(context, at(context, 'writable-paths'), (closed) => {
      const folders = namesOf(missingFolders(context));
      return {
        headline: cannotStart(context, closed, `it cannot write to ${folders}`),
        details: [
          `Mount a tmpfs on ${folders}, then rebuild the container.`,
          `The root file system is read-only, and ${context.agent.name} must write there.`,
        ],
        place: placeOf(context, context.container.readOnlyRoot),
      };
    }),
  fixes(context) {
    const missing = missingFolders(context);
    const tmpfs = missing.map((folder) => folder.tmpfs);
    return relax(context, `Mount a tmpfs on ${namesOf(missing)}`, tmpfs, true);
  },
};
