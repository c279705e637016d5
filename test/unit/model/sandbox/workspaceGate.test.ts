import assert from 'node:assert/strict';
import type { AgentRequest } from '../../../../src/model/agent/request.js';
import { known, type Container } from '../../../../src/model/container/container.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { HOSTS } from '../../../../src/model/host.js';
import { alternatives, plan } from '../../../../src/model/plan/plan.js';
import { tailoredProfile } from '../../../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../../src/model/seccomp/engineProfiles.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

const HOST = HOSTS['docker-desktop'];
const OPEN = { seccomp: known({ kind: 'unconfined' as const }) };

/** A profile that allows all that bubblewrap calls but one. */
function lacking(call: string): Partial<Container> {
  const all = tailoredProfile(DOCKER_DEFAULT_PROFILE, CODEX);
  const syscalls = all.syscalls.map((rule, i) =>
    i >= all.syscalls.length - DOCKER_DEFAULT_PROFILE.syscalls.length
      ? rule
      : { ...rule, names: rule.names?.filter((name) => name !== call) ?? [] },
  );
  return { seccomp: known({ kind: 'custom', file: 'p.json', profile: { ...all, syscalls } }) };
}

suite('gates: the workspace folder (each measured: test/container/probeWorkspace.test.ts)', () => {
  const folder = (present: readonly string[] = [], refuses: 'EACCES' | 'EROFS' | 'nothing' = 'EACCES') => ({
    workspace: { path: '/w', refuses: refuses === 'nothing' ? undefined : refuses, present },
  });
  const denied = (what: string): string => `fails | writable-paths | bwrap: Can't ${what}: Permission denied`;
  const old = (version: string): AgentRequest => ({ ...CODEX, version });
  const three = ['.git', '.agents', '.codex'];

  for (const [what, changes, codex, expected] of [
    ['nothing is there', folder(), CODEX, denied('mkdir /w/.git')],
    ['the first that is missing', folder(['.git', '.codex', '.aws']), CODEX, denied('mkdir /w/.agents')],
    ['0.169 shields .aws as well', folder(three), CODEX, denied('mkdir /w/.aws')],
    ['0.130 does not', folder(three), old('0.130.0'), 'works'],
    ['all are there', folder([...three, '.aws']), CODEX, 'works'],
    ['it lets things be created', folder([], 'nothing'), CODEX, 'works'],
    ['0.120 makes one file', folder(['.git']), old('0.120.0'), denied('create file at /w/.codex')],
    ['0.115 makes nothing', folder(), old('0.115.0'), 'works'],
    ['Landlock needs nothing', folder(), old('0.107.0'), 'works'],
    [
      'mounted read-only',
      folder([], 'EROFS'),
      CODEX,
      "fails | writable-paths | bwrap: Can't mkdir /w/.git: Read-only file system",
    ],
    ['bwrap 0.8', { ...folder(), bwrap: bwrap('0.8.0') }, CODEX, denied('mkdir /w/.git')],
    ['bwrap 0.12, before /proc', { ...folder(), bwrap: bwrap('0.12.0') }, CODEX, denied('create file /w/.git')],
    ['bwrap 0.12 and 0.120', { ...folder(), bwrap: bwrap('0.12.0') }, old('0.120.0'), denied('create file /w/.codex')],
    [
      'not the bwrap 0.12 that 0.169 does not take',
      { ...folder(), bwrap: bwrap('0.12.0', true) },
      CODEX,
      denied('mkdir /w/.git'),
    ],
    ['before the old root', { ...lacking('umount2'), ...folder() }, CODEX, denied('mkdir /w/.git')],
    ['before the second user namespace', { ...lacking('unshare'), ...folder() }, CODEX, denied('mkdir /w/.git')],
    [
      'behind the new root',
      { ...lacking('pivot_root'), ...folder() },
      CODEX,
      'fails | pivot-root | bwrap: pivot_root: Operation not permitted',
    ],
    [
      'behind a read-only root',
      { ...folder(), readOnlyRoot: known(true) },
      CODEX,
      'fails | writable-paths | error building bubblewrap command: Read-only file system (os error 30)',
    ],
    ['under privileged', { ...folder(), privileged: known(true) }, CODEX, denied('mkdir /w/.git')],
  ] as const satisfies readonly (readonly [string, Partial<Container>, AgentRequest, string])[]) {
    test(what, () => {
      const { outcome, gate, error } = predict(containerWith({ ...OPEN, ...changes }), HOST, codex);
      assert.equal([outcome, gate, error].filter(Boolean).join(' | '), expected);
    });
  }

  test('no option helps where the workspace folder lets nothing be created', () => {
    const workspace = { path: '/workspaces/x', refuses: 'EACCES' as const, present: ['.git'] };
    for (const container of [containerWith({ workspace }), containerWith({ workspace, bwrap: bwrap('0.12.0') })]) {
      assert.equal(plan(container, [HOST], CODEX), undefined);
      assert.deepEqual(alternatives(container, [HOST], CODEX), []);
      const writable = { ...container, workspace: { ...workspace, refuses: undefined } };
      assert.notEqual(plan(writable, [HOST], CODEX), undefined);
    }
  });
});
