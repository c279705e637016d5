import { createReadStream, createWriteStream, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { rm } from 'node:fs/promises';
import { chromium, type Browser } from 'playwright-core';
import { findOnPath } from '../executables.js';
import { atEnd } from '../lifetime.js';
import { cached } from './cached.js';
import { unpack, untar } from './npm.js';

/** A headless Chromium as an npm package, with the libraries and a font that a bare system lacks. For 64-bit Intel Linux. */
const PACKAGE = '@sparticuz/chromium@153.0.0';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

interface Executable {
  readonly path: string;
  /** Environment variables that it needs. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a headless browser: the one that CHROMIUM names, else one that is installed, else the one from npm. */
export async function launchBrowser(): Promise<Browser> {
  const { path, environment } = await findExecutable();
  const browser = await chromium.launch({
    executablePath: path,
    env: { ...process.env, ...environment },
    // Playwright leaves Chromium's own sandbox off by default, without which root cannot start it; only our own server is shown.
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--disable-sync',
      '--disable-background-networking',
      '--disable-component-update',
      // A container has 64 MB in /dev/shm.
      '--disable-dev-shm-usage',
    ],
    // lifetime.ts ends it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  atEnd(() => browser.close());
  return browser;
}

async function findExecutable(): Promise<Executable> {
  const named = process.env['CHROMIUM'];
  if (named) return { path: named, environment: {} };
  const installed = findOnPath(...NAMES);
  return installed === undefined ? fromNpm() : { path: installed, environment: {} };
}

async function fromNpm(): Promise<Executable> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`No browser found (${NAMES.join(', ')}). Install one, or name its executable in CHROMIUM.`);
  }
  const folder = await cached('vscode/sparticuz-chromium-153.0.0', prepare);
  const libraries = [join(folder, 'libraries'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter);
  return {
    path: join(folder, 'chromium'),
    environment: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fontConfiguration(join(folder, 'fonts')) },
  };
}

/** Writes down where the fonts are: a Chromium that finds none ends itself when it first has to draw an unusual character. */
function fontConfiguration(fonts: string): string {
  const file = join(tmpdir(), 'fonts.conf');
  const places = `<dir>${fonts}</dir><cachedir>${join(tmpdir(), 'font-cache')}</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?>\n<fontconfig>${places}</fontconfig>\n`);
  return file;
}

async function prepare(folder: string): Promise<void> {
  const contents = join(folder, 'package');
  await unpack(PACKAGE, contents);
  const decompress = (name: string, target: string, mode: number): Promise<void> =>
    pipeline(
      createReadStream(join(contents, 'bin', `${name}.br`)),
      createBrotliDecompress(),
      createWriteStream(join(folder, target), { mode }),
    );
  await decompress('chromium', 'chromium', 0o755);
  await decompress('al2023.tar', 'libraries.tar', 0o644);
  await decompress('fonts.tar', 'fonts.tar', 0o644);
  await untar(join(folder, 'libraries.tar'), join(folder, 'libraries'));
  await untar(join(folder, 'fonts.tar'), join(folder, 'fonts'), { strip: 0 });
  for (const name of ['package', 'libraries.tar', 'fonts.tar']) await rm(join(folder, name), { recursive: true });
}
