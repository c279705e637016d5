import assert from 'node:assert/strict';
import {
  ALL_CAPABILITIES,
  boundingSet,
  capabilityName,
  DEFAULT_CAPABILITIES,
  hasCapability,
  SETUID_BWRAP_CAPABILITIES,
} from '../../../../src/model/container/capabilities.js';
import { known, unknown, type Container, type Sourced } from '../../../../src/model/container/container.js';
import { containerWith } from '../../containers.js';

/** linux/capability.h: the index is the number of the capability's bit. */
const NUMBERED = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
).split(' ');

/** As /proc/self/status prints CapBnd. */
function mask(names: Iterable<string>): string {
  const bits = [...names].map((name) => {
    const number = NUMBERED.indexOf(name);
    assert.notEqual(number, -1, `${name} is a capability of Linux`);
    return 1n << BigInt(number);
  });
  return bits.reduce((sum, bit) => sum | bit, 0n).toString(16);
}

/** A container started with these arguments of docker run. */
function started(args: string): Container {
  const values = (option: string): Sourced<string>[] =>
    args
      .split(' ')
      .filter((arg) => arg.startsWith(`--${option}=`))
      .map((arg) => known(capabilityName(arg.slice(option.length + 3))));
  return containerWith({
    capAdd: values('cap-add'),
    capDrop: values('cap-drop'),
    privileged: known(args.includes('--privileged')),
  });
}

/** The six that a setuid bubblewrap checks for before anything else (bubblewrap.c, REQUIRED_CAPS). */
const REQUIRED = ['NET_ADMIN', 'SETGID', 'SETUID', 'SYS_ADMIN', 'SYS_CHROOT', 'SYS_PTRACE'];

suite('capabilities', () => {
  for (const [args, capBnd] of Object.entries({
    // Measured with Docker 20.10 and 26.1, kernel 6: CapBnd of /proc/self/status in the container.
    '': 'a80425fb',
    '--cap-add=SYS_ADMIN': 'a82425fb',
    '--cap-add=CAP_SYS_ADMIN': 'a82425fb',
    '--cap-add=cap_sys_admin': 'a82425fb',
    '--cap-add=sys_admin': 'a82425fb',
    '--cap-add=SYS_ADMIN --cap-add=SYS_PTRACE': 'a82c25fb',
    '--cap-add=SETUID': 'a80425fb',
    '--cap-drop=SETUID': 'a804257b',
    '--cap-drop=cap_setuid': 'a804257b',
    '--cap-drop=CAP_SETFCAP': '280425fb',
    '--cap-drop=DAC_OVERRIDE': 'a80425f9',
    '--cap-drop=SYS_ADMIN': 'a80425fb',
    '--cap-drop=SETUID --cap-add=SYS_ADMIN': 'a824257b',
    '--cap-drop=ALL': '0',
    '--cap-drop=all': '0',
    '--cap-drop=ALL --cap-add=SETFCAP': '80000000',
    '--cap-drop=ALL --cap-add=SYS_ADMIN': '200000',
    '--cap-add=SYS_ADMIN --cap-drop=SYS_ADMIN': 'a82425fb',
    '--cap-add=SETUID --cap-drop=SETUID': 'a80425fb',
    '--cap-drop=ALL --cap-add=SYS_ADMIN --cap-drop=SYS_ADMIN': '200000',
    '--privileged': '1ffffffffff',
    // As moby's TweakCapabilities says (oci/caps/utils.go).
    '--cap-add=ALL': '1ffffffffff',
    '--cap-add=all': '1ffffffffff',
    '--cap-add=ALL --cap-drop=SYS_ADMIN': '1ffffdfffff',
    '--cap-add=ALL --cap-add=SYS_ADMIN --cap-drop=SYS_ADMIN': '1ffffdfffff',
    '--cap-add=ALL --cap-drop=ALL': '1ffffffffff',
    '--privileged --cap-drop=ALL': '1ffffffffff',
    '--privileged --cap-drop=SYS_ADMIN': '1ffffffffff',
  })) {
    test(`docker run ${args} has the bounding set ${capBnd}`, () => {
      assert.equal(mask(boundingSet(started(args))), capBnd);
    });
  }

  test('the lists name each capability once', () => {
    assert.deepEqual([...ALL_CAPABILITIES].sort(), [...NUMBERED].sort());
    assert.equal(new Set(DEFAULT_CAPABILITIES).size, DEFAULT_CAPABILITIES.length);
    assert.deepEqual([...SETUID_BWRAP_CAPABILITIES].sort(), REQUIRED);
  });

  test('three of the six that a setuid bubblewrap needs are beyond Docker’s default', () => {
    const missing = SETUID_BWRAP_CAPABILITIES.filter((name) => !hasCapability(containerWith(), name));
    assert.deepEqual([...missing].sort(), ['NET_ADMIN', 'SYS_ADMIN', 'SYS_PTRACE']);
  });

  test('a name is read as Docker reads it', () => {
    assert.equal(capabilityName(' cap_Sys_Admin '), 'SYS_ADMIN');
    assert.equal(capabilityName('all'), 'ALL');
    assert.equal(capabilityName('SYS_CAP_X'), 'SYS_CAP_X', 'only the prefix goes');
  });

  const unread = [unknown<string>('it is a variable')];

  test('what cannot be read is no capability', () => {
    const container = containerWith({ capAdd: [...unread, known('SYS_ADMIN')], capDrop: [...unread, known('MKNOD')] });
    assert.equal(mask(boundingSet(container)), 'a02425fb');
  });

  for (const [what, container, sysAdmin, setuid] of [
    ['all known', {}, false, true],
    ['something may be added', { capAdd: unread }, undefined, true],
    ['something may be dropped', { capDrop: unread }, false, undefined],
    ['added, and something else may be', { capAdd: [...unread, known('SYS_ADMIN')] }, true, true],
    ['dropped, and something else may be', { capDrop: [...unread, known('SETUID')] }, false, false],
    ['perhaps privileged', { privileged: unknown<boolean>('x') }, undefined, true],
    [
      'perhaps privileged, nothing left',
      { privileged: unknown<boolean>('x'), capDrop: [known('ALL')] },
      undefined,
      undefined,
    ],
    ['privileged, and something may be added', { privileged: known(true), capAdd: unread }, true, true],
  ] as const satisfies readonly (readonly [string, Partial<Container>, boolean | undefined, boolean | undefined])[]) {
    test(`whether a capability is there: ${what}`, () => {
      const its = containerWith(container);
      assert.deepEqual([hasCapability(its, 'SYS_ADMIN'), hasCapability(its, 'SETUID')], [sysAdmin, setuid]);
    });
  }

  test('under --privileged a drop that cannot be read takes nothing away', () => {
    const container = containerWith({ privileged: known(true), capDrop: unread });
    assert.equal(hasCapability(container, 'SYS_ADMIN'), true);
  });
});
