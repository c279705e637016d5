import { known } from '../model/container/container.js';
import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';
import { needlessRule, replacing, withoutIt } from './shared/needless.js';
import { hasOtherReason } from './shared/otherReasons.js';

/** apparmor=unconfined where no target host has AppArmor in the way. */
export const apparmorUnconfinedNeedless: Rule = {
  id: 'apparmor-unconfined-needless',
  title: 'apparmor=unconfined that no target host needs',
  explanation: `
\`apparmor=unconfined\` takes the profile docker-default away, which denies a container mounts and writes to dangerous files below
/proc and /sys. Codex's sandbox needs that on hosts with AppArmor (Debian, Ubuntu). Hosts without it, such as Docker
Desktop or Fedora, ignore the option (measured).

Where none of your target hosts has AppArmor, the option does nothing for you, and weakens the container for whoever opens the
repository on a host that has it. If such hosts do matter, add them to the target hosts and the finding goes.

The finding is silent where the files show another reason: file systems that are mounted, a debugger, an engine that makes
containers.`,
  references: ['https://docs.docker.com/engine/security/apparmor/'],
  bad: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  good: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
  exampleHosts: { bad: ['docker-desktop'] },
  ...needlessRule(({ agent, configuration, container }) =>
    container.apparmor.value?.kind !== 'unconfined' ||
    container.privileged.value !== false ||
    hasOtherReason(configuration, 'apparmor')
      ? undefined
      : {
          relaxation: 'apparmor-unconfined',
          value: container.apparmor,
          without: { ...container, apparmor: known({ kind: 'default' }) },
          removal: { kind: 'remove-security-opt', key: 'apparmor' },
          headline: (hosts, instead) =>
            `apparmor=unconfined takes AppArmor’s profile away on hosts that have one. ${agent.name}’s sandbox works on ${hosts} ${withoutIt(instead)}. ` +
            'Remove it, or name the hosts with AppArmor that matter as target hosts.',
          title: (instead) => replacing('apparmor=unconfined', instead),
        },
  ),
};
