import type { Example } from './rule.js';

/** A Dockerfile of a project that does not think of bubblewrap. */
export const PLAIN_DOCKERFILE = `FROM debian:12
RUN useradd --create-home --shell /bin/bash vscode
`;

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
