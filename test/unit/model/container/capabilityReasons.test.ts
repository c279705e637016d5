import assert from 'node:assert/strict';
import { reasonsFor } from '../../../../src/model/container/capabilityReasons.js';
import { known, unknown } from '../../../../src/model/container/container.js';
import { containerWith } from '../../containers.js';

/** Each program with the capabilities that it is a reason for. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  buildah: ['SYS_ADMIN'],
  docker: ['SYS_ADMIN', 'NET_ADMIN'],
  fuse: ['SYS_ADMIN'],
  mount: ['SYS_ADMIN'],
  perf: ['SYS_ADMIN', 'SYS_PTRACE', 'PERFMON', 'BPF'],
  podman: ['SYS_ADMIN'],
  ipset: ['NET_ADMIN'],
  iptables: ['NET_ADMIN', 'NET_RAW'],
  nftables: ['NET_ADMIN'],
  openvpn: ['NET_ADMIN'],
  tailscale: ['NET_ADMIN', 'NET_RAW'],
  tc: ['NET_ADMIN'],
  tcpdump: ['NET_ADMIN', 'NET_RAW'],
  wireguard: ['NET_ADMIN'],
  gdb: ['SYS_PTRACE'],
  strace: ['SYS_PTRACE'],
  git: [],
};

const DEVICES: Readonly<Record<string, readonly string[]>> = {
  '/dev/fuse': ['SYS_ADMIN'],
  '/dev/fuse2': [],
  '/mnt/dev/fuse': [],
  '/dev/loop0': ['SYS_ADMIN'],
  '/dev/loop-control': ['SYS_ADMIN'],
  '/dev/net/tun': ['NET_ADMIN'],
  '/dev/net/tun2': [],
  '/x/dev/net/tun': [],
  '/dev/kvm': [],
};

const CAPABILITIES = ['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'SYS_PTRACE', 'PERFMON', 'BPF', 'SYS_TIME'];

suite('reasons beside Codex to have a capability', () => {
  for (const [kind, reasons] of Object.entries({ programs: PROGRAMS, devices: DEVICES })) {
    for (const [name, expected] of Object.entries(reasons)) {
      test(`${name} is one for ${expected.length > 0 ? expected.join(', ') : 'none'}`, () => {
        const container = containerWith({ [kind]: [unknown('x'), known(name), known('')] });
        for (const capability of CAPABILITIES) {
          assert.deepEqual(reasonsFor(container, capability), expected.includes(capability) ? [name] : [], capability);
        }
      });
    }
  }

  test('programs and devices together, in this order', () => {
    const container = containerWith({
      programs: [known('fuse'), known('mount')],
      devices: [known('/dev/fuse')],
    });
    assert.deepEqual(reasonsFor(container, 'SYS_ADMIN'), ['fuse', 'mount', '/dev/fuse']);
    assert.deepEqual(reasonsFor(containerWith(), 'SYS_ADMIN'), []);
  });
});
