import { HOST_CHANGES, hostChangeMarkdown } from '../model/plan/hostChange.js';
import { example } from './examples.js';
import type { Rule } from './rule.js';
import { at, hostsOf, list, once, placeOf, quote, sentence, severityOf } from './support.js';

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
    const [first] = obstacles;
    if (!first) return [];
    const hosts = hostsOf(context, obstacles);
    return [
      {
        rule: 'userns-disabled',
        severity: severityOf(context, hosts),
        message:
          `${list(hosts)} allows no user namespaces at all, and Codex’s sandbox is made of one. ` +
          sentence(`${once(obstacles)}every command that Codex runs there fails with ${quote(first.error)}. `) +
          `Nothing in this repository helps: on the host, ${HOST_CHANGES.noUserns.summary}.`,
        place: placeOf(context),
        gate: first.gate,
        hosts,
        related: [],
        fixes: [],
      },
    ];
  },
};
