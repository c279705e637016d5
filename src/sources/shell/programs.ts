/** A program that needs a capability to be of use, and thereby explains why a configuration adds it. */
export interface CapabilityProgram {
  /** Without CAP_, any of which it may need (capabilities(7)). */
  readonly capabilities: readonly string[];
  /** Packages of the distributions that bring it. */
  readonly packages: readonly string[];
  /** Names under which it is run. */
  readonly commands: readonly string[];
}

/** The programs by the name that Container.programs carries. */
export const CAPABILITY_PROGRAMS: Readonly<Record<string, CapabilityProgram>> = {
  iptables: {
    capabilities: ['NET_ADMIN', 'NET_RAW'],
    packages: ['iptables', 'iptables-nft', 'iptables-legacy', 'iptables-persistent', 'ip6tables', 'ufw', 'firewalld'],
    commands: ['iptables', 'ip6tables', 'iptables-restore', 'iptables-nft', 'iptables-legacy', 'ufw', 'firewall-cmd'],
  },
  nftables: { capabilities: ['NET_ADMIN'], packages: ['nftables'], commands: ['nft'] },
  ipset: { capabilities: ['NET_ADMIN'], packages: ['ipset'], commands: ['ipset'] },
  tcpdump: {
    capabilities: ['NET_RAW', 'NET_ADMIN'],
    packages: ['tcpdump', 'tshark', 'wireshark', 'wireshark-cli'],
    commands: ['tcpdump', 'tshark', 'dumpcap'],
  },
  // nmap's documentation: cap_net_raw, cap_net_admin and cap_net_bind_service let another user than root scan.
  nmap: { capabilities: ['NET_RAW', 'NET_ADMIN'], packages: ['nmap', 'masscan'], commands: ['nmap', 'masscan'] },
  tc: { capabilities: ['NET_ADMIN'], packages: ['iproute2-tc', 'iproute-tc'], commands: ['tc'] },
  wireguard: {
    capabilities: ['NET_ADMIN'],
    packages: ['wireguard', 'wireguard-tools'],
    commands: ['wg', 'wg-quick'],
  },
  openvpn: { capabilities: ['NET_ADMIN'], packages: ['openvpn', 'openconnect'], commands: ['openvpn', 'openconnect'] },
  tailscale: { capabilities: ['NET_ADMIN', 'NET_RAW'], packages: ['tailscale'], commands: ['tailscaled', 'tailscale'] },
  fuse: {
    capabilities: ['SYS_ADMIN'],
    packages: ['fuse', 'fuse3', 'sshfs', 'fuse-overlayfs', 's3fs', 'gcsfuse', 'rclone', 'bindfs'],
    commands: ['fusermount', 'fusermount3', 'sshfs', 'fuse-overlayfs', 's3fs', 'gcsfuse', 'bindfs'],
  },
  mount: {
    capabilities: ['SYS_ADMIN'],
    packages: ['nfs-common', 'nfs-utils', 'cifs-utils'],
    commands: ['mount', 'umount', 'losetup', 'mount.cifs', 'mount.nfs'],
  },
  podman: { capabilities: ['SYS_ADMIN'], packages: ['podman'], commands: ['podman'] },
  buildah: { capabilities: ['SYS_ADMIN'], packages: ['buildah'], commands: ['buildah'] },
  docker: {
    capabilities: ['SYS_ADMIN', 'NET_ADMIN'],
    packages: ['docker-ce', 'docker.io', 'containerd', 'containerd.io', 'runc'],
    commands: ['dockerd', 'containerd'],
  },
  gdb: {
    capabilities: ['SYS_PTRACE'],
    packages: ['gdb', 'gdb-multiarch', 'gdbserver', 'lldb', 'delve', 'rr'],
    commands: ['gdb', 'gdbserver', 'lldb', 'lldb-server', 'dlv', 'rr'],
  },
  strace: { capabilities: ['SYS_PTRACE'], packages: ['strace', 'ltrace'], commands: ['strace', 'ltrace'] },
  perf: {
    capabilities: ['SYS_ADMIN', 'PERFMON', 'BPF', 'SYS_PTRACE'],
    packages: ['linux-perf', 'perf', 'linux-tools-generic', 'bpftrace', 'bpfcc-tools', 'bpftool'],
    commands: ['perf', 'bpftrace', 'bpftool'],
  },
};

const BY_PACKAGE = index((p) => p.packages);
const BY_COMMAND = index((p) => p.commands);

/** The program that a package brings. */
export function programOfPackage(name: string): string | undefined {
  return BY_PACKAGE.get(name);
}

/** The program that a command's name (without its directory) runs. */
export function programOfCommand(name: string): string | undefined {
  return BY_COMMAND.get(name);
}

function index(namesOf: (program: CapabilityProgram) => readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(CAPABILITY_PROGRAMS).flatMap(([name, program]) => namesOf(program).map((n) => [n, name] as const)),
  );
}
