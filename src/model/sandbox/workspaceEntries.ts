/** The steps at which an agent looks at what lies in the root of the workspace folder. */

import type { Situation, Verdict } from './situation.js';

/** Whether the agent's user may read its file of the project, which it does before all else (measured). */
export function readableProjectFile({ container: { workspace }, demands: { projectFile } }: Situation): Verdict {
  if (!workspace || !projectFile || workspace.unreadable?.includes(projectFile.path) !== true) return undefined;
  return { error: projectFile.unreadable(`${workspace.path}/${projectFile.path}`) };
}

/** The first entry that the agent shields and that is a link. */
function linked({ container: { workspace }, demands: { shields } }: Situation): string | undefined {
  const name = shields.links?.names.find((each) => workspace?.links?.includes(each));
  return workspace && name !== undefined ? `${workspace.path}/${name}` : undefined;
}

/** Before it starts bubblewrap the agent refuses links among what it shields there. */
export function noLinkedEntries(situation: Situation): Verdict {
  const path = linked(situation);
  const error = situation.demands.shields.links?.error;
  return path === undefined || error === undefined ? undefined : { error: error(path) };
}

/** What comes of it where bubblewrap mounts over a link depends on what it leads to. */
export function mountableEntries(situation: Situation): Verdict {
  return linked(situation) === undefined || situation.demands.shields.links?.error ? undefined : 'unknown';
}
