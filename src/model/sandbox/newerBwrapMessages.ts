import type { Agent } from '../agent/agent.js';
import type { Message } from '../agent/symptom.js';
import { DENIED, FORBIDDEN } from './errnoWordings.js';

/** Measured with the bubblewrap that comes with Codex: it does not need openat2 or read access above the workspace folder. */
function orItsOwn({ name, bundlesBwrap }: Agent): string {
  return bundlesBwrap ? ` Or remove the bubblewrap package, so that ${name} uses its own.` : '';
}

/** Messages that only newer versions of bubblewrap print, because they need more: tried before the messages of all versions. */
export function newerBwrapMessages(agent: Agent): readonly Message[] {
  return [
    {
      // Measured with 0.13.1 under a profile of five calls.
      pattern: new RegExp(`mount_setattr\\(\\) failed at .*: .*${FORBIDDEN}`),
      gate: 'pivot-root',
      cause:
        'The system-call filter (seccomp) blocks mount_setattr. bubblewrap 0.13 and later need it, older versions do not.',
      remedy:
        'Add mount_setattr to the calls that your seccomp profile allows. If it allows clone, unshare, mount, umount2 and pivot_root, only this call is missing.',
    },
    {
      // Measured with 0.12.0: it prints ENOSYS even if the profile answers with EPERM.
      pattern: /Can't (?:open source|mkdir parents for) .*: (?:Function not implemented|ENOSYS)/,
      gate: 'pivot-root',
      cause: 'The system-call filter (seccomp) or an old kernel blocks openat2. bubblewrap 0.12 and later need it.',
      remedy: `Add openat2 to the calls that your seccomp profile allows. Docker's default profile allows it.${orItsOwn(agent)}`,
    },
    {
      // Measured with 0.12.0 and a folder of mode 711 above the workspace folder; 0.8.0 and the one of Codex start there.
      pattern: new RegExp(`Can't mkdir parents for .*: ${DENIED}`),
      gate: null,
      cause:
        'bubblewrap 0.12.0 to 0.13.0 must be able to read each folder above the one in the message. Here it cannot read one of them. Other versions do not need that. Ubuntu had the same fault in 0.9.0-1ubuntu0.2 and 0.11.1-1ubuntu0.2 (reported).',
      remedy: `Let ${agent.name}'s user read each folder above it (chmod o+r), or update bubblewrap to 0.13.1.${orItsOwn(agent)}`,
    },
  ];
}
