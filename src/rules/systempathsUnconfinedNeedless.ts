import type { Rule } from './engine/rule.js';
import { handedOver, masked } from './engine/systemPaths.js';
import { example, RELAXED } from './shared/examples.js';
import { needlessRule, replacing, withoutIt } from './shared/needless.js';
import { hasOtherReason } from './shared/otherReasons.js';

/** systempaths=unconfined where bubblewrap does not mind the masks of /proc. */
export const systempathsUnconfinedNeedless: Rule = {
  id: 'systempaths-unconfined-needless',
  title: 'systempaths=unconfined that no target host needs',
  explanation: `
\`systempaths=unconfined\` takes the masks off /proc/kcore, /proc/keys, /proc/timer_list and /sys/firmware and makes /proc/sys and
/proc/sysrq-trigger writable: moderate for an ordinary user. For root it hands the host over, which is the matter of systempaths-as-root. Codex's sandbox needs it only
with a system bubblewrap of 0.12 or later, whose error about the masked /proc Codex does not recognise (measured with 0.169). With an
older one, or with the bubblewrap that comes with Codex, it starts again without a fresh /proc and works.

The fix removes the option. Where a bubblewrap 0.12 from the distribution is what needs it, the fix leaves that one out of the image, so that
Codex starts its own; keep both if you want the distribution's newer one.

The finding is silent where the files show an engine that makes containers (dockerd, Podman, Buildah), which may need it itself.`,
  references: ['https://docs.docker.com/reference/cli/docker/container/run/#security-opt'],
  bad: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]'),
  good: example(RELAXED),
  ...needlessRule((context) => {
    const { agent, configuration, container } = context;
    if (container.maskedPaths.value !== false || container.privileged.value !== false) return undefined;
    // What hands the host over is an error, whether it is needed or not.
    if (hasOtherReason(configuration, 'systempaths') || handedOver(context).length > 0) return undefined;
    return {
      relaxation: 'systempaths-unconfined',
      value: container.maskedPaths,
      without: masked(container),
      removal: { kind: 'remove-security-opt', key: 'systempaths' },
      headline: (hosts, instead) =>
        `systempaths=unconfined takes the masks off /proc and /sys. ${agent.name}’s sandbox works on ${hosts} ${withoutIt(instead)}. ` +
        'Put the masks back and rebuild the container, or leave it if something outside these files needs it.',
      title: (instead) => replacing('systempaths=unconfined', instead),
    };
  }),
};
