import { at, failure, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';

/** The AppArmor profile of the container denies the user namespace or the mounts in it. */
export const apparmorProfile: Rule = {
  id: 'apparmor-profile',
  title: 'AppArmor docker-default blocks the sandbox',
  explanation: `
On hosts with AppArmor, Docker puts every container under the profile \`docker-default\`. It denies bubblewrap's mounts
(measured on Debian 12, AppArmor 3: \`Failed to make / slave: Permission denied\`) or already the user namespace (measured on
Debian 13, AppArmor 4: \`Creating new namespace failed: Permission denied\`). Capabilities do not help: an AppArmor denial holds
for root with SYS_ADMIN too.

\`apparmor=unconfined\` takes the profile away. Hosts without AppArmor, such as Docker Desktop, ignore the option, so it does no
harm there. A profile for this purpose that is loaded on the host (docker-default without \`deny mount\`, with \`userns,\`,
\`mount,\`, \`umount,\` and \`pivot_root,\`) gives away less, but a repository cannot load it.

On Ubuntu 23.10 to 24.10, \`apparmor=unconfined\` is needed and not enough: see setuid-missing. Ubuntu 25.04 and later need a plain
bubblewrap at \`/usr/bin/bwrap\` besides: see bwrap-unprofiled.

## apparmor=runc

AppArmor 4 has a profile named \`runc\` in its own package. Debian 13 loads it at boot; Ubuntu 24.04 and later ship it (reported). It is unconfined but
for its name and grants user namespaces. With the tailored seccomp profile, \`apparmor=runc\` worked in every container on Debian 13, and under an
emulation of Ubuntu's restriction: for root and other users, with and without a bubblewrap in the image, with no-new-privileges.

Hosts without AppArmor ignore it. Hosts with AppArmor 3, such as Debian 12, have no such profile and refuse to start the container. So no fix
uses it unless you name target hosts that all have it or have no AppArmor, and none
replaces \`apparmor=unconfined\` by it.`,
  references: ['https://docs.docker.com/engine/security/apparmor/'],
  bad: example('"runArgs": ["--security-opt=seccomp=unconfined"]'),
  good: example('"runArgs": ["--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"]'),
  check(context) {
    const { apparmor } = context.container;
    const name = apparmor.value?.kind === 'named' ? apparmor.value.name : 'docker-default';
    return whereClosed(context, at(context, 'apparmor'), (closed) => ({
      headline:
        `The AppArmor profile ${name} denies ${context.agent.name}’s sandbox its namespaces and mounts. ${failure(context, closed)}` +
        'Take the profile away with apparmor=unconfined (hosts without AppArmor ignore it), and rebuild the container.',
      place: placeOf(context, apparmor),
    }));
  },
  fixes: (context) =>
    relax(context, 'Take the AppArmor profile away (apparmor=unconfined)', ['apparmor-unconfined'], true),
};
