import assert from 'node:assert/strict';
import { known, unknown, type Sourced } from '../../../../src/model/container/container.js';
import { readSecurityOptions, type SecurityOptions } from '../../../../src/sources/options/securityOptions.js';

const place = { file: 'f', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

function read(...options: (string | Sourced<string>)[]): SecurityOptions {
  return readSecurityOptions(options.map((o) => (typeof o === 'string' ? known(o, place) : o)));
}

const UNREADABLE = unknown<string>('it is a secret', place);

suite('sources/securityOptions', () => {
  test('defaults to what the engine gives, without places', () => {
    const none = read();
    assert.deepEqual(none.seccomp, known({ kind: 'default' }));
    assert.deepEqual(none.apparmor, known({ kind: 'default' }));
    assert.deepEqual(none.noNewPrivileges, known(false));
    assert.deepEqual(none.maskedPaths, known(true));
  });

  test('reads both separators', () => {
    for (const separator of ['=', ':']) {
      const options = read(`seccomp${separator}unconfined`, `apparmor${separator}unconfined`);
      assert.deepEqual(options.seccomp.value, { kind: 'unconfined' });
      assert.deepEqual(options.apparmor.value, { kind: 'unconfined' });
      assert.deepEqual(options.seccomp.places, [place]);
    }
  });

  test('splits at the first equals sign, so that a path may hold a colon', () => {
    assert.deepEqual(read('seccomp=a:b.json').seccomp.value, { kind: 'file', path: 'a:b.json' });
    assert.deepEqual(read('seccomp:a.json').seccomp.value, { kind: 'file', path: 'a.json' });
  });

  test('takes the last of several', () => {
    assert.deepEqual(read('seccomp=a.json', 'seccomp=unconfined').seccomp.value, { kind: 'unconfined' });
    assert.deepEqual(read('seccomp=unconfined', 'seccomp=builtin').seccomp.value, { kind: 'default' });
    assert.deepEqual(read('apparmor=unconfined', 'apparmor=mine').apparmor.value, { kind: 'named', name: 'mine' });
  });

  for (const [option, expected] of [
    ['no-new-privileges', true],
    ['no-new-privileges=true', true],
    ['no-new-privileges:true', true],
    ['no-new-privileges=false', false],
    ['no-new-privileges:false', false],
  ] as const) {
    test(`reads ${option}`, () => {
      assert.equal(read(option).noNewPrivileges.value, expected);
    });
  }

  test('unmasks with systempaths=unconfined and with what Podman has for it', () => {
    assert.equal(read('systempaths=unconfined').maskedPaths.value, false);
    assert.equal(read('unmask=ALL').maskedPaths.value, false);
    assert.equal(read('unmask=/proc/*').maskedPaths.value, false);
    assert.equal(read('unmask=/proc/acpi:/proc/*').maskedPaths.value, false);
    assert.equal(read('unmask=/proc/acpi').maskedPaths.value, true);
  });

  test('ignores labels and options of other engines', () => {
    assert.deepEqual(read('label=disable', 'label:disable', 'credentialspec=x'), read());
  });

  for (const option of [
    'foo',
    'seccomp',
    'seccomp=',
    'apparmor=',
    'no-new-privileges=maybe',
    'systempaths:unconfined',
    'systempaths=confined',
  ]) {
    test(`reports ${option}, which Docker refuses`, () => {
      const options = read(option);
      assert.deepEqual(
        options.problems.map((p) => p.kind),
        ['type'],
      );
      assert.deepEqual({ ...options, problems: [] }, read());
    });
  }

  test('does not know what an unreadable option has set, unless a later one decides', () => {
    const options = read('seccomp=unconfined', 'systempaths=unconfined', UNREADABLE, 'apparmor=unconfined');
    assert.equal(options.seccomp.value, undefined);
    assert.equal(options.seccomp.why, 'it is a secret');
    assert.equal(options.noNewPrivileges.value, undefined);
    assert.equal(options.maskedPaths.value, false);
    assert.deepEqual(options.apparmor.value, { kind: 'unconfined' });
    assert.equal(read(UNREADABLE).maskedPaths.value, undefined);
  });

  test('knows the key of an option whose value depends on the machine', () => {
    const options = read('apparmor=${localEnv:PROFILE}', 'no-new-privileges=${localEnv:NNP}');
    assert.equal(options.apparmor.value, undefined);
    assert.equal(options.noNewPrivileges.value, undefined);
    assert.deepEqual(options.seccomp.value, { kind: 'default' });
    assert.equal(read('${localEnv:ALL}').seccomp.value, undefined);
  });

  test('leaves the variables of a profile path to the one who resolves it', () => {
    const path = '${localWorkspaceFolder}/a.json';
    assert.deepEqual(read(`seccomp=${path}`).seccomp.value, { kind: 'file', path });
  });
});
