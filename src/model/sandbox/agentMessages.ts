import type { Agent } from '../agent/agent.js';
import type { Message, SymptomFacts } from '../agent/symptom.js';
import { DENIED, FORBIDDEN } from './bwrapMessages.js';

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

const OPTION = '--security-opt=systempaths=unconfined (Podman: unmask=/proc/*)';

/**
 * As root, systempaths=unconfined hands the host over (rules/systempathsAsRoot.ts), so it must be known that it is for another
 * user. An agent that brings a bubblewrap along goes on without the package.
 */
function unmasking({ name, bundlesBwrap }: Agent, { uid }: SymptomFacts): string {
  if (typeof uid === 'number' && uid !== 0) {
    const or = `, or remove the bubblewrap package so that ${name} uses the one that it brings along`;
    return `Start the container with ${OPTION}${bundlesBwrap ? or : ''}.`;
  }
  const [first, comma] = bundlesBwrap
    ? [`Remove the bubblewrap package, so that ${name} uses the one that it brings along. Or`, ',']
    : ['One way is left:', ''];
  return uid === 0
    ? `${first} run ${name} as a user other than root and start the container with ${OPTION}.`
    : `${first}${comma} only where ${name} does not run as root, start the container with ${OPTION}. As root that option hands the host over.`;
}

/**
 * What bubblewrap prints and what it means where this agent started it, in the order in which they are tried on a line.
 *
 * Measured of the workspace folder: each way out, the first with the dev container CLI; that no capability helps root, and not
 * even privileged another user. Of root under privileged it is concluded: the powers of root end at the user namespace all the same.
 */
export function agentMessages(agent: Agent): readonly Message[] {
  const { name, symptoms, newestVersion } = agent;
  const { names } = agent.demands(newestVersion).shields;
  const shields = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const setuidRemedy = sentences(
    'Remove the setuid bit (chmod u-s on bwrap): user namespaces need none.',
    symptoms.setuidRemedy,
  );
  return [
    ...symptoms.own,
    {
      pattern: /bwrap: capset failed/,
      gate: 'bwrap-privileges',
      cause:
        'bwrap is setuid root, but the container lacks one of the capabilities that it then insists on: SYS_ADMIN, SYS_CHROOT, NET_ADMIN, SETUID, SETGID, SYS_PTRACE.',
      remedy: setuidRemedy,
    },
    {
      pattern: /setuid use of bubblewrap is not supported/,
      gate: 'bwrap-privileges',
      cause: 'bwrap is setuid root, and this build of it (0.11.2 and later) refuses to run so.',
      remedy: setuidRemedy,
    },
    {
      pattern: new RegExp(`(?:setting up [ug]id map|/[ug]id_map): .*${FORBIDDEN}`),
      gate: 'uid-map',
      cause:
        'root of the container may not map itself into a user namespace, because the container lacks the capability SETFCAP.',
      remedy: `Add SETFCAP (--cap-add=SETFCAP), or run ${name} as a user who is not root.`,
    },
    {
      pattern: /mount proc on (?:\/newroot)?\/proc/,
      gate: 'proc-mount',
      cause: sentences(
        "The container's /proc has masked paths, so the kernel refuses a fresh /proc.",
        symptoms.procCause,
      ),
      remedy: (facts) => unmasking(agent, facts),
    },
    {
      // Measured with a workspace folder of another user: 0.8 and the bundled one say mkdir (a file: create file at), 0.12 create file.
      pattern: new RegExp(`bwrap: Can't (?:mkdir|create file(?: at)?) .*: ${DENIED}`),
      gate: 'writable-paths',
      cause: `The user that ${name} runs as may not write to the workspace folder, and bwrap has to create there what is missing of the names that ${name} shields${shields}. In the sandbox even root may write only where owner, group or mode of the folder let it; bind-mounted on native Linux it belongs to the user of the host.`,
      remedy: `No option of the container helps, not even privileged. Run ${name} as the user that the folder belongs to: a remoteUser who is not root gets the number of the host’s user, unless updateRemoteUserUID is false. Or give the folder to the user that ${name} runs as (chown), or to one of its groups (chgrp, chmod g+w).`,
    },
    {
      pattern: /bwrap: Can't (?:mkdir|create file(?: at)?) .*: Read-only file system/,
      gate: 'writable-paths',
      cause: `The workspace folder is mounted read-only, and bwrap has to create in it what ${name} shields there${shields} and is missing.`,
      remedy: 'Mount the workspace folder so that it can be written to: without `readonly` and `ro`.',
    },
  ];
}
