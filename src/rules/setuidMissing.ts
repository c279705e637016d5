import { isRoot } from '../model/container/container.js';
import { HOST_CHANGES, hostChangeMarkdown, hostChangesMarkdown } from '../model/plan/hostChange.js';
import { OPENAI_SECURE_PROFILE } from '../model/plan/recipes.js';
import type { Rule } from './engine/rule.js';
import { example, RELAXED, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** The host restricts unprivileged user namespaces, and no privileged bubblewrap is there. */
export const setuidMissing: Rule = {
  id: 'setuid-missing',
  title: 'The host restricts user namespaces',
  explanation: `
Ubuntu 23.10 to 24.10 restrict user namespaces through AppArmor (\`kernel.apparmor_restrict_unprivileged_userns=1\`). A process gets a user
namespace without any power if AppArmor does not confine it and it lacks SYS_ADMIN. bubblewrap then fails with
\`loopback: Failed RTM_NEWADDR\`. If Codex may use the network, the error is \`setting up uid map: Permission denied\`. Even
\`--privileged\` does not help a user other than root.

Ubuntu 25.04 and later also restrict user namespaces, but have a profile for \`/usr/bin/bwrap\` (see bwrap-unprofiled).

## What to do

The first of these ways that is possible for you:

1. Load an AppArmor profile on the host (commands below). The container then needs a bubblewrap before 0.12 without setuid at
   \`/usr/bin/bwrap\`, the tailored seccomp profile and \`apparmor=unconfined\`. It needs no capability. A copy of Codex's own bubblewrap at
   that path also works.
2. Set \`apparmor=runc\` if the hosts have that profile (see apparmor-profile).
3. Use a setuid bubblewrap with SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID and SYS_PTRACE, the tailored seccomp profile and
   \`apparmor=unconfined\`. A container that runs as root needs only SYS_ADMIN instead.

If nobody opens this repository on Ubuntu, remove \`docker-ubuntu\` from the target hosts.

## What it costs

The profile costs little. The third way gives commands of Codex a program that runs as root, and makes root nearly as powerful as root on the
host. The sysctl \`kernel.apparmor_restrict_unprivileged_userns=0\` also works, but removes the restriction for everything on the host.

## What was measured

All of this was measured under an emulation of the restriction. It prints the errors that are reported from real Ubuntu hosts.

## ${OPENAI_SECURE_PROFILE.title}

The dev container of Codex's own repository has a profile of this kind. It uses a setuid bubblewrap, the six capabilities and NET_RAW,
\`seccomp=unconfined\` and \`apparmor=unconfined\`. It is offered last, where it works. ${OPENAI_SECURE_PROFILE.caveats.join(' ')}

## On a host that restricts unprivileged user namespaces

The profiles need AppArmor 4 (Ubuntu 24.04, Debian 13) and compile with apparmor_parser 4.1. Those for a path were measured under the
emulation. If two profiles are for the same path, the kernel uses neither, so load one. docker-default with the four grants of codex-sandbox
works on Debian 13 (measured). Codex's documentation says where Ubuntu 24.04 keeps the profile (reported, not measured).

${hostChangesMarkdown(HOST_CHANGES.systemBwrap)}

## On a Debian with \`kernel.unprivileged_userns_clone=0\`

There, too, only a bubblewrap with root's power works.

${hostChangeMarkdown(HOST_CHANGES.noUnprivilegedUserns)}`,
  references: [
    'https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces',
    'https://github.com/openai/codex/issues/29908',
  ],
  bad: example(RELAXED),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  exampleHosts: { bad: ['docker-ubuntu'], good: ['docker-ubuntu'] },
  ...setuidRule('missing', (container) => {
    const { presence, setuid } = container.bwrap;
    if (isRoot(container)) return 'root in this container lacks SYS_ADMIN';
    return presence.value === 'absent' || setuid.value === false
      ? 'the image has no setuid bubblewrap'
      : 'neither root nor a setuid bubblewrap has the capabilities in this container';
  }),
};
