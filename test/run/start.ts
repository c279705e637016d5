// npm start: shows the main job on a sample dev container in which Codex cannot work.
import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findOnPath } from './executables.js';
import { runProgram, temporaryFolder } from './lifetime.js';
import { copySample, root, sample } from './project.js';
import { startServer } from './standIn/server.js';
import { canBeSetUp } from './standIn/setUp.js';
import { setUpStandIn } from './vscode.js';

await runProgram(async () => {
  const path = relative(root, sample);
  // 0: nothing found; 1: findings, which the sample is there for; 2: the command line did not understand.
  if ((await show('check', path)) > 1 || (await show('fix', path)) > 1) return 1;
  const atTerminal = process.stdin.isTTY && process.stdout.isTTY && !process.env['CI'];
  return atTerminal ? open() : 0;
});

/** Runs a command of the command line on the sample, as somebody would who has it installed. */
async function show(command: string, path: string): Promise<number> {
  console.log(`\n$ codex-sandbox-check ${command} ${path}\n`);
  return run(process.execPath, [join(root, 'dist/cli.cjs'), command, path]);
}

async function run(executable: string, args: readonly string[]): Promise<number> {
  const child = spawn(executable, args, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => {
      resolve(status ?? 2);
    });
  });
}

/** Opens a copy of the sample in VS Code with the extension, until its window is closed or Ctrl-C is pressed. */
async function open(): Promise<number> {
  const temporary = temporaryFolder();
  const workspace = copySample(temporary);
  const file = join(workspace, '.devcontainer/devcontainer.json');
  if (isInstalled()) {
    console.log('\nOpening the sample in VS Code with the extension; close its window to end.');
    return run('code', ['--wait', '--new-window', `--extensionDevelopmentPath=${root}`, workspace, '--goto', file]);
  }
  if (!canBeSetUp()) {
    console.log('\nTo see the extension at work, install VS Code (the command `code`) and start this again.');
    return 0;
  }
  console.log('');
  const standIn = await setUpStandIn();
  const extensions = join(temporary, 'state/extensions');
  mkdirSync(extensions, { recursive: true });
  symlinkSync(root, join(extensions, 'codex-sandbox-check'));
  const server = await startServer(standIn, { state: join(temporary, 'state'), trusted: true });
  const payload = JSON.stringify([['openFile', server.uri(file)]]);
  console.log(`\nThe sample with the extension, in your browser: ${server.address({ folder: workspace, payload })}`);
  console.log('Ctrl-C ends it.');
  return server.exited;
}

/** Whether there is a `code` that starts a desktop VS Code: inside a remote window it can only open files in that. */
function isInstalled(): boolean {
  if (process.env['VSCODE_IPC_HOOK_CLI']) return false;
  return findOnPath(process.platform === 'win32' ? 'code.cmd' : 'code') !== undefined;
}
