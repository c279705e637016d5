import { displayNames, type Host } from '../model/host.js';
import { hostChangeFor, HOST_CHANGES, hostChangesMarkdown } from '../model/plan/hostChange.js';
import type { Obstacle } from '../model/plan/obstacles.js';
import type { Relaxation, RelaxationId } from '../model/plan/relaxation.js';
import { list } from '../model/wordList.js';
import { whereClosed, type Closed } from './engine/closedGates.js';
import { planFor } from './engine/coverage.js';
import { counted, hostsOf } from './engine/repairTitles.js';
import { repairFor } from './engine/repairs.js';
import type { Fix, Rule, RuleContext } from './engine/rule.js';
import { unaskedChoice } from './engine/unasked.js';
import { sentence } from './engine/wording.js';
import { example, RELAXED } from './shared/examples.js';
import { closesGates, hasProfile, restrictedElsewhere } from './shared/restrictedUserns.js';

/** Hosts that nobody named restrict user namespaces: all that there is to say of it, once for the whole configuration. */
export const ubuntuUserns: Rule = {
  id: 'ubuntu-userns',
  title: 'Ubuntu hosts need one more step',
  explanation: `
Ubuntu 23.10 and later restrict user namespaces through AppArmor. Codex's sandbox needs them, so it needs one more step there than on
other hosts. The finding is information while you name no Ubuntu host, and no fix changes anything for Ubuntu by itself.

## What to do

- **Ubuntu 25.04 and later** have an AppArmor profile for \`/usr/bin/bwrap\`. Install a bubblewrap before 0.12 in the image, without setuid, or
  copy Codex's own to that path. Also set \`apparmor=unconfined\`. No capability is needed.
- **Ubuntu 24.04** needs the same, and an administrator loads that profile on the host once (commands below).

Rebuild the container afterwards. If nobody opens this repository on Ubuntu, there is nothing to do.

To judge Ubuntu like the other hosts, use \`--host docker-ubuntu\` and \`--host docker-ubuntu-bwrap-profile\`, or the setting
\`codexSandbox.hosts\`. Other ways are then offered, too: see setuid-missing and bwrap-unprofiled.

## What was measured

All of this was measured under an emulation of Ubuntu's restriction, with the profile of AppArmor 4.1. A real Ubuntu was not measured.

## On the host

${hostChangesMarkdown(HOST_CHANGES.systemBwrap)}`,
  references: [
    'https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces',
    'https://github.com/openai/codex/issues/14919',
  ],
  bad: example(RELAXED),
  good: example(RELAXED),
  exampleHosts: { good: ['docker-desktop', 'docker-linux'] },
  check: (context) =>
    whereClosed(context, restrictedElsewhere(context), (closed) => ({
      headline: `${sentence(hostsOf(closed.hosts))} need one more step: they restrict user namespaces`,
      details: [
        ...steps(context, closed),
        "This rule's page has the commands for the host.",
        `To judge them like other hosts, use \`--host ${closed.hosts[0] ?? ''}\` or the setting codexSandbox.hosts.`,
      ],
      place: context.container.definition.place,
    })),
  fixes(context, { hosts }) {
    const [host] = context.hosts.filter((each) => hosts.includes(each.name) && hasProfile(each));
    return host ? supporting(context, host) : [];
  },
};

/** What to do, a line for each kind of host. */
function steps(context: RuleContext, { obstacles }: Closed): readonly string[] {
  const helped = obstacles.find(({ host }) => hasProfile(host));
  const inImage = helped ? stepFor(context, helped.host) : [];
  const after = inImage.reduce((container, r) => r.apply(container), context.container);
  const left = inImage.length > 0 ? obstacles.filter(({ host }) => !hasProfile(host)) : obstacles;
  return [
    ...(helped && inImage.length > 0 ? [`${namesOf([helped])}: ${describeSteps(context, inImage)}.`] : []),
    ...byChange(left, after).map(({ summary, some }) => {
      const also = inImage.length > 0 ? 'also, on the host' : 'on the host';
      return `${namesOf(some)}: ${also}, ${summary}.`;
    }),
  ];
}

/** What makes the image's bubblewrap one that the profile of the host lets pass, if that harms nothing elsewhere. */
function stepFor(context: RuleContext, host: Host): readonly Relaxation[] {
  const needed = planFor(context, [host], unaskedChoice(context))?.relaxations ?? [];
  const own = needed.filter(({ id }) => id.startsWith('bwrap-'));
  return closesGates(
    context,
    own.map(({ id }) => id),
  )
    ? []
    : own;
}

const STEPS: Partial<Record<RelaxationId, (agent: string) => string>> = {
  'bwrap-installed': () => 'install bubblewrap in the image',
  'bwrap-copied': (agent) => `copy the bubblewrap of ${agent} to /usr/bin/bwrap`,
  'bwrap-not-setuid': () => 'remove the setuid bit from bubblewrap',
};

function describeSteps({ agent }: RuleContext, made: readonly Relaxation[]): string {
  return list(made.map(({ id, title }) => STEPS[id]?.(agent.name) ?? `use ${title}`));
}

/** The obstacles that the same change of their hosts opens, together. */
function byChange(
  obstacles: readonly Obstacle[],
  container: RuleContext['container'],
): readonly { readonly summary: string; readonly some: readonly Obstacle[] }[] {
  const found = new Map<string, Obstacle[]>();
  for (const obstacle of obstacles) {
    const change = hostChangeFor(obstacle.host, obstacle.gate, obstacle.error, container);
    if (change) found.set(change.summary, [...(found.get(change.summary) ?? []), obstacle]);
  }
  return [...found].map(([summary, some]) => ({ summary, some }));
}

function namesOf(obstacles: readonly Obstacle[]): string {
  return list(displayNames(obstacles.map(({ host }) => host.name)));
}

/** What the files need for a host that needs nothing that is to be asked for. Never preferred: nobody named it. */
function supporting(context: RuleContext, host: Host): readonly Fix[] {
  return repairFor(context, [host], (changes) => `Support ${hostsOf([host.name])} too (${counted(changes, 'change')})`);
}
