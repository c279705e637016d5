import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { askProgram } from '../../../src/probe/askProgram.js';
import { neutralFolder } from '../../../src/probe/neutralFolder.js';
import { runProbe } from '../../../src/probe/run.js';
import { endedByLimit, until } from '../../run/patience.js';

/** Whether a process is there that is not just waiting to be collected. */
function alive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

function groupOf(pid: number | 'self'): number {
  const [, , group] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(group);
}

interface Ways {
  readonly platform: NodeJS.Platform;
  readonly signal?: AbortSignal;
  readonly timeLimitMs?: number;
  readonly endElsewhere?: () => Promise<unknown>;
}

/** The two that start programs. Both give the reason for which they were aborted, or nothing. */
const STARTERS: Readonly<Record<string, (script: string, ways: Ways) => Promise<unknown>>> = {
  runProbe: async (script, ways) =>
    runProbe({ script, workspace: '/', ...ways }).then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  askProgram: async (script, { platform, signal, timeLimitMs = 60_000 }) => {
    const args = ['-c', script];
    const answer = await askProgram({
      program: '/bin/sh',
      args,
      environment: process.env,
      workspaces: [],
      timeLimitMs,
      signal,
      platform,
    });
    assert.equal(answer.exitCode, null);
    return signal?.reason as unknown;
  },
};

suite('ending a child', () => {
  let folder = '';
  const systemRoot = process.env['SystemRoot'];

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'end-child-'));
    mkdirSync(join(folder, 'System32'));
    process.env['SystemRoot'] = folder;
  });
  teardown(() => {
    mock.restoreAll();
    if (systemRoot === undefined) delete process.env['SystemRoot'];
    else process.env['SystemRoot'] = systemRoot;
    for (const pid of pids().filter(alive)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  function read(name: string): string {
    return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  }

  const pids = (): readonly number[] => read('pids').split('\n').filter(Boolean).map(Number);

  /** Windows knows no process groups: a number that is negative is of no process. */
  function withoutGroups(): void {
    const kill = process.kill.bind(process);
    mock.method(process, 'kill', (pid: number, signal: NodeJS.Signals) => {
      if (pid < 0) throw Object.assign(new Error('No such process.'), { code: 'ESRCH' });
      return kill(pid, signal);
    });
  }

  /** Puts a shell script where Windows has its program of that name. */
  function taskkill(script: string): void {
    const path = join(folder, 'System32/taskkill.exe');
    writeFileSync(path, `#!/bin/sh\necho "$PWD: $*" >>${folder}/asked\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** As the true one: first the children, then the process. */
  const ENDS_ALL = (): string => `kill -9 $(tail -n 1 ${folder}/pids); kill -9 "$4"`;

  /** A program that has a child and takes a minute. */
  const sleeps = (): string =>
    `sleep 60 & pwd >${folder}/cwd; printf '%s\\n' "$$" "$!" >${folder}/all; mv ${folder}/all ${folder}/pids; wait`;

  /** Starts what sleeps, aborts it, and gives what came of it. */
  async function aborted(start: (script: string, ways: Ways) => Promise<unknown>, ways: Ways): Promise<unknown> {
    const abort = new AbortController();
    const running = start(sleeps(), { ...ways, signal: abort.signal });
    await until('its start', () => pids().length === 2);
    abort.abort('enough');
    return running;
  }

  for (const [name, start] of Object.entries(STARTERS)) {
    for (const platform of ['linux', 'win32'] as const) {
      test(`${name} on ${platform}: aborting ends the program and its child`, async () => {
        if (platform === 'win32') withoutGroups();
        taskkill(ENDS_ALL());
        assert.equal(await aborted(start, { platform }), 'enough');
        await until('their end', () => !pids().some(alive));
      });

      test(`${name} on ${platform}: the time limit does, too`, async () => {
        if (platform === 'win32') withoutGroups();
        taskkill(ENDS_ALL());
        await endedByLimit(
          (timeLimitMs) => start(sleeps(), { platform, timeLimitMs }),
          () => pids().length === 2,
        );
        assert.equal(pids().length, 2, 'it never started');
        await until('their end', () => !pids().some(alive));
      });

      test(`${name} on ${platform}: ${platform === 'win32' ? 'no process group' : 'a group of its own'}`, async () => {
        taskkill(ENDS_ALL());
        const abort = new AbortController();
        const running = start(sleeps(), { platform, signal: abort.signal });
        await until('its start', () => pids().length === 2);
        const [pid = 0] = pids();
        assert.equal(groupOf(pid), platform === 'win32' ? groupOf('self') : pid);
        abort.abort();
        await running;
      });
    }

    test(`${name} on Windows: taskkill is Windows' own and gets the process and its children`, async () => {
      taskkill(ENDS_ALL());
      await aborted(start, { platform: 'win32' });
      await until('their end', () => !pids().some(alive));
      assert.equal(read('asked'), `${folder}: /T /F /PID ${pids()[0] ?? ''}\n`);
    });

    test(`${name} on Windows: starts programs in Windows' own folder`, async () => {
      taskkill(ENDS_ALL());
      await aborted(start, { platform: 'win32' });
      assert.equal(read('cwd'), `${folder}\n`);
    });

    for (const [what, script] of [
      ['is not there', undefined],
      ['does nothing', 'exit 1'],
      ['hangs', 'exec sleep 60'],
    ] as const) {
      test(`${name} on Windows: where taskkill ${what}, the program is ended nevertheless`, async () => {
        withoutGroups();
        if (script !== undefined) taskkill(script);
        assert.equal(await aborted(start, { platform: 'win32' }), 'enough');
        await until('its end', () => !alive(pids()[0] ?? 0));
      });
    }

    test(`${name} settles where nothing can be ended`, async () => {
      mock.method(process, 'kill', () => {
        throw Object.assign(new Error('Access is denied.'), { code: 'EPERM' });
      });
      assert.equal(await aborted(start, { platform: 'win32' }), 'enough');
      assert.equal(alive(pids()[0] ?? 0), true);
    });
  }

  test('what ends by itself, because the probe elsewhere was ended, leaves nothing to taskkill', async () => {
    taskkill(ENDS_ALL());
    let ended = 0;
    const endElsewhere = (): Promise<unknown> => {
      ended += 1;
      for (const pid of pids()) process.kill(pid, 'SIGKILL');
      return Promise.resolve();
    };
    const run = STARTERS['runProbe'];
    assert.ok(run);
    assert.equal(await aborted(run, { platform: 'win32', endElsewhere }), 'enough');
    assert.equal(ended, 1);
    assert.equal(read('asked'), '');
  });

  test('programs start outside of the workspace, in a folder that is there', () => {
    assert.equal(neutralFolder('linux'), '/');
    assert.equal(neutralFolder('win32'), folder);
  });

  test('where Windows does not tell its folder, that is the usual one', () => {
    delete process.env['SystemRoot'];
    assert.equal(neutralFolder('win32'), 'C:\\Windows');
  });
});
