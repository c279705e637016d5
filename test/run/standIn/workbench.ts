import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { logs, root } from '../project.js';
import type { Launch } from '../suite.js';
import { launchBrowser } from './browser.js';
import { startServer } from './server.js';
import type { StandIn } from './setUp.js';

/** Opens a workspace in the stand-in's workbench and runs extension tests in its (Node.js) extension host. */
export async function runInWorkbench(standIn: StandIn, launch: Launch, late: AbortSignal): Promise<void> {
  const { state, trusted, environment } = launch;
  const server = await startServer(standIn, { state, trusted, environment, underTest: true });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const log = createWriteStream(join(logs, 'workbench.log'));
  page.on('console', (message) => log.write(`[${message.type()}] ${message.text()}\n`));
  page.on('pageerror', (error) => log.write(`[pageerror] ${error.stack ?? error.message}\n`));
  const ended = new Promise<void>((resolve, reject) => {
    page.on('crash', () => {
      reject(new Error('The workbench page crashed.'));
    });
    browser.on('disconnected', () => {
      reject(new Error('The browser ended.'));
    });
    late.addEventListener('abort', () => {
      reject(late.reason as Error);
    });
    // What the workbench calls when the tests are over or the extension host is.
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
  try {
    await page.goto(
      server.address({
        folder: launch.workspace,
        payload: JSON.stringify([
          ['extensionDevelopmentPath', server.uri(root)],
          ['extensionTestsPath', server.uri(launch.tests)],
          ['skipWelcome', 'true'],
          ['skipReleaseNotes', 'true'],
        ]),
      }),
    );
    await Promise.race([ended, server.exited]);
  } catch (error) {
    const picture = join(logs, 'failure.png');
    await page.screenshot({ path: picture }).catch(() => undefined);
    throw new Error(`${String(error)}\nSee ${logs}`, { cause: error });
  } finally {
    await browser.close();
    await server.end();
  }
}
