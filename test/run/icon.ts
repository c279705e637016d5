// npm run icon: draws media/icon.png, which the marketplace wants, from media/icon.svg.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, temporaryFolder } from './lifetime.js';
import { root } from './project.js';
import { launchBrowser } from './standIn/browser.js';

/** The marketplace's size, in pixels. */
const SIZE = 128;

await runProgram(async () => {
  temporaryFolder();
  const page = await (await launchBrowser()).newPage({ viewport: { width: SIZE, height: SIZE } });
  const drawing = readFileSync(join(root, 'media/icon.svg'), 'utf8');
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${drawing}`);
  await page.screenshot({ path: join(root, 'media/icon.png'), omitBackground: true });
  return 0;
});
