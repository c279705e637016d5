import type { Example } from '../engine/rule.js';

/** A Dockerfile of a project that does not think of bubblewrap. */
export const PLAIN_DOCKERFILE = `FROM debian:12
RUN useradd --create-home --shell /bin/bash vscode
`;

/** The same with a setuid bubblewrap of the distribution. */
export function setuidDockerfile(distribution = 'debian:12'): string {
  return `FROM ${distribution}
RUN apt-get update && apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap
RUN useradd --create-home --shell /bin/bash vscode
`;
}

/** The relaxations that every setuid bubblewrap needs beside its capabilities. */
export const RELAXED = '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]';

/** Those and the capabilities of a setuid bubblewrap that Docker does not give by default. */
export const RELAXED_WITH_CAPABILITIES = `${RELAXED},
"capAdd": ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"]`;

/** A development container of that Dockerfile, or another, with further properties of devcontainer.json. */
export function example(properties: string, dockerfile = PLAIN_DOCKERFILE): Example {
  const more = properties && `,\n  ${properties.split('\n').join('\n  ')}`;
  return {
    '.devcontainer/devcontainer.json': `{
  "build": { "dockerfile": "Dockerfile" },
  "remoteUser": "vscode"${more}
}
`,
    '.devcontainer/Dockerfile': dockerfile,
  };
}
