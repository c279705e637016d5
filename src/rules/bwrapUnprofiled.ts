import { PACKAGED_BWRAP_PATH } from '../model/bwrapPath.js';
import { bwrapPath } from '../model/bwrap/bwrap.js';
import { hostChangeFor, hostChangeMarkdown, HOST_CHANGES, type HostChange } from '../model/plan/hostChange.js';
import { cannotStart, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import { useTitle } from './engine/repairTitles.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { areForReview } from './engine/unasked.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { describe, sentence } from './engine/wording.js';
import { example, RELAXED } from './shared/examples.js';
import { closesGates, madeBySetuid, opening, unprofiled } from './shared/restrictedUserns.js';

const WITH_BWRAP = `FROM debian:12
RUN apt-get update && apt-get install -y bubblewrap
RUN useradd --create-home --shell /bin/bash vscode
`;

/** The host has an AppArmor profile for a plain bubblewrap at its usual path, and the agent starts another one. */
export const bwrapUnprofiled: Rule = {
  id: 'bwrap-unprofiled',
  title: "Ubuntu's AppArmor profile does not cover the bubblewrap of Codex",
  explanation: `
Ubuntu 25.04 and later restrict user namespaces. Their AppArmor profile \`bwrap-userns-restrict\` allows them for
\`${PACKAGED_BWRAP_PATH}\`, also in containers with \`apparmor=unconfined\`. If Codex starts a bubblewrap at another path, it fails.

## What to do

Install a bubblewrap before 0.12 at \`${PACKAGED_BWRAP_PATH}\` and set \`apparmor=unconfined\`. It needs no capability, works for root and other
users, and works with \`no-new-privileges\`. A link to \`${PACKAGED_BWRAP_PATH}\` also works, and so does a copy of Codex's own bubblewrap there. A
shell script at that path does not work.

| bubblewrap that Codex starts | without \`apparmor=unconfined\` | with it |
| --- | --- | --- |
| before 0.12, at \`${PACKAGED_BWRAP_PATH}\` | fails | works |
| 0.12 or later, at \`${PACKAGED_BWRAP_PATH}\` | fails | fails at the masked \`/proc\` (see masked-proc) |
| none in the image, so Codex's own | fails | fails |
| at another path, such as \`/usr/local/bin/bwrap\` | fails | fails |
| setuid, for a user other than root: Codex's own | fails | fails, unless its six capabilities are there |

If two profiles are for the same path, the kernel uses neither and the sandbox fails.

The finding is information unless you name the host. No fix changes anything for it unasked.

## What was measured

All of this was measured under an emulation of Ubuntu's restriction, with the profile of AppArmor 4.1. A real Ubuntu was not measured.

## On the host

An administrator can also load a profile for Codex's own bubblewrap. Containers then need no bubblewrap.

${hostChangeMarkdown(HOST_CHANGES.bundledBwrap)}`,
  references: [
    'https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces',
    'https://github.com/openai/codex/issues/14919',
  ],
  bad: example(RELAXED),
  good: example(RELAXED, WITH_BWRAP),
  exampleHosts: { bad: ['docker-ubuntu-bwrap-profile'], good: ['docker-ubuntu-bwrap-profile'] },
  check(context) {
    const setuid = madeBySetuid(context);
    const obstacles = unprofiled(context).filter((obstacle) => !setuid.includes(obstacle));
    return whereClosed(context, obstacles, (closed) => {
      const { host, gate, error } = closed.first;
      const opened = opening(context, closed);
      // A package of 0.12 would stop at the masked /proc, on the other hosts as well.
      const ids = closesGates(context, opened) ? [] : opened;
      const change = hostChangeFor(host, gate, error, context.container);
      return {
        headline: cannotStart(context, closed, 'the host restricts user namespaces'),
        details: [
          ...ways(context, ids, change),
          `The AppArmor profile of these hosts is for ${PACKAGED_BWRAP_PATH}.`,
          `${sentence(cause(context))}.`,
        ],
        place: placeOf(context, context.container.bwrap.path ?? context.container.bwrap.presence),
        remedy: ids,
      };
    });
  },
  fixes: (context, { remedy = [] }) =>
    relax(context, useTitle(remedy, context.request, "Use what Ubuntu's profile covers"), remedy, true),
};

/** A change of the host gives away less than what somebody has to ask for, and more than what nobody has to. */
function ways(context: RuleContext, ids: readonly RelaxationId[], change: HostChange | undefined): readonly string[] {
  const onHost = change ? [`on the host: ${change.summary}.`] : [];
  const inFiles = ids.length > 0 ? [`use ${describe(ids, context.request)}, then rebuild the container.`] : [];
  const ordered = areForReview(context, ids) ? [...onHost, ...inFiles] : [...inFiles, ...onHost];
  return ordered.map((way, i) => (i === 0 ? sentence(way) : `Or ${way}`));
}

/** A clause. */
function cause({ agent, container }: RuleContext): string {
  if (container.bwrap.presence.value === 'absent') return `the image has none, so ${agent.name} starts its own`;
  const path = bwrapPath(container);
  return path === undefined || path === PACKAGED_BWRAP_PATH
    ? `${agent.name} starts another one`
    : `the image has it at ${path}`;
}
