import { setuidWorks } from '../model/bwrap/bwrap.js';
import { relaxation } from '../model/plan/relaxations.js';
import type { Rule } from './engine/rule.js';
import { example, RELAXED_WITH_CAPABILITIES, setuidDockerfile } from './shared/examples.js';
import { needlessRule } from './shared/needless.js';

/** A setuid bubblewrap that works as one, on hosts that let a plain one do the same. */
export const setuidNeedless: Rule = {
  id: 'setuid-needless',
  title: 'The setuid bubblewrap is unnecessary',
  explanation: `
A setuid bubblewrap is a program that runs as root and that Codex's commands can start. It needs SYS_ADMIN, NET_ADMIN and SYS_PTRACE in the
container. Versions 0.11.0 and 0.11.1 have a known security hole (CVE-2026-41163).

Codex needs it only on hosts that restrict user namespaces: Ubuntu 23.10 to 24.10, and Debian with \`kernel.unprivileged_userns_clone=0\`.
Everywhere else a bubblewrap without setuid does the same (measured).

## What to do

Remove the setuid bit. The rule capability-in-vain then finds the capabilities that only this bubblewrap needed. If hosts that restrict user
namespaces matter to you, add them to the target hosts instead.

The rules setuid-inert, setuid-refused and setuid-without-capabilities find a setuid bubblewrap that does not work as one.`,
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
      what: 'The setuid bubblewrap',
      price: 'Commands of Codex can start this program, which runs as root.',
      unless: 'If hosts that restrict user namespaces matter, add them to the target hosts instead.',
      title: () => 'Remove the setuid bit from bubblewrap',
    };
  }),
};
