import { isRoot } from '../model/container/container.js';
import { HOST_CHANGES, hostChangeMarkdown, hostChangesMarkdown } from '../model/plan/hostChange.js';
import { OPENAI_SECURE_PROFILE } from '../model/plan/recipes.js';
import type { Rule } from './engine/rule.js';
import { example, RELAXED, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** The host restricts unprivileged user namespaces, and no privileged bubblewrap is there. */
export const setuidMissing: Rule = {
  id: 'setuid-missing',
  title: 'The host needs a privileged bubblewrap, and there is none',
  explanation: `
Ubuntu 23.10 to 24.10 restrict unprivileged user namespaces through AppArmor
(\`kernel.apparmor_restrict_unprivileged_userns=1\`): a process that AppArmor does not confine and that lacks SYS_ADMIN gets a
user namespace without any power in it. With the network isolated bubblewrap then fails at \`loopback: Failed RTM_NEWADDR\`,
with the network allowed at \`setting up uid map: Permission denied\`. Not even \`--privileged\` helps a non-root user.

Ubuntu 25.04 and later restrict them too, and have a profile for \`/usr/bin/bwrap\`: see bwrap-unprofiled.

Whoever administers the host loads such a profile there (below). A plain bubblewrap before 0.12 in the image, or a copy of Codex's own
at \`/usr/bin/bwrap\`, then needs no capability, only the tailored seccomp profile and \`apparmor=unconfined\`. All of this was measured
under an emulation of the restriction that gives the texts reported from real Ubuntu.

For hosts that nobody administers, \`apparmor=runc\` is a way where the host has that profile (see apparmor-profile). The last way is a setuid
bubblewrap with SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID and SYS_PTRACE in the container's bounding set, together with
a seccomp profile that lets it pass and \`apparmor=unconfined\`. For a container that runs as root, SYS_ADMIN instead.

That is a lot to give away. If nobody opens this repository on Ubuntu, take docker-ubuntu out of the target hosts. The sysctl
\`kernel.apparmor_restrict_unprivileged_userns=0\` lifts the restriction for everything on the host.

## ${OPENAI_SECURE_PROFILE.title}

The dev container of Codex's own repository has a profile of this kind: a setuid bubblewrap, the six capabilities and NET_RAW,
\`seccomp=unconfined\` and \`apparmor=unconfined\`. It is offered last, after the repairs of the whole container, where it works. ${OPENAI_SECURE_PROFILE.caveats.join(' ')}

## On a host that restricts unprivileged user namespaces

The profiles need AppArmor 4 (Ubuntu 24.04, Debian 13), and compile with apparmor_parser 4.1. Those that attach to a path were measured under the
emulation of Ubuntu's restriction. Where two attach to the same path the kernel takes neither, so load one. docker-default with the same four
grants as codex-sandbox was measured to work on Debian 13. Where Ubuntu 24.04 keeps the profile was read in Codex's documentation.

${hostChangesMarkdown(HOST_CHANGES.systemBwrap)}

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
