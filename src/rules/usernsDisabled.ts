import { HOST_CHANGES, hostChangeMarkdown } from '../model/plan/hostChange.js';
import { at, failure, whereClosed } from './engine/closedGates.js';
import type { Rule } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { example } from './shared/examples.js';

/** user.max_user_namespaces=0: nothing in a repository helps. */
export const usernsDisabled: Rule = {
  id: 'userns-disabled',
  title: 'The host allows no user namespaces at all',
  explanation: `
With \`user.max_user_namespaces=0\` the kernel gives nobody a user namespace, not even privileged root or a setuid bubblewrap, and
Codex always asks for one (measured). Only the host's administrator can change that.

${hostChangeMarkdown(HOST_CHANGES.noUserns)}`,
  references: ['https://man7.org/linux/man-pages/man7/namespaces.7.html'],
  bad: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  good: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  exampleHosts: { bad: ['docker-no-userns'] },
  check(context) {
    const obstacles = at(context, 'userns-allowed').filter((o) => !o.host.anyUserns);
    return whereClosed(context, obstacles, (closed) => ({
      headline:
        `${list(closed.hosts)} allows no user namespaces at all, and ${context.agent.name}’s sandbox is made of one. ${failure(context, closed, 'there')}` +
        `Nothing in this repository helps: on the host, ${HOST_CHANGES.noUserns.summary}.`,
    }));
  },
};
