import { known } from '../model/container/container.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';
import { needlessRule } from './shared/needless.js';
import { hasOtherReason } from './shared/otherReasons.js';

/** privileged where the sandbox needs less, and nothing else in the files needs it. */
export const privilegedNeedless: Rule = {
  id: 'privileged-needless',
  title: 'privileged is unnecessary',
  explanation: `
\`privileged\` switches all protection of the container off. It gives the container all capabilities and all devices of the host, and removes
seccomp, AppArmor and the masks of \`/proc\`. Root in such a container is root on the host.

Codex works with much less. On hosts without AppArmor a tailored seccomp profile is enough. On Debian it also needs \`apparmor=unconfined\`. On
Ubuntu 23.10 and later \`privileged\` does not even help a user other than root.

## What to do

Replace \`privileged\` with the smaller set. The fix does this. The command \`codex-sandbox-check fix\` does not: the choice is yours.

There is no finding if the files show another reason for the option:

- an engine: docker-in-docker, dockerd, Podman, Buildah
- a firewall, FUSE, a debugger, or a device of the host

The fix also removes \`privileged\` from the \`devcontainer-feature.json\` of a local Feature. Settings from a published Feature or an
image cannot be removed here.

## What was measured

Both smaller sets, for root and for another user.`,
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
  ...needlessRule(({ configuration, container }) =>
    container.privileged.value !== true || hasOtherReason(configuration, 'privileged')
      ? undefined
      : {
          relaxation: 'privileged',
          value: container.privileged,
          without: { ...container, privileged: known(false) },
          removal: { kind: 'remove-privileged' },
          what: 'privileged',
          price: 'Root in this container is root on the host.',
        },
  ),
};
