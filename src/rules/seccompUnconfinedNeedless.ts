import { known } from '../model/container/container.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';
import { needlessRule } from './shared/needless.js';
import { hasOtherReason } from './shared/otherReasons.js';

/** seccomp=unconfined where a tailored profile does, or nothing at all. */
export const seccompUnconfinedNeedless: Rule = {
  id: 'seccomp-unconfined-needless',
  title: 'seccomp=unconfined is unnecessary',
  explanation: `
\`seccomp=unconfined\` switches Docker's system-call filter off. The container can then use keyctl, userfaultfd, io_uring, AF_ALG and dozens of
other ways into the kernel.

Codex needs six of these calls: \`clone\` and \`unshare\` with a new user namespace, \`mount\`, \`umount2\`, \`pivot_root\` and, from bubblewrap 0.13,
\`mount_setattr\`. Podman's default profile allows them already.

## What to do

Use Docker's own profile with these six calls. The fix writes it beside your devcontainer.json, or removes the option if no target host needs
it. The command \`codex-sandbox-check fix\` does not: the choice is yours.

There is no finding if the files show another reason for the option:

- a debugger or tracer: gdb, strace, perf, or the capability SYS_PTRACE
- an engine: dockerd, Podman, Buildah

Settings from an image or a published Feature, such as those for Go, Rust and C++, cannot be removed here. An option
from a local Feature is overruled in devcontainer.json, or removed from its \`devcontainer-feature.json\`.

## What was measured

The profile with six calls works wherever \`seccomp=unconfined\` does (Codex 0.115 to 0.169, root and other users).`,
  references: ['https://docs.docker.com/engine/security/seccomp/'],
  bad: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  good: example(
    '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]',
    `FROM debian:12
# The debugger is what the missing system call filter is for.
RUN apt-get update && apt-get install -y gdb
RUN useradd --create-home --shell /bin/bash vscode
`,
  ),
  ...needlessRule(({ configuration, container }) =>
    container.seccomp.value?.kind !== 'unconfined' ||
    container.privileged.value !== false ||
    hasOtherReason(configuration, 'seccomp')
      ? undefined
      : {
          relaxation: 'seccomp-unconfined',
          value: container.seccomp,
          without: { ...container, seccomp: known({ kind: 'default' }) },
          removal: { kind: 'remove-security-opt', key: 'seccomp' },
          what: 'seccomp=unconfined',
          price: "It switches Docker's whole system-call filter off.",
        },
  ),
};
