/**
 * Codex's permission profiles: `default_permissions` names one that is built in or one of `[permissions]`. What each form does was
 * measured with Codex 0.169.0 (docs/how-it-works.md, "Permission profiles"; test/container/permissionProfiles.test.ts).
 */

import { settingAt, settingsIn, type Setting } from './settings.js';

/** What a profile does to the sandbox. */
export type Profile =
  | {
      readonly kind: 'known';
      /** Commands may use the network of the container. */
      readonly network: boolean;
      /** The settings that say so. */
      readonly by: readonly Setting[];
      /** It lets commands write everywhere and refuses nothing: Codex starts no bubblewrap then. */
      readonly everywhere?: Setting;
    }
  /** What is read does not define it: another file of Codex's may. */
  | { readonly kind: 'elsewhere'; readonly name: string }
  /** Codex does not start. */
  | { readonly kind: 'refused'; readonly why: string };

/** The profile that switches the sandbox off. */
export const OPEN_PROFILE = ':danger-full-access';

/** What a profile of one's own may extend; both leave the network out. */
const BASES = [':read-only', ':workspace'];

/** The names that Codex 0.169.0 knows by itself. */
export const BUILT_IN: readonly string[] = [...BASES, OPEN_PROFILE];

/** What a profile of `[permissions]` does, with what it extends. */
export function profileOf(name: string, settings: readonly Setting[]): Profile {
  const chain: string[] = [];
  for (let next: string | undefined = name; next !== undefined; next = parentOf(next, settings)) {
    if (chain.includes(next)) return { kind: 'refused', why: `the permission profile "${next}" extends itself` };
    if (BASES.includes(next) && chain.length > 0) break;
    if (next.startsWith(':')) return { kind: 'refused', why: `no permission profile can extend "${next}"` };
    if (!isDefined(next, settings)) return { kind: 'elsewhere', name: next };
    chain.push(next);
  }
  return resolved(chain, settings);
}

function isDefined(name: string, settings: readonly Setting[]): boolean {
  return settingsIn(settings, 'permissions', name).length > 0;
}

function parentOf(name: string, settings: readonly Setting[]): string | undefined {
  const value = settingAt(settings, 'permissions', name, 'extends')?.value;
  return typeof value === 'string' ? value : undefined;
}

/** @param chain the profile, then what it extends: the first that says something decides */
function resolved(chain: readonly string[], settings: readonly Setting[]): Profile {
  const enabled = chain
    .map((name) => settingAt(settings, 'permissions', name, 'network', 'enabled'))
    .find((setting) => setting !== undefined);
  const everywhere = writesEverywhere(accesses(chain, settings));
  return {
    kind: 'known',
    network: enabled?.value === true,
    by: enabled ? [enabled] : [],
    ...(everywhere && { everywhere }),
  };
}

/** What the profile says of paths, by path: the access of a profile goes before that of what it extends. */
function accesses(chain: readonly string[], settings: readonly Setting[]): ReadonlyMap<string, Setting> {
  const found = new Map<string, Setting>();
  for (const name of chain.toReversed()) {
    for (const setting of settingsIn(settings, 'permissions', name, 'filesystem')) {
      const [first = '', ...rest] = setting.keys.slice(3);
      // `glob_scan_max_depth` is no path.
      if (typeof setting.value === 'string')
        found.set(rest.join('/') === '.' ? first : setting.keys.slice(3).join('\n'), setting);
    }
  }
  return found;
}

/** Any other access beside it, and Codex starts bubblewrap. */
function writesEverywhere(paths: ReadonlyMap<string, Setting>): Setting | undefined {
  return [...paths.values()].every(({ value }) => value === 'write') ? paths.get(':root') : undefined;
}
