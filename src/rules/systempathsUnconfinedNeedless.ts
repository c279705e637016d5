import { known } from '../model/container/container.js';
import { example, RELAXED } from './examples.js';
import { needlessFindings, replacing, withoutIt } from './needless.js';
import { hasOtherReason } from './otherReasons.js';
import type { Rule } from './rule.js';
import { handedOver } from './systempathsAsRoot.js';

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
  check(context) {
    const { container } = context;
    if (container.maskedPaths.value !== false || container.privileged.value !== false) return [];
    if (hasOtherReason(context.configuration, 'systempaths')) return [];
    // What hands the host over is an error, whether it is needed or not.
    if (handedOver(context).length > 0) return [];
    return needlessFindings(context, {
      rule: 'systempaths-unconfined-needless',
      relaxation: 'systempaths-unconfined',
      value: container.maskedPaths,
      written: /systempaths/,
      without: { ...container, maskedPaths: known(true) },
      removal: { kind: 'remove-security-opt', key: 'systempaths' },
      message: (hosts, instead) =>
        `systempaths=unconfined takes the masks off /proc and /sys. Codex’s sandbox works on ${hosts} ${withoutIt(instead)}. ` +
        'Put the masks back and rebuild the container, or leave it if something outside these files needs it.',
      title: (instead) => replacing('systempaths=unconfined', instead),
    });
  },
};
