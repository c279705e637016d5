import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { MeasuredCodex, Observation } from '../../src/probe/observation.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX_MOUNT, CODEX_VERSION, ensureCodexVersion, type InstalledCodex } from './codex.js';
import { docker } from './docker.js';
import { nameImage, OUR_NAME, removeImages } from './images.js';
import { measure, probe } from './product.js';

/** An extension of before it brought a bubblewrap had about this one. */
const OLDER = '0.130.0';
/** Where the Codex of the extension is mounted from npm, to be copied from there. */
const OF_EXTENSION = '/opt/of-extension';

const NAME = 'openai.chatgpt-26.917.1-linux-x64';
const EXTENSIONS = '/home/vscode/.vscode-server/extensions';
const MACHINE = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
const PROGRAM = `bin/linux-${MACHINE}/codex`;

const WORKSPACE = '/workspaces/project';
const UNCONFINED = '--security-opt=seccomp=unconfined';

suite('the probe in a container with the Codex of the ChatGPT extension', () => {
  const image = `${OUR_NAME}:extension`;
  let folder = '';
  let installed: Readonly<Record<string, InstalledCodex>> = {};
  const containers: string[] = [];

  /** A container with one Codex mounted for PATH, one for the extension, and these files. */
  async function start(version: string, script: string, ...options: readonly string[]): Promise<string> {
    const mounts = [
      `--volume=${installed[CODEX_VERSION]?.folder ?? ''}:${CODEX_MOUNT}:ro`,
      `--volume=${installed[version]?.folder ?? ''}:${OF_EXTENSION}:ro`,
    ];
    const labels = ['--label', `devcontainer.metadata=${JSON.stringify([{ remoteUser: 'vscode' }])}`];
    const id = await docker('run', '--detach', '--init', ...mounts, ...labels, ...options, image, 'sleep', 'infinity');
    containers.push(id);
    await docker('exec', '--user=root', id, '/bin/sh', '-ec', script);
    return id;
  }

  /** The shell's words that make an extension of the mounted Codex, with its bubblewrap or without. */
  function extension(version: string, bwrap: boolean): string {
    const path = `${EXTENSIONS}/${NAME}/${PROGRAM}`;
    const executable = (installed[version]?.executable ?? '').replace(CODEX_MOUNT, OF_EXTENSION);
    const resources = bwrap ? `cp -r ${OF_EXTENSION}/codex-resources ${dirname(path)}/` : ':';
    const manifest = JSON.stringify([{ identifier: { id: 'openai.chatgpt' }, relativeLocation: NAME }]);
    return `mkdir -p ${dirname(path)}; cp ${executable} ${path}; ${resources}; echo '${manifest}' >${EXTENSIONS}/extensions.json`;
  }

  const onPath = `ln -s ${CODEX_MOUNT}/bin/codex /usr/local/bin/codex`;

  const briefly = ({ codexes }: Observation): unknown =>
    codexes.map(({ origin, version, outcome, gate, bundledBwrap }: MeasuredCodex) => ({
      origin,
      version,
      outcome,
      gate,
      bundled: bundledBwrap !== null,
    }));

  const took = ({ steps }: Pick<Observation, 'steps'>): number =>
    steps.reduce((sum, { durationMs }) => sum + durationMs, 0);

  suiteSetup('image, Codex', async () => {
    await ensureBaseImages();
    installed = {
      [CODEX_VERSION]: await ensureCodexVersion(CODEX_VERSION),
      [OLDER]: await ensureCodexVersion(OLDER),
    };
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'codex-sandbox-check-extension-')));
    const context = join(folder, 'image');
    mkdirSync(context);
    const lines = [
      'FROM debian:12',
      'RUN useradd --create-home --uid 1000 --shell /bin/bash vscode',
      `RUN mkdir -p ${WORKSPACE} && chown vscode ${WORKSPACE}`,
    ];
    writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
    await nameImage(await docker('build', '--quiet', '--network=host', context), 'extension');
  });

  teardown('containers', async () => {
    const ids = containers.splice(0);
    if (ids.length > 0) await docker('rm', '--force', ...ids);
  });

  suiteTeardown('image, folder', async () => {
    await removeImages();
    await rm(folder, { recursive: true, force: true });
  });

  test('both are measured, in JSON and in text, and what differs comes first', async () => {
    const id = await start(OLDER, `${onPath}; ${extension(OLDER, false)}`, UNCONFINED);
    const observation = await measure('--container', id);
    assert.deepEqual(briefly(observation), [
      { origin: 'path', version: CODEX_VERSION, outcome: 'works', gate: null, bundled: true },
      { origin: 'extension', version: OLDER, outcome: 'fails', gate: 'bwrap-available', bundled: false },
    ]);
    assert.deepEqual([observation.outcome, observation.gate], ['fails', 'bwrap-available']);
    const difference = /^Codex in the terminal works, Codex in the ChatGPT extension fails\. /m;
    assert.match(observation.summary, difference);
    const { stdout, status } = await probe('--container', id);
    assert.equal(status, 1);
    assert.match(stdout, difference);
    assert.match(stdout, new RegExp(`^ {2}Codex +${CODEX_VERSION}, /usr/local/bin/codex$`, 'm'));
    assert.match(stdout, new RegExp(`^ {2}Codex +${OLDER}, ${EXTENSIONS}/${NAME}/${PROGRAM} `, 'm'));
    console.log(`        steps: ${took(observation)} ms, those of the extension: ${took(observation.codexes[1]!)} ms`);
  });

  test('with its own bubblewrap it works, also where there is no other Codex', async () => {
    const id = await start(OLDER, extension(OLDER, true), UNCONFINED);
    const observation = await measure('--container', id);
    assert.deepEqual(briefly(observation), [
      { origin: 'extension', version: OLDER, outcome: 'works', gate: null, bundled: true },
    ]);
    assert.equal(observation.outcome, 'works', observation.summary);
    assert.equal(observation.facts.codex?.origin, 'extension');
  });

  test('both fail where the container lets none start', async () => {
    const id = await start(CODEX_VERSION, `${onPath}; ${extension(CODEX_VERSION, true)}`);
    const observation = await measure('--container', id);
    assert.deepEqual(briefly(observation), [
      { origin: 'path', version: CODEX_VERSION, outcome: 'fails', gate: 'seccomp-userns', bundled: true },
      { origin: 'extension', version: CODEX_VERSION, outcome: 'fails', gate: 'seccomp-userns', bundled: true },
    ]);
    assert.match(observation.summary, /The same holds for Codex in the terminal and Codex in the ChatGPT extension\.$/);
  });

  test('an extension that is mounted from the workspace is not run', async () => {
    const workspace = join(folder, 'workspace');
    const program = join(workspace, NAME, PROGRAM);
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, `#!/bin/sh\ntouch ${WORKSPACE}/was-run\n`, { mode: 0o755 });
    const mounts = [
      `--volume=${workspace}:${WORKSPACE}`,
      `--volume=${workspace}/${NAME}:${EXTENSIONS}/${NAME}`,
      '--label',
      `devcontainer.local_folder=${workspace}`,
    ];
    const id = await start(CODEX_VERSION, `${onPath}; chmod 777 ${WORKSPACE}`, ...mounts, UNCONFINED);
    const observation = await measure('--container', id);
    assert.deepEqual(readdirSync(workspace), [NAME]);
    assert.deepEqual(
      observation.codexes.map(({ origin }) => origin),
      ['path'],
    );
    assert.deepEqual(observation.facts.passedOver, [
      { path: `${EXTENSIONS}/${NAME}/${PROGRAM}`, reason: 'the extension is inside the workspace' },
    ]);
  });
});
