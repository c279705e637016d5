// npm run shots: installs the package into VS Code, opens the sample and takes the pictures that README shows.
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { runProgram, temporaryFolder } from './lifetime.js';
import { copySample, logs, root } from './project.js';
import { launchBrowser } from './standIn/browser.js';
import { startServer } from './standIn/server.js';
import { setUpStandIn } from './vscode.js';

/** What the workbench looks like in the pictures. */
const SETTINGS = {
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.tips.enabled': false,
};

/** Time for animations to end, in milliseconds. */
const SETTLE_MS = 1500;

await runProgram(async () => {
  const [vsix = 'codex-sandbox-check.vsix'] = process.argv.slice(2);
  const temporary = temporaryFolder();
  const workspace = copySample(temporary);
  const server = await startServer(await setUpStandIn(), {
    state: join(temporary, 'state'),
    trusted: true,
    settings: SETTINGS,
    vsix: join(root, vsix),
  });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1200, height: 720 } });
  page.setDefaultTimeout(30_000);
  const payload = JSON.stringify([['openFile', server.uri(join(workspace, '.devcontainer/devcontainer.json'))]]);
  await page.goto(server.address({ folder: workspace, payload }));
  try {
    await picture(page);
  } catch (error) {
    await page.screenshot({ path: join(logs, 'failure.png') });
    throw error;
  }
  return 0;
});

async function picture(page: Page): Promise<void> {
  await page.locator('.monaco-editor .squiggly-error').first().waitFor();
  // Without the side bar the messages have room.
  await page.keyboard.press('Control+B');
  await page.keyboard.press('Control+Shift+M');
  const problem: Locator = page.locator('.markers-panel .monaco-list-row', { hasText: 'Codex' }).first();
  await problem.waitFor();
  await take(page, 'problems');
  // A double click in the Problems panel puts the cursor on the problem.
  await problem.dblclick();
  await page.waitForTimeout(SETTLE_MS);
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row').first().waitFor();
  await take(page, 'quickfix');
}

async function take(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(SETTLE_MS);
  const path = join(root, 'media', `${name}.png`);
  await page.screenshot({ path });
  console.log(path);
}
