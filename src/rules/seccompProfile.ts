import { at, failure, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule } from './engine/rule.js';
import { PLAIN_DOCKERFILE } from './shared/examples.js';

/** The seccomp profile in force keeps bubblewrap from making its namespaces or from changing its root. */
export const seccompProfile: Rule = {
  id: 'seccomp-profile',
  title: 'The seccomp profile blocks the sandbox',
  explanation: `
Docker starts every container under a seccomp profile that allows \`clone\` and \`unshare\` with a new user namespace only
where the container has the capability SYS_ADMIN, and \`pivot_root\` never. Codex runs each command under bubblewrap, which
needs both, so nothing that Codex starts can run.

The smallest change that works is Docker's own profile with six calls added: \`clone\` and \`unshare\` where they ask for a
user namespace, \`mount\`, \`umount2\`, \`pivot_root\` and \`mount_setattr\`. Bubblewrap before 0.13 needs the first five and nothing
else (measured with Codex 0.169 and bubblewrap 0.8, 0.12 and the one that Codex brings); 0.13 needs \`mount_setattr\` too (measured
with 0.13.1). The fix writes that profile beside your devcontainer.json. A profile with the five stays valid for bubblewrap before 0.13.

\`seccomp=unconfined\` works as well and gives away the whole filter. \`--cap-add=SYS_ADMIN\` only moves the failure to
\`pivot_root\`. The sysctl that bubblewrap's own hint names is a setting of the host, usually already right, and has nothing to
do with it.`,
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
  // The container is the boundary here: no system call filter at all. The tailored profile gives away less.
  "securityOpt": ["seccomp=unconfined"]
}
`,
    '.devcontainer/Dockerfile': PLAIN_DOCKERFILE,
  },
  check(context) {
    const { seccomp, capAdd } = context.container;
    const custom = seccomp.value?.kind === 'custom' ? seccomp.value.file : undefined;
    const subject = custom === undefined ? 'Docker’s default seccomp profile' : `The seccomp profile ${custom}`;
    const [sysAdmin] = capAdd.find((c) => c.value === 'SYS_ADMIN')?.places ?? [];
    return whereClosed(context, at(context, 'seccomp-userns', 'pivot-root'), (closed) => {
      const onlyRoot = closed.obstacles.every((o) => o.gate === 'pivot-root');
      const refused = onlyRoot ? 'the change of its root file system' : 'a user namespace';
      return {
        headline:
          `${subject} refuses ${context.agent.name}’s sandbox ${refused}. ${failure(context, closed)}` +
          'Use a seccomp profile that allows the six system calls bubblewrap needs, and rebuild the container.',
        place: placeOf(context, seccomp),
        related: sysAdmin
          ? [{ place: sysAdmin, message: 'SYS_ADMIN opens the user namespace, but pivot_root stays closed.' }]
          : [],
      };
    });
  },
  fixes: (context) => [
    ...relax(context, 'Allow bubblewrap with a tailored seccomp profile', ['seccomp-tailored'], true),
    ...relax(context, 'Switch the system call filter off (seccomp=unconfined)', ['seccomp-unconfined'], false),
  ],
};
