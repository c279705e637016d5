import type { Rule } from './engine/rule.js';
import { ifImageIs } from './engine/wording.js';
import { example, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** bubblewrap 0.11.2 and later refuse to run setuid. */
export const setuidRefused: Rule = {
  id: 'setuid-refused',
  title: 'This bubblewrap refuses to run setuid',
  explanation: `
Default builds of bubblewrap have no setuid support from 0.11.2 on. Version 0.12 (Debian 13, Fedora 44) removed it. If a user other than root
starts such a bubblewrap with the setuid bit, it prints \`setuid use of bubblewrap is not supported\` and stops.

Codex 0.130 and later notice this and start their own bubblewrap. Codex 0.120 starts the setuid one and fails (both measured).

## What to do

Remove the setuid bit. If a host needs a setuid bubblewrap, use a base image whose bubblewrap supports it, such as Debian 12 or
Ubuntu 24.04.

OpenAI's secure dev container makes bubblewrap setuid. On a base image with 0.12 this has no effect.`,
  references: ['https://github.com/containers/bubblewrap/releases'],
  bad: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile('debian:13')),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  ...setuidRule(
    'refused',
    (container) =>
      `${ifImageIs(container)}bubblewrap ${container.bwrap.version.value ?? 'of this version'} refuses to run setuid`,
  ),
};
