import { CLONE_NEWUSER } from './bwrapCalls.js';
import type { SeccompProfile } from './seccompProfile.js';

const NEW_USER_NAMESPACE = [
  { index: 0, value: CLONE_NEWUSER, valueTwo: CLONE_NEWUSER, op: 'SCMP_CMP_MASKED_EQ' },
] as const;

/**
 * The profile that allows what the base allows and, beyond it, only what bubblewrap needs: clone and unshare where they
 * ask for a user namespace, and mount, umount2 and pivot_root. Each is needed, but for root unshare is not (measured).
 */
export function tailoredProfile(base: SeccompProfile, forRoot = false): SeccompProfile {
  return {
    ...base,
    // With rules, Docker insists on one; a profile that did without had none, hence no filter.
    ...(base.defaultAction ? {} : { defaultAction: 'SCMP_ACT_ALLOW' }),
    syscalls: [
      ...base.syscalls,
      {
        names: forRoot ? ['clone'] : ['clone', 'unshare'],
        action: 'SCMP_ACT_ALLOW',
        args: NEW_USER_NAMESPACE,
        comment: 'bubblewrap (Codex): only calls that ask for a new user namespace',
      },
      {
        names: ['mount', 'pivot_root', 'umount2'],
        action: 'SCMP_ACT_ALLOW',
        comment:
          'bubblewrap (Codex): the root of the sandbox; the kernel still asks for SYS_ADMIN, held only in its user namespace',
      },
    ],
  };
}
