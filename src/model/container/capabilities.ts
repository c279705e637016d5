import { words } from '../wordList.js';
import type { Container } from './container.js';

/** What Docker and Podman give a container by default (moby oci/caps/defaults.go). Podman gives fewer; none of the difference matters here. */
export const DEFAULT_CAPABILITIES = words(`
  CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL
  AUDIT_WRITE`);

/** All capabilities of Linux 6, without CAP_ (capabilities(7)). */
export const ALL_CAPABILITIES: readonly string[] = [
  ...DEFAULT_CAPABILITIES,
  ...words(`
    AUDIT_CONTROL AUDIT_READ BLOCK_SUSPEND BPF CHECKPOINT_RESTORE DAC_READ_SEARCH IPC_LOCK IPC_OWNER LEASE
    LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE NET_ADMIN NET_BROADCAST PERFMON SYSLOG SYS_ADMIN SYS_BOOT SYS_MODULE
    SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM`),
];

/** The six that a setuid bubblewrap insists on (bubblewrap REQUIRED_CAPS; each measured to be needed: docs/how-it-works.md, "Capabilities and root"). */
export const SETUID_BWRAP_CAPABILITIES = words('SYS_ADMIN SYS_CHROOT NET_ADMIN SETUID SETGID SYS_PTRACE');

/** CAP_sys_admin → SYS_ADMIN. */
export function capabilityName(text: string): string {
  return text.trim().toUpperCase().replace(/^CAP_/, '');
}

/** What decides the bounding set of a container. */
export type CapabilityOptions = Pick<Container, 'privileged' | 'capAdd' | 'capDrop'>;

/**
 * The bounding set of the container as Docker computes it from --privileged, --cap-add and --cap-drop: an addition wins
 * over a drop, but under `--cap-add=ALL` a named drop counts (moby oci/caps/utils.go, TweakCapabilities).
 */
export function boundingSet(container: CapabilityOptions): ReadonlySet<string> {
  const set = boundingSets.get(container) ?? computeBoundingSet(container);
  boundingSets.set(container, set);
  return set;
}

/** Remembered, because a plan asks for it a dozen times for each of thousands of containers. */
const boundingSets = new WeakMap<CapabilityOptions, ReadonlySet<string>>();

function computeBoundingSet(container: CapabilityOptions): ReadonlySet<string> {
  if (container.privileged.value === true) return new Set(ALL_CAPABILITIES);
  const add = container.capAdd.flatMap((c) => c.value ?? []);
  const drop = container.capDrop.map((c) => c.value);
  if (add.includes('ALL')) return new Set(ALL_CAPABILITIES.filter((c) => !drop.includes(c)));
  const kept = drop.includes('ALL') ? [] : DEFAULT_CAPABILITIES.filter((c) => !drop.includes(c));
  return new Set([...kept, ...add]);
}

/** Whether the container has the capability; undefined when something that cannot be read may add or drop it. */
export function hasCapability(container: CapabilityOptions, capability: string): boolean | undefined {
  if (container.privileged.value === true) return true;
  const has = boundingSet(container).has(capability);
  if (container.privileged.value === undefined && !has) return undefined;
  if (!has && container.capAdd.some((c) => c.value === undefined)) return undefined;
  if (has && container.capDrop.some((c) => c.value === undefined)) return undefined;
  return has;
}
