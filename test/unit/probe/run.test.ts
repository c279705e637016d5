import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProbe } from '../../../src/probe/run.js';
import { endedByLimit, PATIENCE_MS, until } from '../../run/patience.js';

/** Whether a process is there that is not just waiting to be collected. */
function alive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

const SAY = 'say() { printf "%s\\t%s\\t%s\\t%s\\n" "$1" "$2" "$3" "$4"; }\n';

suite('probe: running it', () => {
  let folder = '';

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'probe-test-'));
  });

  teardown(() => {
    rmSync(folder, { recursive: true });
  });

  function pids(): readonly number[] {
    try {
      return readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);
    } catch {
      return [];
    }
  }

  test('gives the script a nonce and the workspace, and reads its records', async () => {
    const script = `${SAY}say "$1" fact temporary_folder /tmp; say "$1" fact user "$2"; say other fact kernel.release forged; say "$1" probe done 1`;
    const { facts } = await runProbe({ script, workspace: '/some where' });
    assert.equal(facts.user.name, '/some where');
    assert.equal(facts.kernel, null);
  });

  test('a script whose lines end as on Windows runs as any other', async () => {
    const script = `${SAY}if true; then\n  say "$1" fact user "$2"\nfi\ncat <<END\n$1\tprobe\tdone\t1\nEND\n`;
    const { facts } = await runProbe({ script: script.replaceAll('\n', '\r\n'), workspace: '/work' });
    assert.equal(facts.user.name, '/work');
  });

  test('the shell of the script gets nothing that it would run before its first command', async () => {
    const environment = { 'BASH_FUNC_id%%': '() { :; }', PS4: '$(x)', GCONV_PATH: '/x', KEPT: 'yes' };
    await runProbe({ script: `/usr/bin/env >${folder}/environment`, workspace: '/', environment });
    const got = readFileSync(join(folder, 'environment'), 'utf8');
    assert.doesNotMatch(got, /BASH_FUNC|\$\(x\)|GCONV_PATH/);
    assert.match(got, /^KEPT=yes$/m);
  });

  test('every run has another nonce', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 3; i++) {
      await runProbe({ script: `printf %s "$1" >${folder}/nonce-${i}`, workspace: '/' });
      nonces.add(readFileSync(join(folder, `nonce-${i}`), 'utf8'));
    }
    assert.equal(nonces.size, 3);
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/);
  });

  test('puts the prefix before the shell', async () => {
    const script = `${SAY}say "$1" fact user "$PREFIXED"; say "$1" probe done 1`;
    const { facts } = await runProbe({ script, workspace: '/', prefix: ['/usr/bin/env', 'PREFIXED=yes'] });
    assert.equal(facts.user.name, 'yes');
  });

  for (const [what, ignore] of [
    ['hangs', ''],
    ['hangs and ignores being asked', "trap '' TERM; "],
  ] as const) {
    test(`a script that ${what} is ended when aborted, long before it would end, with its children`, async () => {
      const hang = `${ignore}echo $$ >>${folder}/pids; sleep 100 & echo $! >>${folder}/pids; wait; sleep 100`;
      const abort = new AbortController();
      const running = runProbe({ script: hang, workspace: '/', signal: abort.signal });
      await until('the script at work', () => pids().length === 2);
      const asked = Date.now();
      abort.abort(new Error('enough'));
      await assert.rejects(running, /enough/);
      assert.ok(Date.now() - asked < PATIENCE_MS, `${Date.now() - asked} ms`);
      await until('its processes gone', () => !pids().some(alive));
    });
  }

  test('nothing starts when it is aborted already', async () => {
    const script = `echo $$ >${folder}/pids`;
    await assert.rejects(
      runProbe({ script, workspace: '/', signal: AbortSignal.abort(new Error('enough')) }),
      /enough/,
    );
    assert.deepEqual(pids(), []);
  });

  test('100 MB of output are cut off', async () => {
    const script = `echo $$ >${folder}/pids; head -c 100000000 /dev/zero | tr '\\0' x; sleep 100`;
    const started = Date.now();
    const { outcome } = await runProbe({ script, workspace: '/' });
    assert.equal(outcome, 'unknown');
    assert.ok(Date.now() - started < PATIENCE_MS);
    await until('its processes gone', () => !pids().some(alive));
  });

  test('the time is limited', async () => {
    const script = `${SAY}say "$1" fact user me; sleep 100`;
    const observation = await endedByLimit(
      (timeLimitMs) => runProbe({ script, workspace: '/', timeLimitMs }),
      ({ facts }) => facts.user.name !== null,
    );
    assert.equal(observation.outcome, 'unknown');
    assert.equal(observation.facts.user.name, 'me');
  });

  test('a program that cannot be started is an error', async () => {
    await assert.rejects(
      runProbe({ script: '', workspace: '/', prefix: ['/no/such/program'] }),
      /cannot start.*\/no\/such\/program/,
    );
  });

  test('a program that does not read the script is no error', async () => {
    const { outcome } = await runProbe({ script: 'x'.repeat(10_000_000), workspace: '/', prefix: ['/bin/true'] });
    assert.equal(outcome, 'unknown');
  });
});
