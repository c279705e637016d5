import { headlineWith } from '../model/headline.js';
import { stopOf } from '../sources/text/problem.js';
import { placeOf } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule } from './engine/rule.js';
import { reasonLine } from './engine/wording.js';
import { example } from './shared/examples.js';

/** A profile file that Docker cannot use stops the container from starting. */
export const seccompProfileInvalid: Rule = {
  id: 'seccomp-profile-invalid',
  title: 'Docker cannot use the seccomp profile',
  explanation: `
Docker reads the file in \`seccomp=\` when it creates the container. If the file is missing or is not valid JSON, Docker does not create
the container.

## What to do

Correct the file or its path. The fix writes a new profile that allows bubblewrap.

Docker looks up a relative path from the folder in which the dev container tool runs. \`\${localWorkspaceFolder}/…\` is correct everywhere.`,
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
    const headline = headlineWith(
      seccomp.value.file,
      (file) => `The container cannot start: Docker cannot use "${file}"`,
    );
    const stops = stopOf(headline);
    return [
      {
        severity: 'error',
        headline,
        ...(stops !== undefined && { stops }),
        details: [
          'Correct the seccomp profile or its path, or write a new profile.',
          reasonLine(`${seccomp.value.file}: ${seccomp.value.problem}`),
        ],
        place: placeOf(context, seccomp),
        hosts: context.hosts.map((h) => h.name),
      },
    ];
  },
  fixes: (context) => relax(context, 'Write a seccomp profile that allows bubblewrap', ['seccomp-tailored'], true),
};
