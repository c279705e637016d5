import assert from 'node:assert/strict';
import type { Demands } from '../../../../src/model/agent/agent.js';
import { bwrapCalls } from '../../../../src/model/bwrap/calls.js';
import type { Chosen } from '../../../../src/model/bwrap/bwrap.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { HOSTS } from '../../../../src/model/host.js';
import type { Situation } from '../../../../src/model/sandbox/situation.js';
import { bwrapUnderstands, procMount, programs, workspaceFolder } from '../../../../src/model/sandbox/surroundings.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

function situation(container: Partial<Container>, chosen: Chosen, demands: Partial<Demands> = {}): Situation {
  const asked = { ...CODEX.agent.demands(CODEX.version), ...demands };
  return {
    container: containerWith(container),
    host: HOSTS['docker-desktop'],
    request: CODEX,
    demands: asked,
    chosen,
    calls: bwrapCalls(asked.namespaces),
  };
}

suite('a fresh /proc that the kernel refuses', () => {
  const old = { bwrap: bwrap('0.8.0') };
  const recent = { bwrap: bwrap('0.12.0') };
  const closed = { error: "bwrap: Can't mount proc on /proc: Operation not permitted" };
  for (const [proc, container, kind, expected] of [
    ['bound', recent, 'system', undefined],
    ['retries', recent, 'system', undefined],
    ['insists', old, 'system', closed],
    ['insists', old, 'bundled', closed],
    ['retries-on-old-words', old, 'system', undefined],
    ['retries-on-old-words', recent, 'system', closed],
    ['retries-on-old-words', recent, 'bundled', undefined],
    ['retries-on-old-words', old, 'unknown', undefined],
    ['retries-on-old-words', recent, 'unknown', 'unknown'],
  ] as const) {
    test(`${proc}, bubblewrap ${container.bwrap.version.value ?? ''}, ${kind}`, () => {
      assert.deepEqual(procMount(situation(container, kind, { proc })), expected);
      assert.equal(procMount(situation({ ...container, maskedPaths: known(false) }, kind, { proc })), undefined);
    });
  }
});

suite('programs beside bubblewrap', () => {
  const needed = {
    programs: [
      { name: 'one', error: 'no one' },
      { name: 'two', error: 'no two' },
    ],
  };
  for (const [what, installed, expected] of [
    ['both are there', { one: known(true), two: known(true) }, undefined],
    ['one is missing', { one: known(true), two: known(false) }, { error: 'no two' }],
    ['one is not known', { one: known(true) }, 'unknown'],
    ['one cannot be known', { one: unknown<boolean>('x'), two: known(true) }, 'unknown'],
    ['nothing is known', undefined, 'unknown'],
  ] as const) {
    test(what, () => {
      assert.deepEqual(programs(situation(installed ? { installed } : {}, 'system', needed)), expected);
    });
  }

  test('who needs none is not asked', () => {
    assert.equal(programs(situation({ installed: { one: known(false) } }, 'system')), undefined);
  });
});

suite('what is created in the workspace folder', () => {
  const workspace = { path: '/w', refuses: 'EACCES' as const, present: ['.git'] };
  const said = (container: Partial<Container>, chosen: Chosen, demands?: Partial<Demands>): string => {
    const verdict = workspaceFolder(situation(container, chosen, demands));
    return typeof verdict === 'object' ? verdict.error : String(verdict);
  };

  test('what is not known stands in nobody’s way', () => {
    assert.equal(said({}, 'bundled'), 'undefined');
  });

  test('a bubblewrap that is not known is taken for one before 0.12', () => {
    const container = { bwrap: bwrap('0.12.0'), workspace };
    assert.equal(said(container, 'unknown'), "bwrap: Can't mkdir /w/.agents: Permission denied");
    assert.equal(said(container, 'bundled'), "bwrap: Can't mkdir /w/.agents: Permission denied");
    assert.equal(said(container, 'system'), "bwrap: Can't create file /w/.agents: Permission denied");
  });

  test('is what the agent shields and is missing', () => {
    assert.equal(said({ workspace }, 'bundled', { shields: { names: ['.git'], as: 'folder' } }), 'undefined');
    assert.equal(said({ workspace }, 'bundled', { shields: { names: [], as: 'folder' } }), 'undefined');
    assert.equal(
      said({ workspace }, 'bundled', { shields: { names: ['.git', '.env'], as: 'file' } }),
      "bwrap: Can't create file at /w/.env: Permission denied",
    );
  });
});

suite('an option that the bubblewrap may not know', () => {
  const insisting = { insistsOnArgv0: true };
  const closed = { error: 'bwrap: Unknown option --argv0' };
  for (const [version, kind, expected] of [
    ['0.8.0', 'system', closed],
    ['0.9.0', 'system', undefined],
    ['0.8.0', 'bundled', undefined],
    ['0.8.0', 'unknown', 'unknown'],
    ['0.9.0', 'unknown', undefined],
  ] as const) {
    test(`${version} on PATH, ${kind}`, () => {
      assert.deepEqual(bwrapUnderstands(situation({ bwrap: bwrap(version) }, kind, insisting)), expected);
      assert.equal(bwrapUnderstands(situation({ bwrap: bwrap(version) }, kind)), undefined);
    });
  }

  test('a version that is not known', () => {
    const container = { bwrap: { ...bwrap(''), version: unknown<string>('x') } };
    assert.equal(bwrapUnderstands(situation(container, 'system', insisting)), 'unknown');
    assert.equal(bwrapUnderstands(situation(container, 'unknown', insisting)), 'unknown');
    assert.equal(bwrapUnderstands(situation(container, 'bundled', insisting)), undefined);
  });
});
