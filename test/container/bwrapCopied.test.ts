import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBaseImages } from './baseImages.js';
import { CODEX_VERSION, ensureCodex } from './codex.js';
import { exec, removeContainers, up, type Project } from './devcontainer.js';
import { removeImages } from './images.js';
import { succeed } from './process.js';
import { check, fix } from './product.js';
import { observe, SANDBOX_COMMAND } from './sandbox.js';

/** Lays out what the real one does of Codex's bubblewrap, as it was seen to (npm 11.19, Codex 0.169.0): an image needs no registry then. */
const NPM = `#!/bin/sh
package=/usr/local/lib/node_modules/@openai/codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl
mkdir -p "$package/codex-resources"
cp -p /opt/bundled "$package/codex-resources/bwrap"
`;

/** Another agent is not shown to need it, so that the package goes. */
const DOCKERFILE = `FROM debian:13
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*
COPY npm /usr/local/bin/
COPY bundled /opt/
RUN useradd --create-home --uid 1000 --shell /bin/bash vscode
RUN npm install -g @openai/codex@${CODEX_VERSION}
`;

/** The bubblewrap that runs while Codex's sandbox does: the file itself, as AppArmor sees it. */
const RUNNING = [
  ...['/bin/sh', '-c'],
  '/opt/codex/bin/codex sandbox -- sleep 3 & sleep 1; readlink /proc/[0-9]*/exe | grep /bwrap; wait',
];

suite('Codex’s own bubblewrap copied to /usr/bin/bwrap, on Debian 13 with masked /proc', () => {
  let temporary = '';
  let codex = '';
  suiteSetup(async () => {
    await ensureBaseImages();
    codex = await ensureCodex();
    temporary = realpathSync(mkdtempSync(join(tmpdir(), 'bwrap-copied-')));
  });
  suiteTeardown(async () => {
    await removeContainers();
    await removeImages();
    await rm(temporary, { recursive: true, force: true });
  });

  for (const user of ['vscode', 'root'] as const) {
    test(`${user}: the package’s 0.12 fails, the copy that fix writes works and is the one that runs`, async () => {
      const project = await made(user);
      const before = await observed(project);
      assert.deepEqual(before, {
        outcome: 'fails',
        error: "bwrap: Can't mount proc on /proc: Operation not permitted",
        inside: [],
      });
      assert.equal((await check(project.folder)).predictions[0]?.gate, 'proc-mount');

      await fix(project.folder);
      assert.match(readFileSync(join(project.folder, '.devcontainer/Dockerfile'), 'utf8'), /codex-resources\/bwrap/);
      const checked = await check(project.folder);
      assert.deepEqual([checked.status, checked.predictions[0]?.outcome], [0, 'works']);
      assert.deepEqual(await observed(project), { outcome: 'works', error: '', inside: ['RUNS', 'WRITES'] });
      assert.equal((await exec(project, RUNNING)).stdout.trim(), '/usr/bin/bwrap');
      assert.match((await exec(project, ['cat', '/proc/self/mounts'])).stdout, /^proc \/proc\/sys proc ro,/m);
    });
  }

  async function made(user: string): Promise<Project> {
    const folder = join(temporary, `${user}-${process.pid}`);
    const devcontainer = join(folder, '.devcontainer');
    mkdirSync(devcontainer, { recursive: true });
    writeFileSync(join(devcontainer, 'npm'), NPM, { mode: 0o755 });
    copyFileSync(join(codex, 'codex-resources/bwrap'), join(devcontainer, 'bundled'));
    writeFileSync(join(devcontainer, 'Dockerfile'), DOCKERFILE);
    const file = '.devcontainer/devcontainer.json';
    const container = { build: { dockerfile: 'Dockerfile' }, remoteUser: user, securityOpt: ['seccomp=unconfined'] };
    writeFileSync(join(folder, file), JSON.stringify(container, null, 2));
    await succeed('chown', ['-R', user === 'root' ? '0:0' : '1000:1000', folder]);
    return { folder, file };
  }

  async function observed(project: Project): Promise<ReturnType<typeof observe>> {
    await up(project);
    return observe(await exec(project, SANDBOX_COMMAND));
  }
});
