import { placeOf } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';

/** A profile file that Docker cannot use stops the container from starting. */
export const seccompProfileInvalid: Rule = {
  id: 'seccomp-profile-invalid',
  title: 'The seccomp profile cannot be used',
  explanation: `
Docker reads the file that \`seccomp=\` names when it creates the container. A file that is missing or no JSON stops the container
from being created, so there is nothing for Codex to run in. A relative path is taken from the folder in which the dev
container tool runs: \`\${localWorkspaceFolder}/…\` is right wherever that is.`,
  references: ['https://docs.docker.com/engine/security/seccomp/'],
  bad: {
    ...example('"securityOpt": ["seccomp=${localWorkspaceFolder}/.devcontainer/seccomp.json"]'),
    '.devcontainer/seccomp.json': '{ "defaultAction": "SCMP_ACT_ERRNO", \n',
  },
  good: {
    ...example('"securityOpt": ["seccomp=${localWorkspaceFolder}/.devcontainer/seccomp.json"]'),
    '.devcontainer/seccomp.json': '{ "defaultAction": "SCMP_ACT_ALLOW" }\n',
  },
  check(context) {
    const { seccomp } = context.container;
    if (seccomp.value?.kind !== 'custom' || seccomp.value.problem === undefined) return [];
    return [
      {
        severity: 'error',
        headline:
          `Docker cannot use the seccomp profile ${seccomp.value.file}: ${seccomp.value.problem}. ` +
          'The container will not be created. Correct the file or the path, or let a new profile be written.',
        place: placeOf(context, seccomp),
        hosts: context.hosts.map((h) => h.name),
      },
    ];
  },
  fixes: (context) => relax(context, 'Write a seccomp profile that allows bubblewrap', ['seccomp-tailored'], true),
};
