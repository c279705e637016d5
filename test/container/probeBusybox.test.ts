import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observation } from '../../src/probe/observation.js';
import { runProbe } from '../../src/probe/run.js';
import { probeReport } from '../../src/probe/text.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX_MOUNT, ensureCodex } from './codex.js';
import { docker } from './docker.js';
import { removeImages } from './images.js';
import { run } from './process.js';
import { gatesOf, observe, SANDBOX_COMMAND } from './sandbox.js';

const SCRIPT = readFileSync(new URL('../../media/probe.sh', import.meta.url), 'utf8');

const image = `codex-sandbox-check-${process.pid}:busybox`;

/** Nothing but busybox, as Alpine has it: its ash, its coreutils, no bash, no util-linux, no procps. */
const DOCKERFILE = `FROM debian:12 AS tools
RUN apt-get update && apt-get install -y --no-install-recommends busybox-static
FROM scratch
COPY --from=tools /bin/busybox /bin/busybox
RUN ["/bin/busybox", "mkdir", "-p", "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/etc", "/tmp", "/home/dev", "/workspaces/project"]
RUN ["/bin/busybox", "--install", "-s"]
RUN printf 'root:x:0:0::/root:/bin/ash\\ndev:x:1000:1000::/home/dev:/bin/ash\\n' >/etc/passwd && chmod 1777 /tmp && chown 1000:1000 /home/dev /workspaces/project
USER dev
ENV HOME=/home/dev PATH=/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /workspaces/project
`;

suite('the probe where there is only busybox', () => {
  let codex = '';

  suiteSetup('image', async () => {
    await ensureBaseImages();
    codex = await ensureCodex();
    const folder = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-busybox-'));
    try {
      writeFileSync(join(folder, 'Dockerfile'), DOCKERFILE);
      await docker('build', '--quiet', '--network=host', `--tag=${image}`, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  suiteTeardown('image', removeImages);

  /** Runs a function in a container that is removed afterwards. */
  async function inContainer<T>(options: readonly string[], use: (id: string) => Promise<T>): Promise<T> {
    const id = await docker('run', '--detach', '--init', '--network=none', ...options, image, 'sleep', '600');
    try {
      return await use(id);
    } finally {
      await docker('rm', '--force', id);
    }
  }

  function probe(id: string, path = '/usr/bin:/bin'): Promise<Observation> {
    const prefix = ['docker', 'exec', '--interactive', '--env', `PATH=${path}`, id];
    return runProbe({ script: SCRIPT, workspace: '/workspaces/project', prefix });
  }

  test('nothing of the workspace is run where it is mounted a second time', async () => {
    const outer = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-busybox-'));
    try {
      const workspace = join(outer, 'my project');
      mkdirSync(workspace);
      const script = '#!/bin/sh\ntouch /workspaces/project/was-run\n';
      for (const name of ['codex', 'bwrap', 'readlink']) writeFileSync(join(workspace, name), script, { mode: 0o755 });
      for (const folder of [outer, workspace]) chmodSync(folder, 0o777);
      const mounts = [`--volume=${workspace}:/workspaces/project`, `--volume=${outer}:/second place`];
      const path = '/second place/my project:/usr/bin:/bin';
      const { facts } = await inContainer(mounts, (id) => probe(id, path));
      assert.deepEqual(readdirSync(workspace).sort(), ['bwrap', 'codex', 'readlink']);
      assert.equal(facts.codex, null);
      assert.deepEqual(
        facts.passedOver.map((passed) => passed.path),
        ['/second place/my project'],
      );
    } finally {
      await rm(outer, { recursive: true, force: true });
    }
  });

  test('the Codex of the ChatGPT extension is found, by the list of the editor or by its version', async () => {
    const options = [`--volume=${codex}:${CODEX_MOUNT}:ro`, '--security-opt=seccomp=unconfined'];
    const found = await inContainer(options, async (id) => {
      const script = `cd /home/dev; mkdir -p .vscode-server/extensions; cd .vscode-server/extensions
for version in 26.9.1 26.10.1; do
  mkdir -p openai.chatgpt-$version/bin
  ln -s ${CODEX_MOUNT}/bin openai.chatgpt-$version/bin/linux-$(uname -m)
done
rm openai.chatgpt-26.9.1/bin/*; mkdir openai.chatgpt-26.9.1/bin/linux-$(uname -m)
cp ${CODEX_MOUNT}/bin/codex openai.chatgpt-26.9.1/bin/linux-$(uname -m)/`;
      await docker('exec', id, 'sh', '-ec', script);
      const newest = await probe(id);
      const list = '[{"identifier":{"id":"openai.chatgpt"},"relativeLocation":"openai.chatgpt-26.9.1"}]';
      const put = `echo '${list}' >/home/dev/.vscode-server/extensions/extensions.json`;
      await docker('exec', id, 'sh', '-ec', put);
      return [newest, await probe(id)];
    });
    assert.deepEqual(
      found.map(({ codexes }) =>
        codexes.map(({ outcome, path }) => `${/\d+\.\d+\.\d+/.exec(path)?.[0] ?? ''} ${outcome}`),
      ),
      [['26.10.1 works'], ['26.9.1 fails']],
    );
  });

  for (const [name, options, outcome] of [
    ['Docker’s default', [], 'fails'],
    ['seccomp=unconfined', ['--security-opt=seccomp=unconfined'], 'works'],
  ] as const) {
    test(`${name}, with neither bwrap nor Codex: a sensible report`, async () => {
      const { observation, left } = await inContainer(options, async (id) => ({
        observation: await probe(id),
        left: await docker('exec', id, 'ls', '-A', '/tmp'),
      }));
      assert.equal(observation.outcome, outcome, observation.summary);
      assert.equal(observation.gate, outcome === 'fails' ? 'seccomp-userns' : null);
      assert.equal(observation.facts.user.name, 'dev');
      assert.equal(observation.facts.codex, null);
      assert.deepEqual(observation.facts.bwraps, []);
      assert.match(
        observation.summary,
        /^(?:Codex is not installed here|Neither Codex nor a usable bwrap is installed here)/,
      );
      assert.match(probeReport(observation), /Codex +not installed\n +bubblewrap +not installed/);
      assert.equal(left, '', 'nothing is left in /tmp');
    });

    test(`${name}, with Codex: as the real one`, async () => {
      const { observation, ended } = await inContainer(
        [...options, `--volume=${codex}:${CODEX_MOUNT}:ro`],
        async (id) => ({
          observation: await probe(id, `${CODEX_MOUNT}/bin:/usr/bin:/bin`),
          ended: await run('docker', ['exec', id, ...SANDBOX_COMMAND]),
        }),
      );
      const real = observe(ended);
      assert.equal(real.outcome, outcome, real.error);
      assert.equal(observation.outcome, real.outcome, observation.summary);
      if (observation.gate !== null) assert(gatesOf(real.error).includes(observation.gate), real.error);
      assert.equal(observation.facts.codex?.path, `${CODEX_MOUNT}/bin/codex`);
    });
  }
});
