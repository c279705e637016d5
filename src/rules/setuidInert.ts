import type { Rule } from './engine/rule.js';
import { example, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** no-new-privileges makes a setuid bubblewrap an ordinary one. */
export const setuidInert: Rule = {
  id: 'setuid-inert',
  title: 'bubblewrap is setuid, and no-new-privileges makes that inert',
  explanation: `
Under \`no-new-privileges\` the kernel ignores the setuid bit. bubblewrap then works like an ordinary one through user
namespaces (measured), which is fine on most hosts and not enough where the host needs a privileged bubblewrap
(docker-ubuntu). Decide for one of the two: the bit where you need it, or no-new-privileges where you do not.`,
  references: ['https://docs.kernel.org/userspace-api/no_new_privs.html'],
  bad: example(
    `"securityOpt": ["seccomp=unconfined", "apparmor=unconfined", "no-new-privileges"],
"capAdd": ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"]`,
    setuidDockerfile(),
  ),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  ...setuidRule('inert', () => 'no-new-privileges makes the setuid bit inert'),
};
