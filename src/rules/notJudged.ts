import type { Container, Sourced } from '../model/container/container.js';
import { undecidedOn } from '../model/plan/obstacles.js';
import type { Draft, Rule, RuleContext } from './engine/rule.js';
import { deciding } from './engine/coverage.js';
import { list } from './engine/wording.js';
import { problemDrafts } from './shared/problemDrafts.js';

/** Parts of a configuration whose effect on the sandbox is not known. */
export const notJudged: Rule = {
  id: 'not-judged',
  title: 'Part of the configuration is not known',
  explanation: `
Something that can decide whether the sandbox starts is not known: an image that this program does not know, a part of the
configuration that it does not read, a value that only exists on the machine that starts the container. It is neither a pass nor
an error. Run the probe inside the container to know.

A container with an option that only Podman knows (\`--userns=keep-id\`, \`--security-opt unmask=…\`) is not created by Docker, which refuses
the option (measured), so it is judged for Podman alone.`,
  references: ['https://containers.dev/implementors/spec/'],
  bad: {
    '.devcontainer/devcontainer.json': `{
  "image": "registry.example.com/team/toolbox:7",
  "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]
}
`,
  },
  good: {
    '.devcontainer/devcontainer.json': `{
  "image": "debian:12",
  "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]
}
`,
  },
  check: (context) => [
    ...problemDrafts(context, { 'not-judged': 'hint' }),
    ...ofPodman(context),
    ...unknownPrediction(context),
  ],
};

/** One hint when Docker would refuse an option of Podman's. */
function ofPodman({ configuration, refusing, hosts }: RuleContext): readonly Draft[] {
  const { value = '', places } = configuration.podmanOnly ?? { places: [] };
  const [place] = places;
  if (!place || refusing.length === 0) return [];
  const names = refusing.map((h) => h.name);
  return [
    {
      severity: 'hint',
      message:
        `Docker refuses ${value}, which is an option of Podman, so there is no container on ${list(names)} to judge. ` +
        (hosts.length === 0
          ? 'Choose podman or podman-rootful as the host to have it judged'
          : 'It is judged for Podman') +
        ', or take the option out if Docker is to start it.',
      place,
      hosts: names,
    },
  ];
}

/** One hint when the outcome on some host hangs on what is not known, and nothing else has said so already. */
function unknownPrediction(context: RuleContext): readonly Draft[] {
  const { agent, container, configuration, hosts, request, obstacles } = context;
  const { definition, seccomp } = container;
  const broken = seccomp.value?.kind === 'custom' && seccomp.value.problem !== undefined;
  const said = configuration.problems.some((p) => p.kind !== 'type' || definition.kind === 'unknown');
  if (broken || said) return [];
  const open = hosts.filter((host) => undecidedOn(container, host, request) !== undefined);
  const why = reasons(container);
  // What only hosts leave open that nobody named is in the table of the hosts; a hint about it would be in nearly every workspace.
  if (!open.some((host) => deciding(context).includes(host)) || why.length === 0) return [];
  const closed = obstacles.some((o) => open.includes(o.host));
  const names = open.map((h) => h.name);
  return [
    {
      severity: 'hint',
      message:
        `Whether ${agent.name}’s sandbox starts on ${list(names)}${closed ? ' once the other findings are repaired' : ''} is not known: ${why.join('; ')}. ` +
        'Run the probe inside the container to know.',
      hosts: names,
    },
  ];
}

function reasons(container: Container): readonly string[] {
  const { bwrap } = container;
  const values: readonly Sourced<unknown>[] = [
    container.privileged,
    container.seccomp,
    container.apparmor,
    container.noNewPrivileges,
    container.maskedPaths,
    container.readOnlyRoot,
    container.user,
    bwrap.presence,
    ...(bwrap.presence.value === 'absent' ? [] : [bwrap.setuid, bwrap.version]),
    ...container.capAdd,
    ...container.capDrop,
  ];
  return [...new Set(values.flatMap((v) => (v.value === undefined ? (v.why ?? []) : [])))];
}
