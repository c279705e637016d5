import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findProgram } from '../../../src/probe/findProgram.js';
import { readLocalHost, type LocalHostOptions } from '../../../src/probe/readLocalHost.js';
import { endedByLimit, until } from '../../run/patience.js';
import { DOCKER_DESKTOP, NO_DAEMON, PODMAN_ROOTLESS } from './engines.js';

suite('looking at this machine', function () {
  let folder: string;
  let bin: string;
  let workspace: string;

  /** Puts a shell script of that name into a folder. */
  function program(name: string, script: string, into = bin): string {
    const path = join(into, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  const says = (output: string): string => `cat <<'END'\n${output}\nEND`;

  function look(changes: Partial<LocalHostOptions> = {}) {
    const environment = { PATH: `${bin}:/usr/bin:/bin`, MARKS: folder };
    return readLocalHost({ workspaces: [workspace], environment, timeLimitMs: 5000, ...changes });
  }

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-host-'));
    bin = join(folder, 'bin');
    workspace = join(folder, 'workspace');
    mkdirSync(bin);
    mkdirSync(workspace);
    // No engine of this machine is to answer.
    for (const name of ['docker', 'podman']) program(name, 'exit 1');
  });
  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('Docker is asked with its words, not in the workspace', async () => {
    program('docker', `echo "$PWD:$*" > "$MARKS/asked"\n${says(DOCKER_DESKTOP)}`);
    const host = await look();
    assert.match(host.description, /Docker 28\.0\.1 on Docker Desktop/);
    assert.equal(host.defaultSeccomp, 'unconfined');
    assert.equal(readFileSync(join(folder, 'asked'), 'utf8'), '/:info --format {{json .}}\n');
  });

  test('Docker comes before Podman; Podman where Docker does not answer', async () => {
    program('podman', `echo "$*" > "$MARKS/asked"\n${says(PODMAN_ROOTLESS)}`);
    program('docker', says(NO_DAEMON));
    assert.equal((await look()).engine, 'podman');
    assert.equal(readFileSync(join(folder, 'asked'), 'utf8'), 'info --format json\n');
    program('docker', says(DOCKER_DESKTOP));
    assert.equal((await look()).engine, 'docker');
  });

  test('an answer counts whatever the exit status, and no answer is no error', async () => {
    program('docker', `${says(DOCKER_DESKTOP)}\nexit 1`);
    assert.match((await look()).description, /Docker Desktop/);
    for (const script of ['exit 1', 'echo garbage', 'kill -9 $$', 'exec /nonexistent']) {
      program('docker', script);
      assert.match((await look()).description, /no engine answered/, script);
    }
    writeFileSync(join(bin, 'docker'), 'no program at all');
    assert.match((await look()).description, /no engine answered/);
  });

  test('an engine that hangs is killed at the limit, with what it started', async () => {
    program('docker', 'sleep 60 & echo $! > "$MARKS/child"\nwait');
    const host = await endedByLimit(
      (timeLimitMs) => look({ timeLimitMs }),
      () => existsSync(join(folder, 'child')),
    );
    assert.match(host.description, /no engine answered/);
    const child = Number(readFileSync(join(folder, 'child'), 'utf8'));
    const state = (): string =>
      existsSync(`/proc/${child}/stat`) ? readFileSync(`/proc/${child}/stat`, 'utf8') : ') Z';
    await until('the end of the child', () => /\) [ZX]/.test(state()));
  });

  test('an engine that never stops talking is stopped', async () => {
    program('docker', 'yes "{"');
    const before = Date.now();
    assert.match((await look({ timeLimitMs: 60_000 })).description, /no engine answered/);
    assert.ok(Date.now() - before < 15_000);
  });

  test('where programs may not be run none is', async () => {
    program('docker', `touch "$MARKS/asked"\n${says(DOCKER_DESKTOP)}`);
    const host = await look({ engines: false });
    assert.match(host.description, /no engine answered/);
    assert.equal(existsSync(join(folder, 'asked')), false);
  });

  test('no PATH, and a system that is no Linux', async () => {
    assert.match((await look({ environment: {} })).description, /no engine answered/);
    const elsewhere = await look({ platform: 'darwin' });
    assert.equal(elsewhere.apparmor, undefined);
    assert.match(elsewhere.description, /Docker and its kernel are assumed as in Docker Desktop$/);
  });

  test('nothing is run from the workspace, nor through a link that leads there', async () => {
    const poisoned = `touch "$MARKS/poisoned"\n${says(DOCKER_DESKTOP)}`;
    program('docker', poisoned, workspace);
    symlinkSync(workspace, join(folder, 'link'));
    mkdirSync(join(folder, 'links'));
    symlinkSync(join(workspace, 'docker'), join(folder, 'links/docker'));
    // What the workspace names is refused even where it leads to a program of the machine.
    symlinkSync(program('honest', poisoned), join(workspace, 'podman'));
    const PATH = [workspace, join(folder, 'link'), join(folder, 'links'), '', '.', bin, '/usr/bin', '/bin'].join(':');
    const host = await look({ environment: { PATH, MARKS: folder } });
    assert.match(host.description, /no engine answered/);
    assert.equal(existsSync(join(folder, 'poisoned')), false);
  });

  test('a program is found where PATH says, the first that may be run', async () => {
    const second = join(folder, 'second');
    mkdirSync(second);
    writeFileSync(join(bin, 'tool'), 'not executable');
    const tool = program('tool', '', second);
    const path = `${relative(process.cwd(), second)}::${bin}:${folder}/none:${second}`;
    assert.equal(await findProgram('tool', [workspace], path), tool);
    assert.equal(await findProgram('tool', [workspace, second], path), undefined);
    assert.equal(await findProgram('tool', [], path), tool, 'no workspace');
    assert.equal(await findProgram('tool', [join(folder, 'gone')], path), tool);
    mkdirSync(join(second, 'other'));
    assert.equal(await findProgram('other', [], second), undefined, 'a folder is no program');
    program('tool.exe', '', second);
    assert.equal(await findProgram('tool', [], second, 'win32'), join(second, 'tool.exe'));
  });
});
