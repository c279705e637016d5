import { PACKAGED_BWRAP_PATH } from '../model/bwrapPath.js';
import { relaxation } from '../model/plan/relaxations.js';
import { isRoot } from '../model/container/container.js';
import { at, failure, placeOf, whereClosed } from './engine/closedGates.js';
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

/** bubblewrap 0.12 words its /proc error so that Codex does not recognise it and gives up. */
export const maskedProc: Rule = {
  id: 'masked-proc',
  title: 'Masked /proc with bubblewrap 0.12 or later',
  explanation: `
Docker masks parts of /proc. The kernel then refuses bubblewrap a fresh /proc in its own namespaces. Codex knows this and tries
again without it, but it recognises the error by its words: bubblewrap before 0.12 says \`Can't mount proc on /newroot/proc\`,
0.12 says \`Can't mount proc on /proc\`, and with that Codex (measured with 0.169) does not try again. Debian 13 and Fedora 44
ship 0.12.

Without a bubblewrap on PATH, Codex starts the one that it brings itself, and that works: so the narrowest fix is not to install
the distribution's. Where the files show how Codex is installed from npm, a copy of its bubblewrap at \`/usr/bin/bwrap\` does the same
(measured on Debian 12 and 13) and serves hosts too whose AppArmor knows bubblewrap by that path. A package that is installed
afterwards overwrites the copy. The distribution's stays where something else starts it: Claude Code with \`"sandbox": { "enabled": true }\` in \`.claude/settings.json\`, or
another agent for which socat is installed.

\`systempaths=unconfined\` works as well and takes all masks of /proc and /sys away. It is offered only where Codex's user is known
not to be root: as root it hands the host over (see systempaths-as-root). With Compose it needs Docker Compose 2 (measured with 2.26.1): docker-compose 1.29 hands it on to Docker,
which refuses to create the container (\`invalid --security-opt 2: "systempaths=unconfined"\`).`,
  references: ['https://github.com/openai/codex/issues/44304', 'https://github.com/openai/codex/issues/44329'],
  bad: example(RELAXED, dockerfile('git bubblewrap')),
  good: example(RELAXED, dockerfile('git')),
  check(context) {
    const { bwrap, otherSandboxes = [] } = context.container;
    return whereClosed(context, at(context, 'proc-mount'), (closed) => ({
      headline:
        `${sentence(ifImageIs(context.container))}bubblewrap ${bwrap.version.value ?? '0.12'} cannot mount /proc in this container, because Docker masks parts of it, and ${context.agent.name} does not recognise its error. ` +
        failure(context, closed) +
        remedy(context),
      place: placeOf(context, bwrap.presence),
      related: otherSandboxes.map(({ places: [place = placeOf(context)] }) => ({
        place,
        message: 'This needs the bubblewrap of the image as well.',
      })),
    }));
  },
  fixes(context) {
    const { agent, request } = context;
    const leave = `Leave bubblewrap to ${agent.name}: do not install the distribution’s`;
    return [
      ...relax(context, `Copy the bubblewrap of ${agent.name} to ${PACKAGED_BWRAP_PATH}`, ['bwrap-copied'], true),
      ...(request.bundledBwrap ? relax(context, leave, ['bwrap-removed'], true) : []),
      ...relax(context, 'Take the masks of /proc away (systempaths=unconfined)', ['systempaths-unconfined'], true),
    ];
  },
};

/** The ways that there are for this user, and in an image that something else may need bubblewrap in. */
function remedy(context: RuleContext): string {
  const { container, request, agent } = context;
  const [other] = container.otherSandboxes ?? [];
  const unmask = `take the masks away with systempaths=unconfined${composeNeeded(context)}`;
  const root = isRoot(container);
  const ways = [
    ...(relaxation('bwrap-copied', request).applies(container)
      ? [`copy the bubblewrap of ${agent.name} to ${PACKAGED_BWRAP_PATH}`]
      : []),
    ...(other ? [] : [`leave bubblewrap out of the image, so that ${agent.name} uses its own`]),
    ...(root === false ? [unmask] : []),
    ...(root === true || (other && root !== false) ? [`set a remoteUser other than root and ${unmask}`] : []),
  ];
  const stays = other ? `bubblewrap stays in the image, because ${other.value ?? 'something else'} needs it. ` : '';
  return `${stays}${sentence(ways.join(', or '))}; then rebuild the container.`;
}

/** Measured: docker-compose 1.29.2 hands the option on to Docker, which refuses it. */
function composeNeeded({ container }: RuleContext): string {
  return container.definition.kind === 'compose'
    ? ', which needs Docker Compose 2 (docker-compose 1.29 fails with it)'
    : '';
}
