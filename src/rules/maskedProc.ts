import { changesFor } from '../edits/relaxationChanges.js';
import { PACKAGED_BWRAP_PATH } from '../model/bwrapPath.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { relaxation } from '../model/plan/relaxations.js';
import { isRoot } from '../model/container/container.js';
import { at, cannotStart, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { ifImageIs, sentence } from './engine/wording.js';
import { example, RELAXED } from './shared/examples.js';

function dockerfile(packages: string): string {
  return `FROM debian:13
RUN apt-get update && apt-get install -y ${packages}
RUN useradd --create-home --shell /bin/bash vscode
`;
}

/** bubblewrap 0.12 words its /proc error so that Codex does not recognize it and gives up. */
export const maskedProc: Rule = {
  id: 'masked-proc',
  title: 'Masked /proc stops bubblewrap 0.12 and later',
  explanation: `
Docker masks parts of \`/proc\`. The kernel then refuses bubblewrap a new \`/proc\`. Codex knows this error and tries again without a new
\`/proc\`. Bubblewrap 0.12 changed the text of the error, so Codex does not recognize it and gives up. Debian 13 and Fedora 44 have
bubblewrap 0.12.

## What to do

One of these, from the narrowest:

- Do not install the distribution's bubblewrap. Codex then starts its own, which works.
- Copy Codex's bubblewrap to \`/usr/bin/bwrap\`. This also serves hosts whose AppArmor profile is for that path. A package that is
  installed later overwrites the copy.
- Set \`systempaths=unconfined\`, but only if Codex runs as a user other than root.

Rebuild the container afterwards. bubblewrap stays in the image where something else needs it. Examples are Claude Code with
\`"sandbox": { "enabled": true }\` in \`.claude/settings.json\`, and agents for which socat is installed.

## What it costs

\`systempaths=unconfined\` removes all masks of \`/proc\` and \`/sys\`. Root gets control of the host with it (see systempaths-as-root), so it
is offered only for other users. With Compose it needs Docker Compose 2: docker-compose 1.29 passes it to Docker, which refuses the container
(\`invalid --security-opt 2: "systempaths=unconfined"\`).

## What was measured

Before 0.12 the error is \`Can't mount proc on /newroot/proc\`. From 0.12 it is \`Can't mount proc on /proc\`, which Codex 0.169 does not
recognize. The copy works on Debian 12 and 13. Compose was measured with 2.26.1 and 1.29.2.`,
  references: ['https://github.com/openai/codex/issues/44304', 'https://github.com/openai/codex/issues/44329'],
  bad: example(RELAXED, dockerfile('git bubblewrap')),
  good: example(RELAXED, dockerfile('git')),
  check(context) {
    const { bwrap, otherSandboxes = [] } = context.container;
    return whereClosed(context, at(context, 'proc-mount'), (closed) => ({
      headline: cannotStart(context, closed, `bubblewrap ${bwrap.version.value ?? '0.12'} needs an unmasked /proc`),
      details: remedies(context),
      place: placeOf(context, bwrap.presence),
      related: otherSandboxes.map(({ places: [place = placeOf(context)] }) => ({
        place,
        message: 'This also needs the bubblewrap of the image.',
      })),
    }));
  },
  fixes(context) {
    const { agent, request } = context;
    const leave = `Remove bubblewrap, so that ${agent.name} uses its own`;
    return [
      ...relax(context, `Copy the bubblewrap of ${agent.name} to ${PACKAGED_BWRAP_PATH}`, ['bwrap-copied'], true),
      ...(request.bundledBwrap ? relax(context, leave, ['bwrap-removed'], true) : []),
      ...relax(context, 'Unmask /proc (systempaths=unconfined)', ['systempaths-unconfined'], true),
    ];
  },
};

/** The ways that there are for this user, and in an image that something else may need bubblewrap in. */
function remedies(context: RuleContext): readonly string[] {
  const { container, agent } = context;
  const [other] = container.otherSandboxes ?? [];
  const unmask = 'set systempaths=unconfined';
  const root = isRoot(container);
  const copy = `copy the bubblewrap of ${agent.name} to ${PACKAGED_BWRAP_PATH}`;
  const isSure = container.user.why === undefined;
  const ways = [
    ...(isPossible(context, 'bwrap-copied') ? [copy] : []),
    ...(other ? [] : [`remove bubblewrap from the image, so that ${agent.name} uses its own`]),
    // What these files cannot do comes behind what they can, so that the advice begins with the fix.
    ...(applies(context, 'bwrap-copied') && !isPossible(context, 'bwrap-copied') ? [copy] : []),
    ...(root === false ? [isSure ? unmask : `name the user without a variable and ${unmask}`] : []),
    ...(root === true || (other && root !== false) ? [`run as another user than root and ${unmask}`] : []),
  ];
  return [
    ...ways.map((way, i) => `${i === 0 ? sentence(way) : `Or ${way}`}, then rebuild the container.`),
    ...(other ? [`bubblewrap stays in the image, because ${other.value ?? 'something else'} needs it.`] : []),
    ...(container.definition.kind === 'compose' && root === false ? [COMPOSE_2] : []),
    ...imageLine(container),
  ];
}

function applies({ container, request }: RuleContext, id: RelaxationId): boolean {
  return relaxation(id, request).applies(container);
}

/** Whether the fix can be written into these files. */
function isPossible(context: RuleContext, id: RelaxationId): boolean {
  const { configuration, container, request } = context;
  return (
    applies(context, id) && context.refusal(changesFor([id], container, request, configuration.texts)) === undefined
  );
}

/** Measured: docker-compose 1.29.2 hands the option on to Docker, which refuses it. */
const COMPOSE_2 = 'systempaths=unconfined needs Docker Compose 2: docker-compose 1.29 fails with it.';

function imageLine(container: RuleContext['container']): readonly string[] {
  const condition = ifImageIs(container);
  return condition === '' ? [] : [`${sentence(`this holds ${condition.replace(/, $/, '')}`)}.`];
}
