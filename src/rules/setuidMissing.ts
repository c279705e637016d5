import { isRoot } from '../model/container/container.js';
import { HOST_CHANGES, hostChangeMarkdown } from '../model/plan/hostChange.js';
import { OPENAI_SECURE_PROFILE } from '../model/plan/recipes.js';
import type { Rule } from './engine/rule.js';
import { example, RELAXED, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** The host restricts unprivileged user namespaces, and no privileged bubblewrap is there. */
export const setuidMissing: Rule = {
  id: 'setuid-missing',
  title: 'The host needs a privileged bubblewrap, and there is none',
  explanation: `
Ubuntu 23.10 and later restrict unprivileged user namespaces through AppArmor
(\`kernel.apparmor_restrict_unprivileged_userns=1\`): a process that AppArmor does not confine and that lacks SYS_ADMIN gets a
user namespace without any power in it. With the network isolated bubblewrap then fails at \`loopback: Failed RTM_NEWADDR\`,
with the network allowed at \`setting up uid map: Permission denied\`. Not even \`--privileged\` helps a non-root user.

What works (measured under an emulation of the restriction that gives the texts reported from real Ubuntu) is a setuid
bubblewrap with SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID and SYS_PTRACE in the container's bounding set, together with
a seccomp profile that lets it pass and \`apparmor=unconfined\`. For a container that runs as root, SYS_ADMIN instead.

That is a lot to give away. If nobody opens this repository on Ubuntu, take docker-ubuntu out of the target hosts. If you
administer the machines, an AppArmor profile on the host gives away far less (below); the sysctl
\`kernel.apparmor_restrict_unprivileged_userns=0\` lifts the restriction for everything on the host.

## ${OPENAI_SECURE_PROFILE.title}

The dev container of Codex's own repository has a profile of this kind: a setuid bubblewrap, the six capabilities and NET_RAW,
\`seccomp=unconfined\` and \`apparmor=unconfined\`. It is offered last, after the repairs of the whole container, where it works. ${OPENAI_SECURE_PROFILE.caveats.join(' ')}

## On a host that restricts unprivileged user namespaces

The profiles need AppArmor 4 (Ubuntu 24.04, Debian 13). Both compile with apparmor_parser 4.1. docker-default with the same four
grants was measured to work on Debian 13, the second profile also under the emulation of Ubuntu's restriction.

${hostChangeMarkdown(HOST_CHANGES.restricted)}

## On a Debian with \`kernel.unprivileged_userns_clone=0\`

The same holds there: only a privileged bubblewrap passes.

${hostChangeMarkdown(HOST_CHANGES.noUnprivilegedUserns)}`,
  references: [
    'https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces',
    'https://github.com/openai/codex/issues/29908',
  ],
  bad: example(RELAXED),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  ...setuidRule('missing', (container) => {
    const { presence, setuid } = container.bwrap;
    if (isRoot(container)) return 'root in this container lacks SYS_ADMIN';
    return presence.value === 'absent' || setuid.value === false
      ? 'there is no setuid bubblewrap in the image'
      : 'neither root nor a setuid bubblewrap would have the powers for it in this container';
  }),
};
