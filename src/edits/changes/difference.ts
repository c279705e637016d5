import { boundingSet } from '../../model/container/capabilities.js';
import { known } from '../../model/container/container.js';
import { foldOptions } from '../../sources/options/fold.js';
import { mountPoint } from '../../sources/options/mounts.js';
import { readSecurityOptions } from '../../sources/options/securityOptions.js';
import { resolvePath } from '../../sources/text/paths.js';
import type { Effects } from './change.js';
import { counts, keyAndValue, type EditedOption } from './optionList.js';

/** What a container has or loses, by the name that people read. */
export type Difference = Pick<Effects, 'adds' | 'removes'>;

/**
 * What the container has with the options after that it has not with those before, and the other way round.
 * @param folder that paths of seccomp profiles are relative to; undefined: not known
 */
export function optionsDifference(
  before: readonly EditedOption[],
  after: readonly EditedOption[],
  folder: string | undefined,
): Difference {
  const [had, has] = [thingsOf(before, folder), thingsOf(after, folder)];
  return { adds: beyond(has, had), removes: beyond(had, has) };
}

function beyond(one: Things, other: Things): readonly string[] {
  // All capabilities come and go with it.
  const capabilities = one.privileged || other.privileged ? [] : one.capabilities;
  const others = new Set([...other.capabilities, ...other.things]);
  return [...capabilities, ...one.things].filter((thing) => !others.has(thing));
}

interface Things {
  readonly privileged: boolean;
  readonly capabilities: readonly string[];
  readonly things: readonly string[];
}

function thingsOf(options: readonly EditedOption[], folder: string | undefined): Things {
  const { privileged = known(false), capAdd, capDrop, securityOpt } = foldOptions(options);
  const isPrivileged = privileged.value === true;
  const all = capAdd.some(({ value }) => value === 'ALL');
  const names = all ? ['ALL'] : [...boundingSet({ privileged: known(false), capAdd, capDrop })];
  return {
    privileged: isPrivileged,
    capabilities: names.map((name) => `capability ${name}`),
    things: [
      ...(isPrivileged ? ['privileged mode'] : []),
      ...securityOf(readSecurityOptions(securityOpt), isPrivileged, folder),
      ...options.filter(counts).flatMap(otherThing),
    ],
  };
}

/** Privileged mode has neither the engine's seccomp nor its AppArmor profile, nor masks; a profile that is named it keeps (moby daemon/seccomp_linux.go). */
function securityOf(
  security: ReturnType<typeof readSecurityOptions>,
  isPrivileged: boolean,
  folder: string | undefined,
): readonly string[] {
  const { seccomp, apparmor, noNewPrivileges, maskedPaths } = security;
  const profile =
    seccomp.value?.kind === 'file' ? `seccomp profile ${shownPath(seccomp.value.path, folder)}` : undefined;
  const named = apparmor.value?.kind === 'named' ? `AppArmor profile ${apparmor.value.name}` : undefined;
  const things = [
    seccomp.value?.kind === 'default' && !isPrivileged ? 'default seccomp profile' : profile,
    apparmor.value?.kind === 'default' && !isPrivileged ? 'AppArmor profile docker-default' : named,
    noNewPrivileges.value === true ? 'no-new-privileges' : undefined,
    maskedPaths.value === true && !isPrivileged ? 'masked paths in /proc and /sys' : undefined,
  ];
  return things.filter((thing) => thing !== undefined);
}

const READ_AS_A_WHOLE: ReadonlySet<string> = new Set(['cap-add', 'cap-drop', 'privileged']);

const READ_SECURITY_OPTIONS: ReadonlySet<string> = new Set(['seccomp', 'apparmor', 'no-new-privileges', 'systempaths']);

function otherThing(option: EditedOption): readonly string[] {
  const { flag, value = '' } = option;
  if (READ_AS_A_WHOLE.has(flag)) return [];
  if (flag === 'security-opt' && READ_SECURITY_OPTIONS.has(keyAndValue(option)[0])) return [];
  if (flag === 'tmpfs') return [`tmpfs ${mountPoint(option) ?? value}`];
  return [value === 'true' ? `--${flag}` : `--${flag}=${value}`];
}

/** A path as people say it: relative to the workspace folder. */
export function shownPath(path: string, folder: string | undefined): string {
  const resolved = folder === undefined ? undefined : resolvePath(folder, path);
  return resolved?.kind === 'inside' ? resolved.path : path;
}
