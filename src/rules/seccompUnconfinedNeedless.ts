import { known } from '../model/container/container.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';
import { needlessRule, replacing, withoutIt } from './shared/needless.js';
import { hasOtherReason } from './shared/otherReasons.js';

/** seccomp=unconfined where a tailored profile does, or nothing at all. */
export const seccompUnconfinedNeedless: Rule = {
  id: 'seccomp-unconfined-needless',
  title: 'seccomp=unconfined where a tailored profile is enough',
  explanation: `
\`seccomp=unconfined\` takes the whole system call filter away: keyctl, userfaultfd, io_uring, AF_ALG and dozens of other ways
into the kernel that Docker closes for every container. Codex's sandbox needs six calls of them: \`clone\` and \`unshare\` with a new user
namespace, \`mount\`, \`umount2\`, \`pivot_root\` and, from bubblewrap 0.13 on, \`mount_setattr\`. Docker's own profile with these six added works wherever
\`seccomp=unconfined\` does (measured with Codex 0.115 to 0.169, root and other users). Under Podman nothing is needed at all: its default
profile allows them.

The fix writes that profile beside your devcontainer.json and refers to it, or removes the option where no target host needs it.
\`codex-sandbox-check fix\` repairs what fails and leaves this choice to you.

The finding is silent where the files show another reason: a debugger or tracer (gdb, strace, perf, or the capability
SYS_PTRACE that goes with them), or an engine that makes containers (dockerd, Podman, Buildah). What an image or a published
Feature sets, as those for Go, Rust and C++ do, is not taken back here; a local Feature's is overruled by securityOpt of
devcontainer.json, or taken out of its \`devcontainer-feature.json\` where nothing takes its place.`,
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
  ...needlessRule(({ agent, configuration, container }) =>
    container.seccomp.value?.kind !== 'unconfined' ||
    container.privileged.value !== false ||
    hasOtherReason(configuration, 'seccomp')
      ? undefined
      : {
          relaxation: 'seccomp-unconfined',
          value: container.seccomp,
          without: { ...container, seccomp: known({ kind: 'default' }) },
          removal: { kind: 'remove-security-opt', key: 'seccomp' },
          headline: (hosts, instead) =>
            `seccomp=unconfined takes the whole system call filter away. ${agent.name}’s sandbox works on ${hosts} ${withoutIt(instead)}. ` +
            'Take the narrower profile and rebuild the container, or leave it if something outside these files needs it.',
          title: (instead) => replacing('seccomp=unconfined', instead),
        },
  ),
};
