import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, openSync, readSync, writeFileSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { putChatgptExtension } from './chatgptExtension.js';
import { atEnd, endGroup } from './lifetime.js';
import { logs, root } from './project.js';
import { forgetResults, readResults, reporting, type Results } from './results.js';
import { runInWorkbench } from './standIn/workbench.js';
import { userSettings } from './userSettings.js';
import type { VSCode } from './vscode.js';

/** One run of tests inside VS Code. */
export interface Suite {
  /** Names the file of its results. */
  readonly name: string;
  /** The folder of its tests, below test/editor. */
  readonly folder: string;
  /** Whether the workspace is trusted; otherwise it opens in Restricted Mode. */
  readonly trusted: boolean;
}

/** What one VS Code is started with. */
export interface Launch {
  /** The workspace folder. */
  readonly workspace: string;
  readonly trusted: boolean;
  /** A folder of this run, for all that VS Code writes. */
  readonly state: string;
  /** The module in the extension host whose `run` runs the tests. */
  readonly tests: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** No suite takes longer, in milliseconds; VSCODE_TEST_TIMEOUT (seconds) changes it. */
const LIMIT_MS = Number(process.env['VSCODE_TEST_TIMEOUT'] ?? 900) * 1000;

/**
 * Runs a suite in a VS Code of its own on a workspace folder; prints what the tests print. Throws when it came to no end, which
 * its results tell: VS Code's own exit code is 0 even when its extension host died in mid-run.
 */
export async function runSuite(vscode: VSCode, suite: Suite, workspace: string, state: string): Promise<Results> {
  mkdirSync(state, { recursive: true });
  putChatgptExtension(join(state, 'extensions'));
  const output = join(state, 'output.txt');
  const notifications = join(state, 'notifications.txt');
  const { reporter, reporterOptions } = reporting(suite.name);
  forgetResults(suite.name);
  writeFileSync(output, '');
  writeFileSync(notifications, '');
  const launch: Launch = {
    workspace,
    state,
    trusted: suite.trusted,
    tests: join(root, 'out/test/editor/index.cjs'),
    environment: {
      TEST_FOLDER: suite.folder,
      TEST_OUTPUT: output,
      TEST_NOTIFICATIONS: notifications,
      TEST_REPORTER: reporter,
      TEST_RESULTS: reporterOptions.output,
    },
  };
  const show = follow(output);
  const showing = setInterval(show, 100);
  const late = new AbortController();
  const limit = setTimeout(() => {
    late.abort(new Error(`The tests came to no end within ${LIMIT_MS / 1000} s.`));
  }, LIMIT_MS);
  try {
    await ('standIn' in vscode
      ? runInWorkbench(vscode.standIn, launch, late.signal)
      : runExecutable(vscode.executable, launch, late.signal));
  } finally {
    clearTimeout(limit);
    clearInterval(showing);
    show();
  }
  const results = readResults(suite.name);
  if (!results) throw new Error(`VS Code's extension host ended before the tests did; see ${logs}`);
  return results;
}

/** Copies what is added to a file to stdout, each time it is called. */
function follow(file: string): () => void {
  let position = 0;
  const buffer = Buffer.alloc(65536);
  return () => {
    const descriptor = openSync(file, 'r');
    for (let count; (count = readSync(descriptor, buffer, 0, buffer.length, position)) > 0; position += count) {
      process.stdout.write(Buffer.from(buffer.subarray(0, count)));
    }
    closeSync(descriptor);
  };
}

/**
 * Starts a desktop VS Code. Not through @vscode/test-electron's runTests, which trusts every folder and would leave
 * Restricted Mode untested; the arguments are the ones that it passes.
 */
async function runExecutable(executable: string, launch: Launch, late: AbortSignal): Promise<void> {
  const userData = join(launch.state, 'user-data');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User/settings.json'), JSON.stringify(userSettings));
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, 'vscode.log'));
  const child = spawn(
    executable,
    [
      launch.workspace,
      ...['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes'],
      ...(launch.trusted ? ['--disable-workspace-trust'] : []),
      `--user-data-dir=${userData}`,
      `--extensions-dir=${join(launch.state, 'extensions')}`,
      `--extensionDevelopmentPath=${root}`,
      `--extensionTestsPath=${launch.tests}`,
    ],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...launch.environment } },
  );
  atEnd(() => endGroup(child));
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      resolve();
    });
    late.addEventListener('abort', () => {
      reject(late.reason as Error);
    });
  });
}
