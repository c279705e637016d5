import { known } from '../model/container/container.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';
import { needlessRule } from './shared/needless.js';
import { hasOtherReason } from './shared/otherReasons.js';

/** apparmor=unconfined where AppArmor blocks the sandbox on no target host. */
export const apparmorUnconfinedNeedless: Rule = {
  id: 'apparmor-unconfined-needless',
  title: 'apparmor=unconfined is unnecessary',
  explanation: `
\`apparmor=unconfined\` removes the profile docker-default, which blocks mounts and writes to dangerous files below \`/proc\` and \`/sys\`. Codex
needs the option on hosts with AppArmor (Debian, Ubuntu). Hosts without AppArmor, such as Docker Desktop or Fedora, ignore it (measured).

If none of your target hosts has AppArmor, the option only weakens the container for others who open the repository.

## What to do

Remove it. If hosts with AppArmor matter to you, add them to the target hosts instead.

There is no finding if the files show another reason: mounted file systems, a debugger, or an engine such as dockerd.`,
  references: ['https://docs.docker.com/engine/security/apparmor/'],
  bad: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  good: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  exampleHosts: { bad: ['docker-desktop'] },
  ...needlessRule(({ configuration, container }) =>
    container.apparmor.value?.kind !== 'unconfined' ||
    container.privileged.value !== false ||
    hasOtherReason(configuration, 'apparmor')
      ? undefined
      : {
          relaxation: 'apparmor-unconfined',
          value: container.apparmor,
          without: { ...container, apparmor: known({ kind: 'default' }) },
          removal: { kind: 'remove-security-opt', key: 'apparmor' },
          what: 'apparmor=unconfined',
          price: "It removes AppArmor's protection on hosts that have it.",
          unless: 'If hosts with AppArmor matter, add them to the target hosts instead.',
        },
  ),
};
