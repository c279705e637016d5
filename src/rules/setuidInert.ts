import type { Rule } from './engine/rule.js';
import { example, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** no-new-privileges makes a setuid bubblewrap an ordinary one. */
export const setuidInert: Rule = {
  id: 'setuid-inert',
  title: 'no-new-privileges disables the setuid bubblewrap',
  explanation: `
Under \`no-new-privileges\` the kernel ignores the setuid bit. bubblewrap then works without root's power (measured). Most hosts need no
more. Ubuntu 23.10 to 24.10 need a bubblewrap with root's power, or an AppArmor profile on the host.

## What to do

Keep no-new-privileges and remove the setuid bit. Only if you need a setuid bubblewrap, remove no-new-privileges instead.

## What it costs

Without no-new-privileges, each setuid program in the container can gain root's power.`,
  references: ['https://docs.kernel.org/userspace-api/no_new_privs.html'],
  bad: example(
    `"securityOpt": ["seccomp=unconfined", "apparmor=unconfined", "no-new-privileges"],
"capAdd": ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"]`,
    setuidDockerfile(),
  ),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  ...setuidRule('inert', () => 'no-new-privileges disables the setuid bit'),
};
