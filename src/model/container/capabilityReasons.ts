import type { Container } from './container.js';

interface Reasons {
  /** As Container.programs names them. */
  readonly programs: readonly string[];
  readonly devices?: RegExp;
}

/** Programs and devices that are a reason of their own to add a capability (capabilities(7)). */
const REASONS: Readonly<Record<string, Reasons>> = {
  SYS_ADMIN: {
    programs: ['buildah', 'docker', 'fuse', 'mount', 'perf', 'podman'],
    devices: /^\/dev\/(fuse$|loop)/,
  },
  NET_ADMIN: {
    programs: ['docker', 'ipset', 'iptables', 'nftables', 'nmap', 'openvpn', 'tailscale', 'tc', 'tcpdump', 'wireguard'],
    devices: /^\/dev\/net\/tun$/,
  },
  NET_RAW: { programs: ['iptables', 'nmap', 'tailscale', 'tcpdump'] },
  SYS_PTRACE: { programs: ['gdb', 'perf', 'strace'] },
  PERFMON: { programs: ['perf'] },
  BPF: { programs: ['perf'] },
};

/** What in these files needs the capability beside the agent's sandbox: names of programs and paths of devices. */
export function reasonsFor({ programs, devices }: Container, capability: string): readonly string[] {
  const reasons = Object.hasOwn(REASONS, capability) ? REASONS[capability] : undefined;
  const known = (values: Container['programs']): readonly string[] => values.flatMap(({ value }) => value ?? []);
  return [
    ...known(programs).filter((name) => reasons?.programs.includes(name)),
    ...known(devices).filter((path) => reasons?.devices?.test(path)),
  ];
}
