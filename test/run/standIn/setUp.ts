import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, isCached } from './cached.js';
import { command } from './command.js';
import { quiet, unpack } from './npm.js';

/** The npm package that carries VS Code 1.139.1: its server, its workbench and its built-in extensions. */
const CODE_SERVER = 'code-server@4.139.1';

/** The Node.js that this VS Code needs; npm has the program itself as a package, one for each platform. */
const NODE = `node-${process.platform}-${process.arch}@24.21.0`;

/** Counts up when the steps below change, so that what an older version prepared is not taken for done. */
const RECIPE = 1;

const FOLDER = `vscode/code-server-4.139.1-node-24.21.0-recipe-${RECIPE}`;

/** What VS Code's server lists but neither a workbench in a browser nor an extension under test needs; much of it large or to be compiled. */
const UNNEEDED = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
];

/** Two modules that would have to be compiled. The first must load or no extension test starts; without the second output channels stay empty. */
const REPLACEMENTS = {
  '@vscode/native-watchdog/index.js': 'exports.start = () => {};\nexports.exit = (code) => process.exit(code);\n',
  '@vscode/spdlog/index.js': `const { appendFileSync, mkdirSync } = require('fs');
const { dirname } = require('path');
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
class Logger {
  constructor(kind, name, file) {
    Object.assign(this, { file, level: 2, bare: false });
    mkdirSync(dirname(file), { recursive: true });
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  clearFormatters() { this.bare = true; }
  setPattern() {}
  flush() {}
  drop() {}
}
levels.forEach((name, level) => {
  Logger.prototype[name] = function (message) {
    if (level < this.level) return;
    appendFileSync(this.file, this.bare ? message : new Date().toISOString() + ' [' + name + '] ' + message + '\\n');
  };
});
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = exports.setFlushOn = () => {};
exports.createRotatingLogger = exports.createAsyncRotatingLogger = async (name, file) => new Logger('', name, file);
`,
};

/** The stand-in's two parts. */
export interface StandIn {
  /** The Node.js binary that runs the server. */
  readonly node: string;
  /** The server's main script. */
  readonly server: string;
}

/** Whether the stand-in has been set up on this machine. */
export function isSetUp(): boolean {
  return isCached(FOLDER);
}

/** Whether it can be: its parts are known to work on 64-bit Intel and ARM Linux. */
export function canBeSetUp(): boolean {
  return process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
}

/** Sets the stand-in up unless that has been done: 160 MB from npm, 310 MB on disk, about half a minute. */
export async function setUp(): Promise<StandIn> {
  const folder = await cached(FOLDER, prepare);
  return { node: join(folder, 'node/bin/node'), server: join(folder, 'vscode/out/server-main.js') };
}

async function prepare(folder: string): Promise<void> {
  const vscode = join(folder, 'vscode');
  await unpack(NODE, join(folder, 'node'), { paths: ['package/bin/node'] });
  await unpack(CODE_SERVER, vscode, {
    paths: ['package/lib/vscode'],
    except: ['extensions/copilot', 'extensions/mermaid-markdown-features'],
    strip: 3,
  });
  await command('npm', ['pkg', 'delete', ...UNNEEDED.map((name) => `dependencies.${name}`)], vscode);
  // npm itself runs on the Node.js at hand: what is installed is not run by it, so its version does not matter.
  await command('npm', ['install', '--omit=dev', '--ignore-scripts', '--engine-strict=false', ...quiet], vscode);
  const modules = join(vscode, 'node_modules');
  for (const [file, text] of Object.entries(REPLACEMENTS)) await writeFile(join(modules, file), text);
  await keepOnly(join(modules, '@vscode/ripgrep-universal/bin'), `${process.platform}-${process.arch}`);
  await keepOnly(join(modules, 'node-pty/prebuilds'), `${process.platform}-${process.arch}`);
  await rm(join(modules, 'node-pty/third_party'), { recursive: true, force: true });
}

async function keepOnly(folder: string, name: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (entry !== name) await rm(join(folder, entry), { recursive: true });
  }
}

/** The version of VS Code in the stand-in, as in `1.139.1`. */
export async function version({ server }: StandIn): Promise<string> {
  const product = JSON.parse(await readFile(join(server, '../../product.json'), 'utf8')) as { version: string };
  return product.version;
}
