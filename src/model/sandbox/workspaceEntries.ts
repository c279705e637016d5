/** The steps at which an agent looks at what lies in the root of the workspace folder. */

import type { Demands } from '../agent/agent.js';
import type { WorkspaceFolder } from '../container/container.js';
import type { Situation, Verdict } from './situation.js';

function closed(error: string | undefined): Verdict {
  return error === undefined ? undefined : { error };
}

/** What is printed where the agent's user may not read its file of the project. */
function unreadableError(workspace: WorkspaceFolder, { projectFile }: Demands): string | undefined {
  if (!projectFile || workspace.unreadable?.includes(projectFile.path) !== true) return undefined;
  return projectFile.unreadable(`${workspace.path}/${projectFile.path}`);
}

/** The first entry that the agent shields and that is a link. */
function linked({ links = [], path }: WorkspaceFolder, { shields }: Demands): string | undefined {
  const name = shields.links?.names.find((each) => links.includes(each));
  return name === undefined ? undefined : `${path}/${name}`;
}

function linkError(workspace: WorkspaceFolder, demands: Demands): string | undefined {
  const path = linked(workspace, demands);
  return path === undefined ? undefined : demands.shields.links?.error?.(path);
}

/** What is printed for the first thing in the workspace folder that keeps the agent from starting bubblewrap; undefined: nothing does. */
export function entryInTheWay(workspace: WorkspaceFolder, demands: Demands): string | undefined {
  return unreadableError(workspace, demands) ?? linkError(workspace, demands);
}

/** Whether the agent's user may read its file of the project, which it does before all else (measured). */
export function readableProjectFile({ container: { workspace }, demands }: Situation): Verdict {
  return closed(workspace && unreadableError(workspace, demands));
}

/** Before it starts bubblewrap the agent refuses links among what it shields there. */
export function noLinkedEntries({ container: { workspace }, demands }: Situation): Verdict {
  return closed(workspace && linkError(workspace, demands));
}

/** What comes of it where bubblewrap mounts over a link depends on what it leads to. */
export function mountableEntries({ container: { workspace }, demands }: Situation): Verdict {
  const isLinked = workspace !== undefined && linked(workspace, demands) !== undefined;
  return isLinked && !demands.shields.links?.error ? 'unknown' : undefined;
}
