import { appendFileSync, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { logs, root } from '../project.js';
import type { Launch } from '../suite.js';
import { launchBrowser } from './browser.js';
import { startServer } from './server.js';
import type { Page } from 'playwright-core';
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
  await watchNotifications(page, environment['TEST_NOTIFICATIONS']);
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

/** Writes down what the workbench tells in notifications, a line of JSON each: an extension sees only its own. */
async function watchNotifications(page: Page, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  await page.exposeFunction('notificationShown', (notification: unknown) => {
    appendFileSync(file, `${JSON.stringify(notification)}\n`);
  });
  // As text: what is compiled for Node.js refers to helpers that the page does not have.
  await page.addInitScript({
    content: `new MutationObserver(() => {
      for (const toast of document.querySelectorAll('.notification-toast .notification-list-item')) {
        const icon = toast.querySelector('.notification-list-item-icon');
        const text = toast.querySelector('.notification-list-item-message')?.textContent;
        if (!icon || !text || toast.watched === text) continue;
        toast.watched = text;
        notificationShown({ severity: /codicon-(error|warning|info)/.exec(icon.className)?.[1], text });
      }
    }).observe(document, { childList: true, subtree: true, characterData: true });`,
  });
}
