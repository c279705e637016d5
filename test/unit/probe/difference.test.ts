import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/bwrap/errors.js';
import { GATES, type Gate } from '../../../src/model/gates.js';
import { differenceAt } from '../../../src/probe/difference.js';
import { CODEX, observe, SYSTEM_BWRAP, type Records } from './records.js';

const fact = (key: string, value: string): Records => [['fact', key, value]];

/** What makes the difference, by the gate that was foretold to be closed and what the probe saw. */
const TABLE: readonly (readonly [Gate, Records, string])[] = [
  ['seccomp-userns', fact('status.Seccomp', '0'), 'this container has no system-call filter (seccomp)'],
  ['pivot-root', fact('status.Seccomp', '2'), 'the system-call filter (seccomp) allows bubblewrap here'],
  ['apparmor', fact('apparmor.enabled', 'N'), 'this machine has no AppArmor'],
  ['apparmor', fact('apparmor.enabled', 'Y'), 'no AppArmor profile confines this container'],
  [
    'apparmor',
    [...fact('apparmor.enabled', 'Y'), ...fact('apparmor.label', 'unconfined')],
    'no AppArmor profile confines this container',
  ],
  [
    'apparmor',
    [...fact('apparmor.enabled', 'Y'), ...fact('apparmor.label', 'runc (unconfined)')],
    'the AppArmor profile here is runc',
  ],
  ['uid-map', [], 'this machine does not restrict user namespaces'],
  [
    'loopback',
    [...fact('apparmor_restrict_unprivileged_userns', '1'), ...fact('status.CapBnd', '00000000a82425fb')],
    'this container has SYS_ADMIN',
  ],
  [
    'loopback',
    [
      ...fact('apparmor_restrict_unprivileged_userns', '1'),
      ...fact('apparmor.enabled', 'Y'),
      ...fact('apparmor.label', 'codex (complain)'),
    ],
    'the AppArmor profile here is codex',
  ],
  ['userns-allowed', [], 'this kernel allows user namespaces'],
  ['proc-mount', [], 'no path below /proc is masked here'],
  ['proc-mount', [...fact('proc.submounts', '/proc/kcore'), ...SYSTEM_BWRAP], 'the bubblewrap here is 0.8.0'],
  ['proc-mount', fact('proc.submounts', '/proc/kcore'), "the distribution's bubblewrap is not installed here"],
  ['bwrap-available', [], 'Codex is not installed here'],
  ['bwrap-available', CODEX, 'Codex finds a bubblewrap of its own here'],
  ['bwrap-available', fact('bwrap.bundled.path', '/opt/bwrap'), 'Codex uses its own bubblewrap here'],
  ['bwrap-privileges', SYSTEM_BWRAP, 'the bubblewrap here is /usr/bin/bwrap, not setuid'],
  [
    'bwrap-privileges',
    [...fact('bwrap.1.path', '/usr/bin/bwrap'), ...fact('bwrap.1.mode', '-rwsr-xr-x')],
    'the bubblewrap here is /usr/bin/bwrap, setuid',
  ],
  ['workspace-entries', [], 'no entry that Codex protects in the workspace folder is a link here'],
  ['writable-paths', [], 'the root file system is writable here'],
  ['writable-paths', fact('root.readonly', '1'), 'Codex can write to the folders that it needs here'],
];

suite('probe: the fact that makes the difference', () => {
  for (const [gate, records, difference] of TABLE) {
    test(`${gate}: ${difference}`, () => {
      assert.equal(differenceAt(gate, undefined, observe(...records).facts), difference);
    });
  }

  for (const [records, difference] of [
    [[...fact('uid', '1000'), ...fact('user', 'vscode')], 'Codex runs as vscode here, not as root'],
    [fact('uid', '1000'), 'Codex runs as 1000 here, not as root'],
    [[...fact('uid', '0'), ...fact('status.CapBnd', '00000000a80425fb')], 'root has SETFCAP here'],
    [fact('uid', '0'), 'root can map itself here'],
  ] as const) {
    test(`uid-map for want of SETFCAP: ${difference}`, () => {
      assert.equal(differenceAt('uid-map', ERRORS.uidMap, observe(...records).facts), difference);
    });
  }

  test('there is one for every gate', () => {
    assert.deepEqual([...new Set(TABLE.map(([gate]) => gate))].sort(), [...GATES].sort());
  });
});
