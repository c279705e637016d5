/** How AppArmor confines a container's processes and the bubblewrap that they start. */

import { bwrapPath } from '../bwrap/bwrap.js';
import { PACKAGED_BWRAP_PATH } from '../bwrapPath.js';
import type { AttachedProfiles, LoadedProfile } from '../host.js';
import type { Ternary } from '../ternary.js';
import type { Situation } from './situation.js';

/** How AppArmor confines the container; undefined if that cannot be known. */
type Confinement = 'unconfined' | 'denies-userns' | LoadedProfile | undefined;

/** The profile of the container's processes, as far as it concerns bubblewrap. */
export function confinement({ container, host: { apparmor } }: Situation): Confinement {
  const profile = container.apparmor.value;
  if (!apparmor || profile?.kind === 'unconfined') return 'unconfined';
  if (profile?.kind === 'named' && profile.name !== 'docker-default') {
    const { loadedProfiles } = apparmor;
    return Object.hasOwn(loadedProfiles, profile.name) ? loadedProfiles[profile.name] : undefined;
  }
  // --privileged removes a profile that is not named.
  if (profile?.kind !== 'named' && container.privileged.value !== false)
    return container.privileged.value && 'unconfined';
  return profile && `denies-${apparmor.defaultDenies}`;
}

/**
 * Whether a profile of the host attaches to the started bubblewrap, by its path, if the process that starts it has the label
 * `unconfined`. A setuid bit, no-new-privileges, dropped capabilities and the user do not matter (measured).
 */
export function hasAttachedProfile({ container, host: { apparmor }, request, chosen }: Situation): Ternary {
  const attaches = (path: string | undefined): Ternary => attachesTo(path, apparmor?.attachedTo);
  const system = attaches(bwrapPath(container));
  const bundled = attaches(request.agent.bundledBwrapPath);
  if (chosen === 'system') return system;
  return chosen === 'bundled' ? bundled : system === bundled ? system : undefined;
}

/** If the loaded profiles are unknown, the one that distributions ship may be among them: it attaches to the path of the package. */
function attachesTo(path: string | undefined, attachedTo: AttachedProfiles): Ternary {
  if (path === undefined) return undefined;
  if (!attachedTo) return path === PACKAGED_BWRAP_PATH ? undefined : false;
  return attachedTo.filter((to) => to === path).length === 1;
}
