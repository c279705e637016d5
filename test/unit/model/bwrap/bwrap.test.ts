import assert from 'node:assert/strict';
import {
  BWRAP_CHANGES,
  bwrapHas,
  bwrapPath,
  chosenBwrap,
  packagedBwrap,
  rewordsProcError,
  setuidTakesEffect,
  setuidWorks,
  supportsSetuid,
  type Chosen,
} from '../../../../src/model/bwrap/bwrap.js';
import type { AgentRequest } from '../../../../src/model/agent/request.js';
import { SETUID_BWRAP_CAPABILITIES } from '../../../../src/model/container/capabilities.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

const SIX = SETUID_BWRAP_CAPABILITIES.map((name) => known(name));

/** A container whose bubblewrap is setuid and may do what it wants to. */
function setuid(changes: Partial<Container> = {}): Container {
  return containerWith({ bwrap: bwrap('0.8.0', true), capAdd: SIX, ...changes });
}

function unread<T>() {
  return unknown<T>('the image is not known');
}

suite('bubblewrap: what distributions package', () => {
  // Their package lists as of November 2026. The first version that refuses setuid is 0.11.2.
  for (const [distro, version, runsSetuid] of [
    ['debian:12', '0.8.0', true],
    ['debian:13', '0.12.0', false],
    ['debian:11', '0.4.1', true],
    ['ubuntu:20.04', '0.4.0', true],
    ['ubuntu:22.04', '0.6.1', true],
    ['ubuntu:24.04', '0.9.0', true],
    ['ubuntu:25.10', '0.11.0', true],
    ['ubuntu:26.04', '0.11.1', true],
    ['fedora:44', '0.12.0', false],
    ['alpine:3.21', '0.12.0', false],
    ['alpine:3.24', '0.12.0', false],
    ['alpine:3.20', undefined, undefined],
    ['alpine:3.23', undefined, undefined],
    ['debian:10', undefined, undefined],
  ] as const) {
    test(`${distro} has ${version ?? 'one that is not known'}`, () => {
      const [id, release] = distro.split(':') as [string, string];
      assert.equal(packagedBwrap(id, release), version);
      assert.equal(supportsSetuid(packagedBwrap(id, release)), runsSetuid);
    });
  }

  test('a distribution without a release says nothing', () => {
    assert.equal(packagedBwrap('debian', undefined), undefined);
  });
});

suite('bubblewrap: what came with which version', () => {
  for (const [change, before, first] of [
    ['perms', '0.4.1', '0.5.0'],
    ['argv0', '0.8.0', '0.9.0'],
    ['refusesSetuid', '0.11.1', '0.11.2'],
    ['rewordsProcError', '0.11.2', '0.12.0'],
    ['rewordsCreation', '0.11.2', '0.12.0'],
    ['opensWithOpenat2', '0.11.2', '0.12.0'],
    ['setsMountAttributes', '0.12.0', '0.13.0'],
  ] as const) {
    test(`${change}: not in ${before}, in ${first}`, () => {
      assert.deepEqual(
        [bwrapHas(before, change), bwrapHas(first, change), bwrapHas('1.0', change)],
        [false, true, true],
      );
      assert.equal(bwrapHas(undefined, change), undefined);
    });
  }

  test('every change says how it is known', () => {
    for (const { evidence } of Object.values(BWRAP_CHANGES)) {
      assert.match(evidence, /bubblewrap NEWS, 0\.\d+\.0|measured with (?:0\.8\.0 and )?(?:0\.12\.0|0\.13\.1)/);
    }
  });
});

suite('bubblewrap: setuid', () => {
  // docs/how-it-works.md, "The gates".
  for (const [what, changes, takesEffect, works] of [
    ['a user other than root, all six capabilities', {}, true, true],
    ['Docker’s default capabilities', { capAdd: [] }, true, false],
    ['--privileged', { capAdd: [], privileged: known(true) }, true, true],
    ['root gains nothing', { user: known('root') }, false, false],
    ['no-new-privileges', { noNewPrivileges: known(true) }, false, false],
    ['without the bit', { bwrap: bwrap('0.8.0') }, false, false],
    ['absent', { bwrap: { ...bwrap('', true), presence: known('absent' as const) } }, false, false],
    ['0.11.1', { bwrap: bwrap('0.11.1', true) }, true, true],
    ['0.12', { bwrap: bwrap('0.12.0', true) }, true, false],
    ['a version that is not known', { bwrap: { ...bwrap('', true), version: unread<string>() } }, true, undefined],
    ['a bit that is not known', { bwrap: { ...bwrap('0.8.0'), setuid: unread<boolean>() } }, undefined, undefined],
    [
      'one that may be there',
      { bwrap: { ...bwrap('0.8.0', true), presence: unread<'present'>() } },
      undefined,
      undefined,
    ],
    ['a user who is not known', { user: unread<string>() }, undefined, undefined],
    ['perhaps no-new-privileges', { noNewPrivileges: unread<boolean>() }, undefined, undefined],
    [
      'a bit that is not known, too few capabilities',
      { bwrap: { ...bwrap('0.8.0'), setuid: unread<boolean>() }, capAdd: [] },
      undefined,
      false,
    ],
    ['something that may add capabilities', { capAdd: [unread<string>()] }, true, undefined],
  ] as const satisfies readonly (readonly [string, Partial<Container>, boolean | undefined, boolean | undefined])[]) {
    test(what, () => {
      assert.deepEqual([setuidTakesEffect(setuid(changes)), setuidWorks(setuid(changes))], [takesEffect, works]);
    });
  }

  for (const missing of SETUID_BWRAP_CAPABILITIES) {
    test(`each of the six is needed: ${missing}`, () => {
      const others = SIX.filter(({ value }) => value !== missing);
      assert.equal(setuidWorks(setuid({ capDrop: [known('ALL')], capAdd: others })), false);
      assert.equal(setuidWorks(setuid({ capDrop: [known('ALL')], capAdd: SIX })), true);
    });
  }
});

function started(container: Container, { agent, version, bundledBwrap }: AgentRequest): Chosen {
  const { bwrap: choice, bwrapBuiltIn } = agent.demands(version);
  return chosenBwrap(container, choice, bundledBwrap || bwrapBuiltIn);
}

suite('bubblewrap: the one that Codex starts', () => {
  const PLAIN = { bwrap: bwrap('0.8.0') };
  const SETUID = { bwrap: bwrap('0.8.0', true) };
  const IMAGES: Readonly<Record<string, Partial<Container>>> = {
    absent: {},
    'plain 0.8': PLAIN,
    'plain 0.4': { bwrap: bwrap('0.4.1') },
    'setuid without capabilities': SETUID,
    'setuid with capabilities': { ...SETUID, capAdd: SIX },
    'setuid, root': { ...SETUID, user: known('root') },
    'setuid 0.12 with capabilities': { bwrap: bwrap('0.12.0', true), capAdd: SIX },
    'perhaps there': { bwrap: { ...bwrap('0.8.0'), presence: unread<'present'>() } },
    'of unknown version': { bwrap: { ...bwrap(''), version: unread<string>() } },
    'perhaps setuid': { bwrap: { ...bwrap('0.8.0'), setuid: unread<boolean>() } },
  };
  // docs/how-it-works.md, "Which bubblewrap Codex starts": execve audits of 0.169; test/ground-truth for the others.
  const TABLE: Readonly<Record<string, Readonly<Record<string, Chosen>>>> = {
    '0.98.0': Object.fromEntries(Object.keys(IMAGES).map((image) => [image, 'none-needed'])),
    '0.115.0': Object.fromEntries(Object.keys(IMAGES).map((image) => [image, 'bundled'])),
    '0.120.0': {
      ...Object.fromEntries(Object.keys(IMAGES).map((image) => [image, 'system'])),
      absent: 'bundled',
      'perhaps there': 'unknown',
    },
    '0.169.0': {
      absent: 'bundled',
      'plain 0.8': 'system',
      'plain 0.4': 'bundled',
      'setuid without capabilities': 'bundled',
      'setuid with capabilities': 'system',
      'setuid, root': 'system',
      'setuid 0.12 with capabilities': 'bundled',
      'perhaps there': 'unknown',
      'of unknown version': 'unknown',
      'perhaps setuid': 'unknown',
    },
  };
  for (const [version, choices] of Object.entries(TABLE)) {
    for (const [image, kind] of Object.entries(choices)) {
      test(`Codex ${version}, bubblewrap ${image}: ${kind}`, () => {
        const container = containerWith(IMAGES[image]);
        assert.equal(started(container, { ...CODEX, version }), kind);
        const bare = started(container, { ...CODEX, version, bundledBwrap: false });
        // The executables of 0.115 and 0.120 hold one (measured: test/container/generated.test.ts).
        const held = ['0.115.0', '0.120.0'].includes(version);
        assert.equal(bare, kind === 'bundled' && !held ? 'missing' : kind, 'the bare executable');
      });
    }
  }
});

suite('bubblewrap: whether it words its refusal of /proc as 0.12 does', () => {
  for (const [kind, version, rewords] of [
    ['system', '0.8.0', false],
    ['system', '0.11.1', false],
    ['system', '0.12.0', true],
    ['bundled', '0.12.0', false],
    ['system', undefined, undefined],
    ['bundled', undefined, false],
    // It is the bundled one or this one.
    ['unknown', '0.8.0', false],
    ['unknown', '0.12.0', undefined],
    ['unknown', undefined, undefined],
  ] as const) {
    test(`${kind}, ${version ?? 'version not known'} on PATH: ${String(rewords)}`, () => {
      const container = containerWith({
        bwrap: version === undefined ? { ...bwrap(''), version: unread<string>() } : bwrap(version),
      });
      assert.equal(rewordsProcError(container, kind), rewords);
    });
  }
});

suite('bubblewrap: where it is', () => {
  const at = (path: Container['bwrap']['path']): string | undefined =>
    bwrapPath(containerWith({ bwrap: { ...bwrap('0.8.0'), ...(path && { path }) } }));

  test('where packages put it, unless the files say otherwise', () => {
    assert.equal(at(undefined), '/usr/bin/bwrap');
    assert.equal(at(known('/usr/local/bin/bwrap')), '/usr/local/bin/bwrap');
    assert.equal(at(unknown('x')), undefined);
  });
});
