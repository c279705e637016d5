import type { Container, Sourced } from '../model/container/container.js';
import { fitting, MAX_HEADLINE } from '../model/headline.js';
import type { Host } from '../model/host.js';
import type { Place } from '../model/place.js';
import { undecidedOn } from '../model/plan/obstacles.js';
import { startHeadline } from './engine/closedGates.js';
import { deciding } from './engine/coverage.js';
import type { Draft, Finding, Rule, RuleContext, Severity } from './engine/rule.js';
import { hostLine, reasonLine } from './engine/wording.js';
import { problemDrafts } from './shared/problemDrafts.js';

/** Parts of a configuration whose effect on the sandbox is not known. */
export const notJudged: Rule = {
  id: 'not-judged',
  title: 'Part of the configuration is unknown',
  explanation: `
Something that can decide whether Codex starts is unknown. Examples:

- an image that the check does not know
- a part of the configuration that the check does not read
- a value that exists only on the machine that starts the container

The finding is at the line that causes it.

## What to do

Run the probe in the container to find out.

## When there is no finding

An image or a published Feature that the check does not know could set options of its own. Almost none does. If nothing else is unknown, the
verdict has the condition "unless" it does. The other findings name the condition and are warnings.

## Options of Podman

Docker refuses options that only Podman knows, such as \`--userns=keep-id\` and \`--security-opt unmask=…\` (measured). A container with such an
option is judged for Podman alone.`,
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
    ...problemDrafts(context, { 'not-judged': unknownSeverity(context) }),
    ...ofPodman(context),
    ...unknownPrediction(context),
  ],
};

/** Information where the outcome on a host that decides is unknown, else a hint. */
function unknownSeverity(context: RuleContext): Severity {
  const names = [...deciding(context), ...context.refusing].map(({ name }) => name);
  const { predictions } = context;
  return predictions.some(({ host, outcome }) => outcome === 'unknown' && names.some((name) => name === host))
    ? 'info'
    : 'hint';
}

/** One finding when Docker would refuse an option of Podman's. */
function ofPodman(context: RuleContext): readonly Draft[] {
  const { configuration, refusing, hosts } = context;
  const { value = '', places } = configuration.podmanOnly ?? { places: [] };
  const [place] = places;
  if (!place || refusing.length === 0) return [];
  const names = refusing.map((h) => h.name);
  const headline = fitting(
    MAX_HEADLINE,
    `Docker cannot create this container: ${value} is a Podman option`,
    'Docker cannot create this container: it has a Podman option',
  );
  return [
    {
      severity: unknownSeverity(context),
      headline,
      stops: headline,
      details: [
        hosts.length === 0
          ? 'Add Podman to the target hosts (podman, podman-rootful), or remove the option.'
          : 'Remove the option if Docker starts this container. It is judged for Podman only.',
        `Option: ${value}`,
        hostLine('Unknown', names),
      ],
      place,
      hosts: names,
    },
  ];
}

/** One finding where the outcome on some host depends on something unknown, at what makes it so, unless another one says so. */
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
  const { container, request, obstacles } = context;
  const open = hosts.filter((host) => undecidedOn(container, host, request) !== undefined);
  const why = [...reasons(container), ...unmeasured(open)].filter(counts);
  const [first] = why;
  // What only hosts leave open that nobody named is in the table of the hosts; a hint about it would be in nearly every workspace.
  if (!open.some((host) => deciding(context).includes(host)) || !first) return [];
  const closed = obstacles.some((o) => open.includes(o.host) && deciding(context).includes(o.host));
  const names = open.map((h) => h.name);
  const headline = mayNotStart(context, names, why);
  return [
    {
      severity: unknownSeverity(context),
      headline,
      details: [
        closed ? 'Fix the other findings, then run the probe in the container to find out.' : PROBE,
        hostLine('Unknown', names),
        ...why.filter((reason) => !headline.includes(reason.why)).map((reason) => reasonLine(reason.why)),
      ],
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
  return [{ place, message: `Unknown: ${why}.` }];
}

const PROBE = 'Run the probe in the container to find out.';

/** With the reason, where there is only one and it fits. */
function mayNotStart(context: RuleContext, names: readonly string[], why: readonly Reason[]): string {
  const { bwrap, user } = context.container;
  const says = (...causes: readonly string[]): string => startHeadline(context, 'may not start', names, ...causes);
  const [only] = why;
  if (!only || why.length > 1) return says('part of the configuration is unknown');
  if (bwrap.presence.why !== only.why) return says(only.why, 'an option is unknown');
  return says(only.why, user.why === only.why ? 'the image is unknown' : 'its bubblewrap is unknown');
}

/** Where it only works under a condition, no other finding names the condition. */
function worksUnless({ agent, configuration, predictions }: RuleContext): readonly Draft[] {
  const { options } = configuration;
  const working = predictions.filter(({ outcome, condition }) => outcome === 'works' && condition !== undefined);
  const [first] = working;
  if (first?.condition === undefined) return [];
  const names = working.map(({ host }) => host);
  const place = options.find((option) => option.unlikely)?.place;
  return [
    {
      severity: 'hint',
      headline: `${agent.name} works here ${first.condition}`,
      details: [PROBE, hostLine('Works', names), ...(configuration.assumption?.reasons ?? []).map(reasonLine)],
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
