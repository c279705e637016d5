import { changesFor } from '../edits/relaxationChanges.js';
import { known } from '../model/container/container.js';
import { plan } from '../model/plan/plan.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { placeOf } from './engine/closedGates.js';
import { deciding } from './engine/coverage.js';
import { fixOf } from './engine/fixes.js';
import { withRemovableBwrap } from './engine/removable.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { handedOver, masked, removableSystemPaths } from './engine/systemPaths.js';
import { unaskedChoice } from './engine/unasked.js';
import { describe } from './engine/wording.js';
import { areWritten, optionAt } from './engine/written.js';
import { replacing } from './shared/needless.js';

/** As root, the paths that systempaths=unconfined opens hand the host over. */
export const systempathsAsRoot: Rule = {
  id: 'systempaths-as-root',
  title: 'systempaths=unconfined gives root control of the host',
  explanation: `
\`systempaths=unconfined\` makes \`/proc/sys\` writable. Many settings there belong to the kernel of the host. Root in the container can change
them, and so can a command in Codex's sandbox that runs as root. One of them, \`core_pattern\`, names a program that the host runs as root
when a process crashes.

## What to do

Remove the option. If bubblewrap 0.12 or later needs it, let Codex use its own bubblewrap: do not install the distribution's. Or let Codex run as
a user other than root (\`remoteUser\`). The risk is moderate for such a user.

The finding is an error even if the sandbox works. There is none under \`privileged\`, which gives root more power. There is none on hosts where root
in the container is not root on the host, such as rootless Podman or Docker, and userns-remap.

## What was measured

A command in the sandbox wrote to \`/proc/sys/kernel/core_pattern\` (Docker 20.10, Codex 0.169). Root alone did so with Podman 4.3 as root, too.
Another user gets \`Permission denied\`. With masked paths root gets \`Read-only file system\`.`,
  references: ['https://docs.docker.com/reference/cli/docker/container/run/#security-opt'],
  bad: {
    '.devcontainer/devcontainer.json': `{
  "build": { "dockerfile": "Dockerfile" },
  "remoteUser": "root",
  "securityOpt": ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]
}
`,
    '.devcontainer/Dockerfile': `FROM debian:13
RUN apt-get update && apt-get install -y git bubblewrap
`,
  },
  good: {
    '.devcontainer/devcontainer.json': `{
  "build": { "dockerfile": "Dockerfile" },
  "remoteUser": "root",
  "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]
}
`,
    '.devcontainer/Dockerfile': `FROM debian:13
RUN apt-get update && apt-get install -y git
`,
  },
  check(context) {
    const hosts = handedOver(context);
    if (hosts.length === 0) return [];
    const instead = replacement(context);
    return [
      {
        severity: 'error',
        headline: `As root, ${optionOf(context)} lets every command take over the host`,
        details: [
          ...advice(context, instead),
          '/proc/sys is then writable, also inside the sandbox.',
          'Its core_pattern names a program that the host runs as root.',
        ],
        place: placeOf(context, context.container.maskedPaths),
        hosts: hosts.map((host) => host.name),
        ...(instead && { remedy: instead }),
      },
    ];
  },
  fixes(context, { remedy: instead }) {
    if (!instead) return [];
    const made = changesFor(instead, masked(context.container), context.request, context.configuration.texts);
    const changes = [{ kind: 'remove-security-opt', key: 'systempaths' } as const, ...made];
    return fixOf(
      context,
      replacing('systempaths=unconfined', describe(instead, context.request)),
      changes,
      instead,
      true,
    );
  },
};

/** Podman has another word for it. */
function optionOf(context: RuleContext): string {
  const unmask = context.container.maskedPaths.places.some((place) =>
    optionAt(context, place)?.value?.includes('unmask'),
  );
  return unmask ? 'unmask' : 'systempaths=unconfined';
}

function advice(context: RuleContext, instead: readonly RelaxationId[] | undefined): readonly string[] {
  const { name } = context.agent;
  if (!areWritten(context, context.container.maskedPaths.places)) {
    return [
      `Use an image or a Feature without it, or run ${name} as a user other than root.`,
      'It comes with the image or the published Feature that is named here.',
    ];
  }
  if (!instead) {
    return [`Run ${name} as a user other than root (remoteUser), or remove the option. Then rebuild the container.`];
  }
  const what = describe(instead, context.request);
  return [`${what === '' ? 'Remove it' : `Replace it with ${what}`}, then rebuild the container.`];
}

/**
 * What has to take the option's place so that the sandbox works as before, or can be made to work; undefined: nothing in the
 * files can, and another user is the way.
 */
function replacement(context: RuleContext): readonly RelaxationId[] | undefined {
  if (!removableSystemPaths(context)) return undefined;
  const { request, predictions } = context;
  const hosts = deciding(context);
  const container = masked(withRemovableBwrap(context));
  const working = hosts.filter((h) => predictions.some((p) => p.host === h.name && p.outcome === 'works'));
  const choice = unaskedChoice(context);
  if (working.length > 0) return plan(container, working, request, choice)?.relaxations.map((r) => r.id);
  // Where it fails for another reason, only what the masks bring about is this finding's business.
  const behind = plan({ ...container, seccomp: known({ kind: 'unconfined' }) }, hosts.slice(0, 1), request, choice);
  return behind?.relaxations.filter((r) => r.against.includes('proc-mount')).map((r) => r.id);
}
