import { hasCapability, SETUID_BWRAP_CAPABILITIES } from '../model/container/capabilities.js';
import type { Rule } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { example, RELAXED, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { setuidRule } from './shared/privilegedBwrap.js';

/** A setuid bubblewrap insists on six capabilities, three of which Docker does not give by default. */
export const setuidWithoutCapabilities: Rule = {
  id: 'setuid-without-capabilities',
  title: 'bubblewrap is setuid without the capabilities that it insists on',
  explanation: `
A setuid bubblewrap run by a non-root user insists on SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID and SYS_PTRACE; the first,
third and last are beyond Docker's default set. Without all six it stops at once. Codex from 0.130 on then starts the bubblewrap
that it brings itself, so \`chmod u+s\` by itself changes nothing; Codex 0.120 takes the setuid one and fails with
\`capset failed\` (measured).

Add the capabilities where the host needs a privileged bubblewrap (docker-ubuntu); anywhere else take the bit away.`,
  references: ['https://github.com/containers/bubblewrap'],
  bad: example(RELAXED, setuidDockerfile()),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  ...setuidRule('without-capabilities', (container) => {
    const lacking = SETUID_BWRAP_CAPABILITIES.filter((c) => hasCapability(container, c) === false);
    return `a setuid bubblewrap needs ${list(lacking)}, which the container lacks`;
  }),
};
