import type { Change } from '../edits/change.js';
import { changesFor } from '../edits/relaxationChanges.js';
import { isRoot, known, type Container } from '../model/container/container.js';
import type { Host } from '../model/host.js';
import { plan } from '../model/plan/plan.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { isWritten, replacing } from './needless.js';
import { withRemovableBwrap } from './removableBwrap.js';
import type { Fix, Rule, RuleContext } from './rule.js';
import { describe, fixOf, placeOf } from './support.js';

const REMOVAL: Change = { kind: 'remove-security-opt', key: 'systempaths' };

/** As root, the paths that systempaths=unconfined opens hand the host over. */
export const systempathsAsRoot: Rule = {
  id: 'systempaths-as-root',
  title: 'systempaths=unconfined hands the host to root',
  explanation: `
\`systempaths=unconfined\` makes /proc/sys writable. Many settings below it belong to the kernel of the host and not to the
container. Root in the container may write them, and so may a command inside Codex's sandbox, although it has no capability there:
a write to \`/proc/sys/kernel/core_pattern\` succeeded (measured with Docker 20.10 and Codex 0.169; the write by root alone with Podman 4.3 as root, too). That file names a program that the host
runs as root when a process crashes. A user other than root gets \`Permission denied\`, and with masked paths root gets
\`Read-only file system\`.

Remove the option. Where bubblewrap 0.12 or later needs it, let Codex use the bubblewrap that it brings: do not install the
distribution's. Or let Codex run as a user other than root (\`remoteUser\`), for whom the option is moderate.

The finding is an error even where the sandbox works. It is silent under \`privileged\`, which gives away more, and on hosts where
root in the container is not root on the host (Podman or Docker without root, userns-remap).`,
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
    const { maskedPaths } = context.container;
    return [
      {
        rule: 'systempaths-as-root',
        severity: 'error',
        message:
          `As root, ${optionOf(context)} lets every command that Codex runs take over the host. /proc/sys is writable then, inside the sandbox as well, ` +
          `and its core_pattern names a program that the host runs as root. ${remedy(context)}`,
        place: placeOf(context, maskedPaths),
        gate: undefined,
        hosts: hosts.map((host) => host.name),
        related: [],
        fixes: removal(context),
      },
    ];
  },
};

/** Whether the container has the option for root, and an edit can remove it wherever it stands. */
export function removableSystemPaths(context: RuleContext): boolean {
  const { places } = context.container.maskedPaths;
  return handedOver(context).length > 0 && places.every((place) => isWritten(context, place, /systempaths/));
}

/** The container with the masks of /proc in place. */
export function masked(container: Container): Container {
  return { ...container, maskedPaths: known(true) };
}

/** The target hosts that the option hands to the container's root. */
export function handedOver({ container, hosts }: RuleContext): readonly Host[] {
  const opened = container.maskedPaths.value === false && container.maskedPaths.places.length > 0;
  if (!opened || isRoot(container) !== true || container.privileged.value === true) return [];
  return hosts.filter((host) => host.rootIsHosts);
}

/** Podman has another word for it. */
function optionOf(context: RuleContext): string {
  const unmask = context.container.maskedPaths.places.some((place) => isWritten(context, place, /unmask/));
  return unmask ? 'unmask' : 'systempaths=unconfined';
}

function remedy(context: RuleContext): string {
  if (!context.container.maskedPaths.places.every((place) => isWritten(context, place, /systempaths|unmask/))) {
    return 'It comes with the image or the published Feature that is named here: use one without it, or let Codex run as a user other than root.';
  }
  const instead = removableSystemPaths(context) ? replacement(context) : undefined;
  if (!instead) {
    return 'Let Codex run as a user other than root (remoteUser), or remove the option, and rebuild the container.';
  }
  const what = describe(instead, context.request);
  return `${what === '' ? 'Remove it' : `Replace it by ${what}`} and rebuild the container.`;
}

function removal(context: RuleContext): readonly Fix[] {
  const instead = removableSystemPaths(context) ? replacement(context) : undefined;
  if (!instead) return [];
  const made = changesFor(instead, masked(context.container), context.request, context.configuration.texts);
  return fixOf(
    context,
    replacing('systempaths=unconfined', describe(instead, context.request)),
    [REMOVAL, ...made],
    instead,
    true,
  );
}

/**
 * What has to take the option's place so that the sandbox works as before, or can be made to work; undefined: nothing in the
 * files can, and another user is the way.
 */
function replacement(context: RuleContext): readonly RelaxationId[] | undefined {
  const { hosts, request, predictions } = context;
  const container = masked(withRemovableBwrap(context));
  const working = hosts.filter((h) => predictions.some((p) => p.host === h.name && p.outcome === 'works'));
  if (working.length > 0) return plan(container, working, request, 'unasked')?.relaxations.map((r) => r.id);
  // Where it fails for another reason, only what the masks bring about is this finding's business.
  const behind = plan({ ...container, seccomp: known({ kind: 'unconfined' }) }, hosts.slice(0, 1), request, 'unasked');
  return behind?.relaxations.filter((r) => r.against.includes('proc-mount')).map((r) => r.id);
}
