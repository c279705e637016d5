/** The steps at which an agent looks at entries in the root of the workspace folder. */

import type { Demands } from '../agent/agent.js';
import type { WorkspaceFolder } from '../container/container.js';
import type { Situation, Verdict } from './situation.js';

function closed(error: string | undefined): Verdict {
  return error === undefined ? undefined : { error };
}

/** The error if the agent's user may not read the project's file. */
function unreadableError(workspace: WorkspaceFolder, { projectFile }: Demands): string | undefined {
  if (!projectFile || workspace.unreadable?.includes(projectFile.path) !== true) return undefined;
  return projectFile.unreadable(`${workspace.path}/${projectFile.path}`);
}

/** The first protected entry that is a link. */
function linked({ links = [], path }: WorkspaceFolder, { shields }: Demands): string | undefined {
  const name = shields.links?.names.find((each) => links.includes(each));
  return name === undefined ? undefined : `${path}/${name}`;
}

function linkError(workspace: WorkspaceFolder, demands: Demands): string | undefined {
  const path = linked(workspace, demands);
  return path === undefined ? undefined : demands.shields.links?.error?.(path);
}

/** The error for the first entry of the workspace folder that keeps the agent from starting bubblewrap; undefined: none does. */
export function entryInTheWay(workspace: WorkspaceFolder, demands: Demands): string | undefined {
  return unreadableError(workspace, demands) ?? linkError(workspace, demands);
}

/** Whether the agent's user may read the project's file, which the agent reads first (measured). */
export function readableProjectFile({ container: { workspace }, demands }: Situation): Verdict {
  return closed(workspace && unreadableError(workspace, demands));
}

/** The agent refuses links among the protected entries before it starts bubblewrap. */
export function noLinkedEntries({ container: { workspace }, demands }: Situation): Verdict {
  return closed(workspace && linkError(workspace, demands));
}

/** If bubblewrap mounts over a link, the outcome depends on the link's target. */
export function mountableEntries({ container: { workspace }, demands }: Situation): Verdict {
  const isLinked = workspace !== undefined && linked(workspace, demands) !== undefined;
  return isLinked && !demands.shields.links?.error ? 'unknown' : undefined;
}
