import { setuidWorks } from '../model/bwrap/bwrap.js';
import { relaxation } from '../model/plan/relaxations.js';
import type { Rule } from './engine/rule.js';
import { example, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { inItsPlace, needlessRule } from './shared/needless.js';

/** A setuid bubblewrap that works as one, on hosts that let a plain one do the same. */
export const setuidNeedless: Rule = {
  id: 'setuid-needless',
  title: 'A setuid bubblewrap that no target host needs',
  explanation: `
A setuid bubblewrap runs as root, in the reach of whatever Codex starts, and asks for SYS_ADMIN, NET_ADMIN and SYS_PTRACE in
the container. Builds 0.11.0 and 0.11.1 are known to be exploitable that way (CVE-2026-41163). Codex's sandbox needs it only on hosts that
restrict unprivileged user namespaces: docker-ubuntu and docker-no-unprivileged-userns. Everywhere else a plain
bubblewrap does the same (measured).

The fix takes the setuid bit away; capability-in-vain then finds the capabilities that only it had use for. If hosts that restrict
user namespaces do matter, add them to the target hosts and the finding goes. A setuid bubblewrap that does not even work as one is the
matter of setuid-inert, setuid-refused and setuid-without-capabilities.`,
  references: [
    'https://github.com/containers/bubblewrap/security/advisories',
    'https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces',
  ],
  bad: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  good: example(RELAXED_WITH_CAPABILITIES, setuidDockerfile()),
  exampleHosts: { bad: ['docker-desktop', 'docker-linux'] },
  ...needlessRule(({ container, request }) => {
    const notSetuid = relaxation('bwrap-not-setuid', request);
    if (setuidWorks(container) !== true || !notSetuid.applies(container)) return undefined;
    return {
      relaxation: 'bwrap-setuid',
      value: container.bwrap.setuid,
      without: notSetuid.apply(container),
      removal: { kind: 'remove-setuid' },
      headline: (hosts, instead) =>
        `bubblewrap is setuid here: a program that runs as root, in the agent’s reach. A plain one does the same on ${hosts}${inItsPlace(instead)}. ` +
        'Take the setuid bit away and rebuild the container, or name the hosts that restrict user namespaces as target hosts.',
      title: () => 'Install bubblewrap without setuid',
    };
  }),
};
