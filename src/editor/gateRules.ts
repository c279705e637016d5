import type { Gate } from '../model/gates.js';

/** The rule whose page explains a closed gate, where no finding is at hand to name one. */
export const GATE_RULES: Readonly<Record<Gate, string>> = {
  'workspace-entries': 'workspace-symlink',
  'writable-paths': 'read-only-root',
  'bwrap-available': 'bwrap-missing',
  'bwrap-privileges': 'setuid-without-capabilities',
  'seccomp-userns': 'seccomp-profile',
  'userns-allowed': 'userns-disabled',
  apparmor: 'apparmor-profile',
  loopback: 'ubuntu-userns',
  'uid-map': 'root-without-setfcap',
  'pivot-root': 'seccomp-profile',
  'proc-mount': 'masked-proc',
};
