import type { Container, Sourced } from '../model/container/container.js';
import type { Host } from '../model/host.js';
import type { Place } from '../model/place.js';
import { undecidedOn } from '../model/plan/obstacles.js';
import { deciding } from './engine/coverage.js';
import type { Draft, Finding, Rule, RuleContext } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { conditionOf } from './engine/wording.js';
import { problemDrafts } from './shared/problemDrafts.js';

/** Parts of a configuration whose effect on the sandbox is not known. */
export const notJudged: Rule = {
  id: 'not-judged',
  title: 'Part of the configuration is not known',
  explanation: `
Something that can decide whether the sandbox starts is not known: an image that this program does not know, a part of the
configuration that it does not read, a value that only exists on the machine that starts the container. It is neither a pass nor
an error. Run the probe inside the container to know. The finding is at the line that makes it unknown, for instance in a script
that a lifecycle command starts.

An image or a published Feature that this program does not know may set options of its own, and almost none does. Where that alone
is open, the verdict holds "unless" it does: the other findings say so, they are warnings, and this finding is silent.

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
      headline:
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

/** One hint when the outcome on some host hangs on what is not known, at what makes it so, and nothing else has said so already. */
function unknownPrediction(context: RuleContext): readonly Draft[] {
  const { container, configuration, hosts, obstacles } = context;
  const { definition, seccomp } = container;
  const broken = seccomp.value?.kind === 'custom' && seccomp.value.problem !== undefined;
  const said = configuration.problems.some((p) => p.kind !== 'type' || definition.kind === 'unknown');
  if (broken || said) return [];
  const told = hosts.filter((host) => obstacles.some((o) => o.host === host && o.condition !== undefined));
  const drafts = told.length === 0 ? unknownOn(context, hosts) : unknownBeside(context, told);
  return drafts.length === 0 && told.length === 0 ? worksUnless(context) : drafts;
}

/** Findings that hold under a condition have named already what is assumed: for their hosts only other reasons are new. */
function unknownBeside(context: RuleContext, told: readonly Host[]): readonly Draft[] {
  const { hosts, configuration } = context;
  const others = hosts.filter((host) => !told.includes(host));
  const named = configuration.assumption?.reasons ?? [];
  const isNew = ({ why }: Reason): boolean => !named.includes(why);
  const drafts = unknownOn(context, hosts, isNew);
  return drafts.length > 0 ? drafts : unknownOn(context, others);
}

/** Why something is not known, and where. */
interface Reason {
  readonly why: string;
  readonly place: Place | undefined;
}

function unknownOn(
  context: RuleContext,
  hosts: readonly Host[],
  counts: (reason: Reason) => boolean = () => true,
): readonly Draft[] {
  const { agent, container, request, obstacles } = context;
  const open = hosts.filter((host) => undecidedOn(container, host, request) !== undefined);
  const why = [...reasons(container), ...unmeasured(open)].filter(counts);
  const [first] = why;
  // What only hosts leave open that nobody named is in the table of the hosts; a hint about it would be in nearly every workspace.
  if (!open.some((host) => deciding(context).includes(host)) || !first) return [];
  const closed = obstacles.some((o) => open.includes(o.host));
  const names = open.map((h) => h.name);
  return [
    {
      severity: 'hint',
      headline:
        `Whether ${agent.name}’s sandbox starts on ${list(names)}${closed ? ' once the other findings are repaired' : ''} is not known: ${why.map((reason) => reason.why).join('; ')}. ` +
        PROBE,
      hosts: names,
      ...(first.place && { place: first.place }),
      related: why.slice(1).flatMap((reason) => related(reason, first)),
    },
  ];
}

/** What is not known of the hosts themselves. */
function unmeasured(hosts: readonly Host[]): readonly Reason[] {
  return hosts.flatMap(({ unmeasured: why }) => (why === undefined ? [] : [{ why, place: undefined }]));
}

/** What has its own place is shown there, too. */
function related({ why, place }: Reason, first: Reason): Finding['related'] {
  if (!place || JSON.stringify(place) === JSON.stringify(first.place)) return [];
  return [{ place, message: `Not known: ${why}.` }];
}

const PROBE = 'Run the probe inside the container to know.';

/** Where it only works under a condition, no other finding names the condition. */
function worksUnless({ agent, configuration, predictions }: RuleContext): readonly Draft[] {
  const { options } = configuration;
  const working = predictions.filter(({ outcome, condition }) => outcome === 'works' && condition !== undefined);
  const [first] = working;
  if (!first) return [];
  const names = working.map(({ host }) => host);
  const place = options.find((option) => option.unlikely)?.place;
  return [
    {
      severity: 'hint',
      headline: `${agent.name}’s sandbox works on ${list(names)} ${conditionOf(configuration, first.condition)}. ${PROBE}`,
      hosts: names,
      ...(place && { place }),
    },
  ];
}

function reasons({
  bwrap,
  capAdd,
  capDrop,
  privileged,
  seccomp,
  apparmor,
  noNewPrivileges,
  maskedPaths,
  readOnlyRoot,
  user,
}: Container): readonly Reason[] {
  const values: readonly Sourced<unknown>[] = [
    privileged,
    seccomp,
    apparmor,
    noNewPrivileges,
    maskedPaths,
    readOnlyRoot,
    user,
    bwrap.presence,
    ...(bwrap.presence.value === 'absent' ? [] : [bwrap.setuid, bwrap.version]),
    ...capAdd,
    ...capDrop,
  ];
  const byWhy = new Map<string, Reason>();
  for (const { value, why, places } of values) {
    if (value === undefined && why !== undefined && !byWhy.has(why)) byWhy.set(why, { why, place: places[0] });
  }
  return [...byWhy.values()];
}
