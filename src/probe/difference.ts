import { ERRORS } from '../model/bwrap/errors.js';
import type { Gate } from '../model/gates.js';
import type { Facts } from './observation.js';

/** Bits of the bounding set (linux/capability.h). */
const SYS_ADMIN = 21n;
const SETFCAP = 31n;

function holds({ capabilities: { bounding } }: Facts, capability: bigint): boolean {
  return /^[0-9a-f]{1,16}$/.test(bounding ?? '') && ((BigInt(`0x${bounding ?? '0'}`) >> capability) & 1n) === 1n;
}

function setfcap(facts: Facts): string {
  const { uid, name } = facts.user;
  if (uid !== null && uid !== 0) return `Codex runs as ${name ?? String(uid)} here, not as root`;
  return holds(facts, SETFCAP) ? 'root has SETFCAP here' : 'root can map itself here';
}

function seccomp({ seccomp: mode }: Facts): string {
  if (mode === 0) return 'this container has no system-call filter (seccomp)';
  return 'the system-call filter (seccomp) allows bubblewrap here';
}

function appArmor({ apparmor, label }: Facts): string {
  if (!apparmor) return 'this machine has no AppArmor';
  if (label === null || label === 'unconfined') return 'no AppArmor profile confines this container';
  return `the AppArmor profile here is ${label.replace(/ \(.*/, '')}`;
}

function restriction(facts: Facts): string {
  if (facts.apparmorRestrictUnprivilegedUserns !== 1) {
    return 'this machine does not restrict user namespaces';
  }
  return holds(facts, SYS_ADMIN) ? 'this container has SYS_ADMIN' : appArmor(facts);
}

function proc({ procSubmounts, bwraps }: Facts): string {
  if (procSubmounts.length === 0) return 'no path below /proc is masked here';
  const version = bwraps.find(({ kind }) => kind === 'system')?.version;
  return version === undefined || version === null
    ? "the distribution's bubblewrap is not installed here"
    : `the bubblewrap here is ${version.replace(/^bubblewrap /, '')}`;
}

function bwrap({ bwraps, codex }: Facts): string {
  const [first] = bwraps;
  if (first === undefined) return codex ? 'Codex finds a bubblewrap of its own here' : 'Codex is not installed here';
  if (first.kind === 'bundled') return 'Codex uses its own bubblewrap here';
  return `the bubblewrap here is ${first.path}${first.setuid ? ', setuid' : ', not setuid'}`;
}

/**
 * The fact that explains why a gate was predicted to be closed and was found open: a clause, for people.
 * @param error the error that was predicted: two causes share the gate uid-map
 */
export function differenceAt(gate: Gate, error: string | undefined, facts: Facts): string {
  switch (gate) {
    case 'seccomp-userns':
    case 'pivot-root':
      return seccomp(facts);
    case 'apparmor':
      return appArmor(facts);
    case 'loopback':
    case 'uid-map':
      return error === ERRORS.uidMap ? setfcap(facts) : restriction(facts);
    case 'userns-allowed':
      return 'this kernel allows user namespaces';
    case 'proc-mount':
      return proc(facts);
    case 'bwrap-available':
    case 'bwrap-privileges':
      return bwrap(facts);
    case 'workspace-entries':
      return 'no entry that Codex protects in the workspace folder is a link here';
    case 'writable-paths':
      return facts.readOnlyRoot
        ? 'Codex can write to the folders that it needs here'
        : 'the root file system is writable here';
  }
}
