import { at, cannotStart, placeOf, whereClosed, type Closed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule } from './engine/rule.js';
import { PLAIN_DOCKERFILE } from './shared/examples.js';

/** The seccomp profile in force keeps bubblewrap from making its namespaces or from changing its root. */
export const seccompProfile: Rule = {
  id: 'seccomp-profile',
  title: "Docker's seccomp profile blocks the sandbox",
  explanation: `
Codex runs each command in a sandbox that bubblewrap sets up. Bubblewrap needs a user namespace and the call \`pivot_root\`.
Docker's system-call filter (seccomp) blocks both, so no command of Codex can run. The filter allows user namespaces only with the
capability SYS_ADMIN, and \`pivot_root\` never.

## What to do

Use Docker's own profile with six more calls: \`clone\` and \`unshare\` for user namespaces, \`mount\`, \`umount2\`, \`pivot_root\` and
\`mount_setattr\`. The fix writes this profile beside your devcontainer.json. Rebuild the container afterwards.

## What it costs

The container can reach the kernel's user-namespace code. \`seccomp=unconfined\` also works, but it switches the whole filter off.

## What does not help

- \`--cap-add=SYS_ADMIN\` only moves the failure to \`pivot_root\`.
- The sysctl in bubblewrap's own hint is a setting of the host. It is usually right already.

## What was measured

Bubblewrap before 0.13 needs the first five calls and nothing else (Codex 0.169 with bubblewrap 0.8, 0.12 and Codex's own).
Bubblewrap 0.13.1 also needs \`mount_setattr\`. A profile with five calls stays valid for bubblewrap before 0.13.`,
  references: [
    'https://docs.docker.com/engine/security/seccomp/',
    'https://github.com/moby/profiles/blob/main/seccomp/default.json',
  ],
  bad: {
    '.devcontainer/devcontainer.json': `{
  "name": "api",
  "build": { "dockerfile": "Dockerfile" },
  "remoteUser": "vscode"
}
`,
    '.devcontainer/Dockerfile': PLAIN_DOCKERFILE,
  },
  good: {
    '.devcontainer/devcontainer.json': `{
  "name": "api",
  "build": { "dockerfile": "Dockerfile" },
  "remoteUser": "vscode",
  // The container is the boundary here: no system-call filter. The tailored profile keeps most of it.
  "securityOpt": ["seccomp=unconfined"]
}
`,
    '.devcontainer/Dockerfile': PLAIN_DOCKERFILE,
  },
  check(context) {
    const { seccomp, capAdd } = context.container;
    const custom = seccomp.value?.kind === 'custom' ? seccomp.value.file : undefined;
    const subject = custom === undefined ? "Docker's seccomp profile" : 'its seccomp profile';
    const [sysAdmin] = capAdd.find((c) => c.value === 'SYS_ADMIN')?.places ?? [];
    return whereClosed(context, at(context, 'seccomp-userns', 'pivot-root'), (closed) => {
      return {
        headline: cannotStart(context, closed, `${subject} blocks ${blocked(closed)}`),
        details: [
          'Use a seccomp profile that allows bubblewrap, then rebuild the container.',
          ...(custom === undefined ? [] : [`Profile: ${custom}`]),
        ],
        place: placeOf(context, seccomp),
        related: sysAdmin
          ? [{ place: sysAdmin, message: 'SYS_ADMIN allows user namespaces, but pivot_root stays blocked.' }]
          : [],
      };
    });
  },
  fixes: (context) => [
    ...relax(context, 'Allow bubblewrap with a tailored seccomp profile', ['seccomp-tailored'], true),
    ...relax(context, 'Switch seccomp off (seccomp=unconfined)', ['seccomp-unconfined'], false),
  ],
};

/** What the profile blocks, for people. The gate of the root file system has several calls; the error tells which. */
function blocked({ obstacles, first: { error } }: Closed): string {
  if (obstacles.some(({ gate }) => gate !== 'pivot-root')) return 'user namespaces';
  return ['pivot_root', 'mount_setattr'].find((call) => error.includes(call)) ?? 'a call that bubblewrap needs';
}
