import { known } from '../model/container/container.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';
import { needlessRule, replacing, withoutIt } from './shared/needless.js';
import { hasOtherReason } from './shared/otherReasons.js';

/** privileged where the sandbox needs less, and nothing else in the files needs it. */
export const privilegedNeedless: Rule = {
  id: 'privileged-needless',
  title: 'privileged where less is enough',
  explanation: `
\`privileged\` switches every protection of the container off at once: all capabilities, all devices of the host, no system call
filter, no AppArmor profile, no masked /proc. Root in such a container is root on the host. It makes Codex's sandbox work on
Docker Desktop and on Debian, and for that it is far too much: a tailored seccomp profile is enough on hosts without AppArmor,
with \`apparmor=unconfined\` it is enough on Debian (measured, each for root and for another user). On Ubuntu 23.10 and later
\`privileged\` does not even help a user who is not root.

The finding appears where the smallest set of relaxations that serves every target host on which \`privileged\` works costs less. Its
fix puts that set in the place of \`privileged\`. \`codex-sandbox-check fix\` repairs what fails and leaves this choice to you.

It is silent where the files show another reason: the Feature docker-in-docker, dockerd, Podman or Buildah, a firewall, FUSE,
a debugger, or a device of the host. \`privileged\` that a local Feature sets is taken out of its \`devcontainer-feature.json\`; what
an image or a published Feature sets cannot be taken back in these files.`,
  references: [
    'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities',
    'https://containers.dev/implementors/json_reference/',
  ],
  bad: example('"privileged": true'),
  good: example(
    '"privileged": true',
    `FROM debian:12
# This container builds images in a Docker of its own.
RUN apt-get update && apt-get install -y docker.io
RUN useradd --create-home --shell /bin/bash vscode
`,
  ),
  ...needlessRule(({ agent, configuration, container }) =>
    container.privileged.value !== true || hasOtherReason(configuration, 'privileged')
      ? undefined
      : {
          relaxation: 'privileged',
          value: container.privileged,
          without: { ...container, privileged: known(false) },
          removal: { kind: 'remove-privileged' },
          headline: (hosts, instead) =>
            `privileged gives away everything: root in this container is root on the host. ${agent.name}’s sandbox works on ${hosts} ${withoutIt(instead)}. ` +
            'Take the smaller change and rebuild the container, or leave it if something outside these files needs it.',
          title: (instead) => replacing('privileged', instead),
        },
  ),
};
