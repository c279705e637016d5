import { HOST_CHANGES, hostChangeMarkdown } from '../model/plan/hostChange.js';
import { at, cannotStart, whereClosed } from './engine/closedGates.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';

/** user.max_user_namespaces=0: nothing in a repository helps. */
export const usernsDisabled: Rule = {
  id: 'userns-disabled',
  title: 'The host forbids user namespaces',
  explanation: `
With \`user.max_user_namespaces=0\` the kernel allows no user namespaces. This also holds for privileged root and for a setuid bubblewrap. Codex
always needs one (measured).

## What to do

The administrator of the host must change the setting. No change in the repository helps.

${hostChangeMarkdown(HOST_CHANGES.noUserns)}`,
  references: ['https://man7.org/linux/man-pages/man7/namespaces.7.html'],
  bad: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  good: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  exampleHosts: { bad: ['docker-no-userns'] },
  check(context) {
    const obstacles = at(context, 'userns-allowed').filter((o) => !o.host.anyUserns);
    return whereClosed(context, obstacles, (closed) => ({
      headline: cannotStart(context, closed, 'the kernel forbids user namespaces'),
      details: [`On the host, ${HOST_CHANGES.noUserns.summary}.`, 'No change of this repository helps.'],
    }));
  },
};
