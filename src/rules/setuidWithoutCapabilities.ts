import { hasCapability, SETUID_BWRAP_CAPABILITIES } from '../model/container/capabilities.js';
import type { Rule } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { example, RELAXED, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** A setuid bubblewrap insists on six capabilities, three of which Docker does not give by default. */
export const setuidWithoutCapabilities: Rule = {
  id: 'setuid-without-capabilities',
  title: 'The setuid bubblewrap lacks capabilities',
  explanation: `
A setuid bubblewrap needs six capabilities: SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID and SYS_PTRACE. Docker does not give a
container the first, the third and the last by default. If one is missing, bubblewrap stops.

Codex 0.130 and later then start their own bubblewrap, so \`chmod u+s\` alone has no effect. Codex 0.120 starts the setuid one and fails with
\`capset failed\` (both measured).

## What to do

Remove the setuid bit. Add the capabilities only for a host that needs a setuid bubblewrap (see setuid-missing).

## What it costs

SYS_ADMIN makes root in the container nearly as powerful as root on the host.`,
  references: ['https://github.com/containers/bubblewrap'],
  bad: example(RELAXED, setuidDockerfile()),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  exampleHosts: { bad: ['docker-ubuntu'], good: ['docker-ubuntu'] },
  ...setuidRule('without-capabilities', (container) => {
    const lacking = SETUID_BWRAP_CAPABILITIES.filter((c) => hasCapability(container, c) === false);
    return `a setuid bubblewrap needs ${list(lacking)}, and the container lacks ${lacking.length === 1 ? 'it' : 'them'}`;
  }),
};
