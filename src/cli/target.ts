import { resolve } from 'node:path';
import { HOSTS, type Host } from '../model/host.js';
import { boundariesOf } from '../probe/boundary.js';
import { readLocalHost } from '../probe/readLocalHost.js';
import type { Target } from '../rules/judge.js';
import type { Subject } from './arguments.js';
import type { Io } from './io.js';

/** For whom to judge; the host `local` is looked at now. Nothing is run from the projects that the command is about. */
export async function targetOf(
  { paths, wanted, hostsNamed }: Pick<Subject, 'paths' | 'wanted' | 'hostsNamed'>,
  io: Io,
): Promise<Target> {
  const hostOf = async (name: Host['name']): Promise<Host> => {
    if (name !== 'local') return HOSTS[name];
    const folders = [io.cwd, ...paths.map((path) => resolve(io.cwd, path))];
    return readLocalHost({ workspaces: await boundariesOf(folders), environment: io.env });
  };
  const hosts = await Promise.all(wanted.hosts.map(hostOf));
  return { ...wanted, hosts, hostsNamed };
}
