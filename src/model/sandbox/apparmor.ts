/** What AppArmor makes of a container's processes, and of the bubblewrap that they start. */

import { bwrapPath } from '../bwrap/bwrap.js';
import { PACKAGED_BWRAP_PATH } from '../bwrapPath.js';
import type { AttachedProfiles, LoadedProfile } from '../host.js';
import type { Ternary } from '../ternary.js';
import type { Situation } from './situation.js';

/** What AppArmor makes of the container; undefined where it cannot be known. */
type Confinement = 'unconfined' | 'denies-userns' | LoadedProfile | undefined;

/** Under which profile the processes of the container run, as far as bubblewrap is concerned. */
export function confinement({ container, host: { apparmor } }: Situation): Confinement {
  const profile = container.apparmor.value;
  if (!apparmor || profile?.kind === 'unconfined') return 'unconfined';
  if (profile?.kind === 'named' && profile.name !== 'docker-default') {
    const { loadedProfiles } = apparmor;
    return Object.hasOwn(loadedProfiles, profile.name) ? loadedProfiles[profile.name] : undefined;
  }
  // --privileged takes away a profile that is not named.
  if (profile?.kind !== 'named' && container.privileged.value !== false)
    return container.privileged.value && 'unconfined';
  return profile && `denies-${apparmor.defaultDenies}`;
}

/**
 * Whether a profile of the host attaches to the bubblewrap that is started, by its path, where the process that starts it is
 * labelled `unconfined`. A setuid bit, no-new-privileges, dropped capabilities and the user do not matter to that (measured).
 */
export function hasAttachedProfile({ container, host: { apparmor }, request, chosen }: Situation): Ternary {
  const attaches = (path: string | undefined): Ternary => attachesTo(path, apparmor?.attachedTo);
  const system = attaches(bwrapPath(container));
  const bundled = attaches(request.agent.bundledBwrapPath);
  if (chosen === 'system') return system;
  return chosen === 'bundled' ? bundled : system === bundled ? system : undefined;
}

/** Where it is not known what is loaded, it may be the profile that distributions ship: it attaches where packages put bubblewrap. */
function attachesTo(path: string | undefined, attachedTo: AttachedProfiles): Ternary {
  if (path === undefined) return undefined;
  if (!attachedTo) return path === PACKAGED_BWRAP_PATH ? undefined : false;
  return attachedTo.filter((to) => to === path).length === 1;
}
