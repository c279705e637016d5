import { readFile } from 'node:fs/promises';
import { profileNames, TELLING_FILES, type SeenProfiles } from './appArmorProfiles.js';
import { exists } from './boundary.js';

/**
 * The AppArmor profiles of this machine. Only root may read what the kernel has loaded; else their files are a hint. undefined:
 * AppArmor's own files are not here either.
 * @param root the folder that counts as the root of the file system
 */
export async function readProfiles(root = ''): Promise<SeenProfiles | undefined> {
  const loaded = await readFile(`${root}/sys/kernel/security/apparmor/profiles`, 'utf8').catch(() => undefined);
  if (loaded !== undefined) return { loaded: true, names: profileNames(loaded) };
  const folder = `${root}/etc/apparmor.d`;
  if (!(await exists(`${folder}/abi`))) return undefined;
  const there = await Promise.all(TELLING_FILES.map((name) => exists(`${folder}/${name}`)));
  return { loaded: false, names: TELLING_FILES.filter((_, index) => there[index]) };
}
