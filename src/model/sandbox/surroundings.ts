/** The steps at which an agent needs files, folders and programs of the container. */

import type { NeededFolder } from '../agent/agent.js';
import { agentHome } from '../agent/request.js';
import { bwrapHas, rewordsProcError, setuidTakesEffect, setuidWorks, supportsSetuid } from '../bwrap/bwrap.js';
import { creationError, ERRORS } from '../bwrap/errors.js';
import { isContainerUser, isRoot } from '../container/container.js';
import { writable } from '../container/writable.js';
import { all, not, type Ternary } from '../ternary.js';
import { closedWhen, type Situation, type Verdict } from './situation.js';

function isWritable({ container, host, request }: Situation, { folder }: NeededFolder): boolean {
  if (folder === 'home') return writable(container, agentHome(request.agent, container));
  // Podman mounts a tmpfs on it under --read-only, unless --read-only-tmpfs=false (measured with 4.3; podman-run(1)).
  return host.engine === 'podman' || writable(container, '/tmp');
}

/** An agent may write before it looks for a bwrap, so this comes early (measured with Codex). */
export function writablePaths(situation: Situation): Verdict {
  return writableOf(situation, false);
}

/** The same for folders that it writes to after it has looked at the entries of the workspace. */
export function lateWritablePaths(situation: Situation): Verdict {
  return writableOf(situation, true);
}

function writableOf(situation: Situation, late: boolean): Verdict {
  const { container, demands } = situation;
  const now = demands.writes.filter((folder) => (folder.late === true) === late);
  const needed = now.find((folder) => !isWritable(situation, folder));
  if (!needed) return undefined;
  const { error } = needed;
  return closedWhen(container.readOnlyRoot.value, typeof error === 'string' ? error : error(container));
}

/** Whether what the agent needs beside bubblewrap is there. */
export function programs({ container, demands }: Situation): Verdict {
  const verdicts = demands.programs.map(({ name, error }) =>
    closedWhen(not(container.installed?.[name]?.value), error),
  );
  return verdicts.find((verdict) => verdict !== undefined);
}

/** Whether there is a bubblewrap that the agent starts. */
export function bwrapAvailable({ chosen, request }: Situation): Verdict {
  return closedWhen(chosen === 'missing', request.agent.bwrapMissing);
}

/** An agent may pass an option that its bwrap does not know; bwrap checks its privileges first (measured). */
export function bwrapUnderstands({ container, demands, chosen }: Situation): Verdict {
  if (!demands.insistsOnArgv0) return undefined;
  const lacksIt = not(bwrapHas(container.bwrap.version.value, 'argv0'));
  if (chosen === 'unknown') return lacksIt === false ? undefined : 'unknown';
  return closedWhen(all(chosen === 'system', lacksIt), ERRORS.unknownArgv0);
}

/** Whether bubblewrap accepts its privileges: enough for its setuid bit, and none that it does not expect. */
export function bwrapPrivileges({ container, host, chosen }: Situation): Verdict {
  const setuid = setuidTakesEffect(container);
  if (chosen === 'system' && setuid !== false) {
    const supported = supportsSetuid(container.bwrap.version.value);
    if (setuid === undefined || supported === undefined) return 'unknown';
    return closedWhen(not(setuidWorks(container)), supported ? ERRORS.capset : ERRORS.setuidRefused);
  }
  // Under --privileged too: Podman then also passes on the added ones (measured with 4.3).
  const ambient = all(
    host.ambientCapabilities,
    not(isRoot(container)),
    container.capAdd.length > 0,
    isContainerUser(container),
    not(setuidWorks(container)),
  );
  return closedWhen(ambient, ERRORS.ambientCapabilities);
}

/** bwrap creates the missing protected entries in the workspace, in the new root, before it mounts /proc (measured). */
export function workspaceFolder({ container: { workspace, bwrap }, demands: { shields }, chosen }: Situation): Verdict {
  if (workspace?.refuses === undefined) return undefined;
  const missing = shields.names.find((name) => !workspace.present.includes(name));
  if (missing === undefined) return undefined;
  const reworded = chosen === 'system' && bwrapHas(bwrap.version.value, 'rewordsCreation') === true;
  return { error: creationError(`${workspace.path}/${missing}`, shields.as, workspace.refuses, reworded) };
}

function doesWithoutProc({ container, demands, chosen }: Situation): Ternary {
  switch (demands.proc) {
    case 'bound':
    case 'retries':
      return true;
    case 'insists':
      return false;
    case 'retries-on-old-words':
      return not(rewordsProcError(container, chosen));
  }
}

/** Whether the kernel gives the sandbox a fresh /proc, or the agent works without one. */
export function procMount(situation: Situation): Verdict {
  const { maskedPaths, privileged } = situation.container;
  const masked = all(maskedPaths.value, not(privileged.value));
  return closedWhen(all(masked, not(doesWithoutProc(situation))), ERRORS.procMount);
}

/** If bwrap has no --argv0, the command in the sandbox may need a link in the agent's folder: the last step. */
export function writableWithoutArgv0(situation: Situation): Verdict {
  const { container, chosen, demands } = situation;
  const needed = demands.writesWithoutArgv0;
  if (!needed) return undefined;
  const old = chosen === 'system' && bwrapHas(container.bwrap.version.value, 'argv0') === false;
  return closedWhen(all(container.readOnlyRoot.value, old, !isWritable(situation, needed)), needed.error);
}
