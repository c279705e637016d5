import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { logs } from '../project.js';
import { atEnd, endGroup } from '../lifetime.js';
import { userSettings } from '../userSettings.js';
import { command } from './command.js';
import type { StandIn } from './setUp.js';

/** How to start VS Code's server. */
export interface ServerOptions {
  /** A folder of this run, for all that the server writes. */
  readonly state: string;
  /** Whether folders are trusted without asking; otherwise they open in Restricted Mode. */
  readonly trusted: boolean;
  /** Whether the page may be driven by a test: only then does a built workbench run extension tests. */
  readonly underTest?: boolean;
  /** Environment of the server and the extension host. */
  readonly environment?: Readonly<Record<string, string>>;
  /** User settings beside those in userSettings.ts. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A VSIX to install first. */
  readonly vsix?: string;
}

/** A running server, ended with the program. */
export interface Server {
  readonly port: number;
  /** The page's address; `query` says what the workbench opens. */
  address(query: Readonly<Record<string, string>>): string;
  /** What a path on this machine is called in the page. */
  uri(path: string): string;
  /** Ends it before the program does. */
  end(): Promise<void>;
  /** Rejects when the server exits. */
  readonly exited: Promise<never>;
}

/** Starts VS Code's server on a free port of 127.0.0.1, open only to who has the token in its address. */
export async function startServer({ node, server }: StandIn, options: ServerOptions): Promise<Server> {
  const { state, trusted, underTest = false, environment = {}, settings = {}, vsix } = options;
  mkdirSync(join(state, 'user-data/User'), { recursive: true });
  writeFileSync(join(state, 'user-data/User/settings.json'), JSON.stringify({ ...userSettings, ...settings }));
  const folders = ['server-data', 'user-data'].flatMap((name) => [`--${name}-dir`, join(state, name)]);
  folders.push('--extensions-dir', join(state, 'extensions'), '--accept-server-license-terms');
  if (vsix) await command(node, [server, ...folders, '--install-extension', vsix], state);
  const token = randomUUID();
  const child = spawn(
    node,
    [
      server,
      ...folders,
      ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token, '--telemetry-level', 'off'],
      ...(trusted ? ['--disable-workspace-trust'] : []),
      ...(underTest ? ['--enable-smoke-test-driver'] : []),
    ],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        // A device id is kept there.
        XDG_CACHE_HOME: join(state, 'cache'),
        ...environment,
        // No gallery: nothing is to be fetched.
        EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      },
    },
  );
  atEnd(() => endGroup(child));
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(join(logs, 'server.log'));
  let output = '';
  const exited = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => {
      reject(new Error(`VS Code's server ended (${String(status)}):\n${output}`));
    });
  });
  // Whoever waits for something else at that moment must not be taken for one who overlooks it.
  exited.catch(() => undefined);
  const listening = new Promise<number>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        log.write(bytes);
        output += bytes.toString();
        const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    }
  });
  const port = await Promise.race([listening, exited]);
  return {
    port,
    exited,
    end: () => endGroup(child),
    address: (query) => `http://127.0.0.1:${port}/?${new URLSearchParams({ tkn: token, ...query }).toString()}`,
    uri: (path) => `vscode-remote://127.0.0.1:${port}${path}`,
  };
}
