import fc from 'fast-check';
import type { Change } from '../../../../src/edits/changes/change.js';

/** Entries of securityOpt, as they are found in the wild. */
export const securityOption = fc.constantFrom(
  'seccomp=unconfined',
  'seccomp:unconfined',
  'seccomp=a.json',
  'apparmor=unconfined',
  'apparmor:x',
  'no-new-privileges',
  'no-new-privileges:true',
  'no-new-privileges=false',
  'label=disable',
  'systempaths=unconfined',
);

/** Names of capabilities in their spellings. */
export const capability = fc.constantFrom('SYS_ADMIN', 'cap_sys_admin', 'CAP_SYS_PTRACE', 'NET_RAW', 'SETFCAP');

/** The changes of options, by their kinds. */
export const OPTION_CHANGES: Readonly<Record<string, fc.Arbitrary<Change>>> = {
  'security-opt': fc.record({
    kind: fc.constant('security-opt' as const),
    key: fc.constantFrom('seccomp' as const, 'apparmor' as const, 'systempaths' as const),
    value: fc.constantFrom('unconfined', '${localWorkspaceFolder}/.devcontainer/seccomp.json'),
  }),
  'remove-security-opt': fc.record({
    kind: fc.constant('remove-security-opt' as const),
    key: fc.constantFrom('seccomp' as const, 'apparmor' as const, 'systempaths' as const, 'no-new-privileges' as const),
  }),
  'add-capability': fc.record({
    kind: fc.constant('add-capability' as const),
    capability: fc.constantFrom('SYS_ADMIN', 'SYS_PTRACE', 'SETFCAP'),
  }),
  'remove-capability': fc.record({
    kind: fc.constant('remove-capability' as const),
    capability: fc.constantFrom('SYS_ADMIN', 'NET_RAW'),
  }),
  'keep-capability': fc.record({
    kind: fc.constant('keep-capability' as const),
    capability: fc.constantFrom('SETFCAP', 'NET_RAW'),
  }),
  'remove-privileged': fc.constant({ kind: 'remove-privileged' }),
  tmpfs: fc.record({
    kind: fc.constant('tmpfs' as const),
    path: fc.constantFrom('/tmp', '/home/dev/.codex'),
    options: fc.constantFrom('exec', 'mode=1777'),
  }),
};
