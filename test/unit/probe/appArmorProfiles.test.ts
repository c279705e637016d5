import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileNames, profilesOf, TELLING_FILES } from '../../../src/probe/appArmorProfiles.js';
import { readProfiles } from '../../../src/probe/readProfiles.js';

const SYSTEM = '/usr/bin/bwrap';
const BUNDLED = '/**/codex-resources/bwrap';

suite('AppArmor profiles of a machine', () => {
  test('the kernel’s list: a name and its mode a line, and names may hold blanks', () => {
    // /sys/kernel/security/apparmor/profiles of Debian 13.
    const text =
      'bwrap (enforce)\nunpriv_bwrap (enforce)\nrunc (unconfined)\n/usr/bin/man (complain)\nmy tool (prompt)\n';
    assert.deepEqual(profileNames(text), ['bwrap', 'unpriv_bwrap', 'runc', '/usr/bin/man', 'my tool']);
    assert.deepEqual(profileNames(''), []);
    assert.deepEqual(profileNames('no mode\n(enforce)\n'), []);
  });

  test('what they do for bubblewrap', () => {
    for (const [names, attachedTo, loadedProfiles] of [
      [[], [], {}],
      [['docker-default', 'crun'], [], {}],
      [['bwrap', 'unpriv_bwrap'], [SYSTEM], {}],
      [['bwrap-userns-restrict'], [SYSTEM], {}],
      [['bwrap-userns-restrict', 'bwrap'], [SYSTEM], {}],
      [['codex-bwrap'], [BUNDLED], {}],
      [['bwrap', 'codex-bwrap'], [SYSTEM, BUNDLED], {}],
      [['runc'], [], { runc: 'allows' }],
      [
        ['codex-sandbox', 'codex-userns', 'unprivileged_userns'],
        [],
        { 'codex-sandbox': 'allows', 'codex-userns': 'allows', unprivileged_userns: 'denies-capabilities' },
      ],
    ] as const) {
      for (const loaded of [true, false]) {
        assert.deepEqual(profilesOf({ loaded, names }), { attachedTo, loadedProfiles });
      }
    }
    assert.deepEqual(profilesOf(undefined), { attachedTo: undefined, loadedProfiles: {} });
  });

  suite('are looked for', () => {
    let root: string;
    const write = (path: string, text = ''): void => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    setup(() => {
      root = mkdtempSync(join(tmpdir(), 'profiles-'));
    });
    teardown(() => {
      rmSync(root, { recursive: true, force: true });
    });

    test('nowhere: nothing is known', async () => {
      assert.equal(await readProfiles(root), undefined);
      write('etc/apparmor.d/runc');
      assert.equal(await readProfiles(root), undefined);
    });

    test('in the files, where the kernel’s list cannot be read', async () => {
      write('etc/apparmor.d/abi/4.0');
      assert.deepEqual(await readProfiles(root), { loaded: false, names: [] });
      for (const name of ['bwrap-userns-restrict', 'runc', 'man']) write(`etc/apparmor.d/${name}`);
      assert.deepEqual(await readProfiles(root), { loaded: false, names: ['bwrap-userns-restrict', 'runc'] });
      for (const name of TELLING_FILES) write(`etc/apparmor.d/${name}`);
      assert.deepEqual((await readProfiles(root))?.names, TELLING_FILES);
    });

    test('in the kernel’s list, which counts', async () => {
      write('etc/apparmor.d/abi/4.0');
      write('etc/apparmor.d/bwrap-userns-restrict');
      write('sys/kernel/security/apparmor/profiles', 'runc (unconfined)\n');
      assert.deepEqual(await readProfiles(root), { loaded: true, names: ['runc'] });
    });
  });
});
