import { run } from './process.js';

/** Removes the control groups below those of this name that a killed engine has left. Those in which containers run stay: the kernel refuses. */
export async function removeControlGroups(name: string): Promise<void> {
  const found = ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', `*/${name}*`];
  await run('find', [...found, '-exec', 'rmdir', '{}', '+']);
}
