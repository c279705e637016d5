import { at, cannotStart, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';

/** The AppArmor profile of the container denies the user namespace or the mounts in it. */
export const apparmorProfile: Rule = {
  id: 'apparmor-profile',
  title: "AppArmor's docker-default profile blocks the sandbox",
  explanation: `
On hosts with AppArmor, Docker runs each container under the profile \`docker-default\`. It blocks the mounts of bubblewrap, or its user
namespace. Capabilities do not help, because AppArmor also restricts root with SYS_ADMIN.

## What to do

Set \`apparmor=unconfined\` and rebuild the container. Hosts without AppArmor, such as Docker Desktop, ignore the option.

Ubuntu hosts need more: see setuid-missing (23.10 to 24.10) and bwrap-unprofiled (25.04 and later).

## What it costs

The container loses the restrictions of docker-default on mounts and on files below \`/proc\` and \`/sys\`. A profile made for this purpose
costs less: docker-default without \`deny mount\`, plus \`userns,\`, \`mount,\`, \`umount,\` and \`pivot_root,\`. A repository cannot load a
profile. The administrator of the host can.

## apparmor=runc

AppArmor 4 has a profile named \`runc\`. It restricts nothing and grants user namespaces. Debian 13 loads it at boot. Ubuntu 24.04 and
later ship it (reported, not measured).

Hosts without AppArmor ignore \`apparmor=runc\`. Hosts with AppArmor 3, such as Debian 12, do not have this profile and do not start the
container. So a fix uses it only if all the hosts that you name have it, or have no AppArmor. No fix replaces \`apparmor=unconfined\` with it.

## What was measured

- Debian 12 (AppArmor 3): \`Failed to make / slave: Permission denied\`.
- Debian 13 (AppArmor 4): \`Creating new namespace failed: Permission denied\`.
- \`apparmor=runc\` with the tailored seccomp profile works on Debian 13 and under an emulation of Ubuntu's restriction. This holds for root
  and other users, with and without bubblewrap in the image, and with no-new-privileges.`,
  references: ['https://docs.docker.com/engine/security/apparmor/'],
  bad: example('"runArgs": ["--security-opt=seccomp=unconfined"]'),
  good: example('"runArgs": ["--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"]'),
  check(context) {
    const { apparmor } = context.container;
    return whereClosed(context, at(context, 'apparmor'), (closed) => ({
      headline: cannotStart(context, closed, 'AppArmor blocks the sandbox'),
      details: [
        'Disable AppArmor for this container (apparmor=unconfined), then rebuild the container.',
        'Hosts without AppArmor ignore this option.',
        ...(apparmor.value?.kind === 'named' ? [`Profile: ${apparmor.value.name}`] : []),
      ],
      place: placeOf(context, apparmor),
    }));
  },
  fixes: (context) =>
    relax(context, 'Disable AppArmor for this container (apparmor=unconfined)', ['apparmor-unconfined'], true),
};
