import type { Rule } from './engine/rule.js';
import { ifImageIs } from './engine/wording.js';
import { example, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** bubblewrap 0.11.2 and later refuse to run setuid. */
export const setuidRefused: Rule = {
  id: 'setuid-refused',
  title: 'bubblewrap is setuid, and its build refuses that',
  explanation: `
Setuid support is off in default builds of bubblewrap from 0.11.2 on and gone in 0.12 (Debian 13, Fedora 44): started setuid by
a non-root user, it prints \`setuid use of bubblewrap is not supported\` and stops. Codex from 0.130 on notices and starts the
bubblewrap that it brings itself; Codex 0.120 takes the setuid one and fails (measured).

OpenAI's own secure dev container makes bubblewrap setuid; on a base with 0.12 that part of it has no effect any more. Where
the host needs a privileged bubblewrap (docker-ubuntu), use a base whose bubblewrap still supports setuid, such as Debian 12 or
Ubuntu 24.04.`,
  references: ['https://github.com/containers/bubblewrap/releases'],
  bad: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile('debian:13')),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  ...setuidRule(
    'refused',
    (container) =>
      `${ifImageIs(container)}bubblewrap ${container.bwrap.version.value ?? 'of this version'} refuses to run setuid`,
  ),
};
