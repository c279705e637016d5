import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { join } from 'node:path';
import { neutralFolder } from './neutralFolder.js';

/** How long Windows' own program may take to end a process and its children. */
const TASKKILL_LIMIT_MS = 3000;

/**
 * How a program is started so that `endChild` reaches what it starts: as the leader of a process group. Windows knows no groups,
 * and opens a console window for a program that is detached.
 */
export function endable(platform: NodeJS.Platform): Pick<SpawnOptions, 'cwd' | 'detached' | 'windowsHide'> {
  return { cwd: neutralFolder(platform), detached: platform !== 'win32', windowsHide: true };
}

/**
 * Ends a child that was started as `endable` says, and what it has started. SIGTERM asks them to end; Windows cannot ask, so
 * there only SIGKILL does something. What was killed no longer keeps this process from ending. Never fails.
 */
export function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL', platform: NodeJS.Platform): void {
  if (child.pid === undefined) return;
  if (platform !== 'win32') send(-child.pid, signal);
  else if (signal === 'SIGKILL') endTree(child, child.pid);
  if (signal === 'SIGKILL') child.unref();
}

/**
 * Ends a Windows process and its children. Windows finds the children through the process, so it must not end first. If an
 * administrator forbids taskkill, only the process itself ends.
 */
function endTree(child: ChildProcess, pid: number): void {
  // The number of a process that has ended may be that of another one by now.
  const runs = (): boolean => child.exitCode === null && child.signalCode === null;
  if (!runs()) return;
  const endAlone = (): void => {
    if (runs()) send(pid, 'SIGKILL');
  };
  const folder = neutralFolder('win32');
  try {
    spawn(join(folder, 'System32', 'taskkill.exe'), ['/T', '/F', '/PID', String(pid)], {
      cwd: folder,
      windowsHide: true,
      stdio: 'ignore',
      timeout: TASKKILL_LIMIT_MS,
      killSignal: 'SIGKILL',
    })
      .on('error', endAlone)
      .on('close', endAlone);
  } catch {
    // Windows' less usual reasons not to start a program are thrown.
    endAlone();
  }
}

/** Sends a signal to a process, or to the group of a negative number. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It has already ended: Windows and macOS also report that as EPERM. A process that may not be ended continues.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
