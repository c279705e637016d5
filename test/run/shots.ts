// npm run shots: installs the package into VS Code, opens the sample and takes the pictures of README and walkthrough, and others to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
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
  'workbench.layoutControl.enabled': false,
  'workbench.tips.enabled': false,
};

/** The width at which headlines and first actions are to be uncut. */
const VIEWPORT = { width: 1280, height: 720 };

/** The pictures of the first theme are published; those of the others are looked at. */
const PUBLISHED = 'Default Light Modern';
const THEMES = [PUBLISHED, 'Default Dark Modern', 'Default High Contrast'];

/** Time for animations to end, in milliseconds. */
const SETTLE_MS = 1500;

await runProgram(async () => {
  const [vsix = 'codex-sandbox-check.vsix'] = process.argv.slice(2);
  const temporary = temporaryFolder();
  const standIn = await setUpStandIn();
  const browser = await launchBrowser();
  for (const theme of THEMES) {
    const state = join(temporary, theme);
    mkdirSync(state);
    const workspace = copySample(state);
    const server = await startServer(standIn, {
      state: join(state, 'state'),
      trusted: true,
      settings: { ...SETTINGS, 'workbench.colorTheme': theme },
      vsix: join(root, vsix),
    });
    const page = await browser.newPage({ viewport: VIEWPORT });
    page.setDefaultTimeout(30_000);
    const payload = JSON.stringify([['openFile', server.uri(join(workspace, '.devcontainer/devcontainer.json'))]]);
    await page.goto(server.address({ folder: workspace, payload }));
    try {
      await pictures(page, theme);
    } catch (error) {
      await page.screenshot({ path: join(logs, 'failure.png') });
      throw error;
    }
    await page.close();
    await server.end();
  }
  return 0;
});

async function pictures(page: Page, theme: string): Promise<void> {
  await page.locator('.monaco-editor .squiggly-error').first().waitFor();
  // Without the side bar the messages have room.
  await page.keyboard.press('Control+B');
  await page.keyboard.press('Control+Shift+M');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'Codex' }).first();
  await problem.waitFor();
  await take(page, theme, 'problems');
  // A double click in the Problems panel puts the cursor on the problem.
  await problem.dblclick();
  await page.waitForTimeout(SETTLE_MS);
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row').first().waitFor();
  await take(page, theme, 'quickfix');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+J');
  await page.keyboard.press('F1');
  await page.keyboard.type('Show Codex Sandbox Report');
  await page.waitForTimeout(SETTLE_MS);
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'Codex sandbox report' }).waitFor();
  await page.waitForTimeout(SETTLE_MS);
  await take(page, theme, 'report');
}

async function take(page: Page, theme: string, name: string): Promise<void> {
  await page.waitForTimeout(SETTLE_MS);
  const path = join(theme === PUBLISHED ? join(root, 'media') : join(logs, theme), `${name}.png`);
  await page.screenshot({ path });
  console.log(path);
}
