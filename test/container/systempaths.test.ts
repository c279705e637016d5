import assert from 'node:assert/strict';
import { ensureBaseImages } from './baseImages.js';
import { CODEX, CODEX_MOUNT, ensureCodex } from './codex.js';
import { run } from './process.js';

/** Writes what is there already, so that nothing changes for the machine. */
const WRITE =
  'f=/proc/sys/kernel/core_pattern; v=$(cat $f); grep CapEff: /proc/self/status; { printf %s "$v" >$f; } 2>/dev/null && echo WRITTEN; :';

const NO_CAPABILITIES = 'CapEff:\t0000000000000000';

/** What the rule systempaths-as-root claims: docs/rules/systempaths-as-root.md. */
suite('a setting of the host’s kernel, written from inside Codex’s sandbox', () => {
  let codex = '';
  suiteSetup(async () => {
    await ensureBaseImages();
    codex = await ensureCodex();
  });

  async function written(user: string, ...options: readonly string[]): Promise<readonly string[]> {
    const uid = /^\d+/.exec(user)?.[0] ?? '0';
    const { stdout, stderr } = await run('docker', [
      ...['run', '--rm', '--network=none', `--user=${user}`, '--workdir=/project', '--env=HOME=/var'],
      ...[`--tmpfs=/project:uid=${uid}`, `--tmpfs=/var:uid=${uid}`, '--volume', `${codex}:${CODEX_MOUNT}:ro`],
      ...['--security-opt=seccomp=unconfined', ...options, 'debian:12'],
      ...[CODEX, 'sandbox', '-c', 'sandbox_mode="workspace-write"', '--', '/bin/sh', '-c', WRITE],
    ]);
    const lines = stdout.split('\n').filter(Boolean);
    assert.equal(lines[0], NO_CAPABILITIES, stderr);
    return lines.slice(1);
  }

  // Docker takes each of these for root.
  for (const user of ['root', '0', '00', '+0', ':1000']) {
    test(`${user}: with systempaths=unconfined it is written, although the command has no capability`, async () => {
      assert.deepEqual(await written(user, '--security-opt=systempaths=unconfined'), ['WRITTEN']);
    });
  }

  test('root: with the masks of /proc it is not', async () => {
    assert.deepEqual(await written('root'), []);
  });

  test('another user: with systempaths=unconfined it is not', async () => {
    assert.deepEqual(await written('1000', '--security-opt=systempaths=unconfined'), []);
  });
});
