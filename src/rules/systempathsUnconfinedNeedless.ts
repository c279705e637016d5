import type { Rule } from './engine/rule.js';
import { handedOver, masked } from './engine/systemPaths.js';
import { example, RELAXED } from './shared/examples.js';
import { needlessRule } from './shared/needless.js';
import { hasOtherReason } from './shared/otherReasons.js';

/** systempaths=unconfined where bubblewrap does not mind the masks of /proc. */
export const systempathsUnconfinedNeedless: Rule = {
  id: 'systempaths-unconfined-needless',
  title: 'systempaths=unconfined is unnecessary',
  explanation: `
\`systempaths=unconfined\` removes the masks of \`/proc/kcore\`, \`/proc/keys\`, \`/proc/timer_list\` and \`/sys/firmware\`. It makes \`/proc/sys\` and
\`/proc/sysrq-trigger\` writable. The risk is moderate for an ordinary user. Root gets control of the host (see systempaths-as-root).

Codex needs the option only with a bubblewrap 0.12 or later from the distribution, because it does not recognize that version's error. With an
older one, or with its own, Codex starts bubblewrap again without a new \`/proc\`, and works.

## What to do

Remove the option. If bubblewrap 0.12 needs it, the fix also removes that bubblewrap from the image, so that Codex starts its own. Keep both if
you want the newer bubblewrap.

There is no finding if the files show an engine (dockerd, Podman, Buildah), which may need the option.

## What was measured

Codex 0.169 with each of these bubblewraps.`,
  references: ['https://docs.docker.com/reference/cli/docker/container/run/#security-opt'],
  bad: example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]'),
  good: example(RELAXED),
  ...needlessRule((context) => {
    const { configuration, container } = context;
    if (container.maskedPaths.value !== false || container.privileged.value !== false) return undefined;
    // What hands the host over is an error, whether it is needed or not.
    if (hasOtherReason(configuration, 'systempaths') || handedOver(context).length > 0) return undefined;
    return {
      relaxation: 'systempaths-unconfined',
      value: container.maskedPaths,
      without: masked(container),
      removal: { kind: 'remove-security-opt', key: 'systempaths' },
      what: 'systempaths=unconfined',
      price: 'It removes the masks of /proc and /sys.',
    };
  }),
};
