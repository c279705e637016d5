import type { Rule } from './engine/rule.js';
import { switchedOff } from './engine/switchedOff.js';
import { linesOf } from '../sources/text/lines.js';
import { example } from './shared/examples.js';

/** Codex is told not to use its sandbox, so that nothing that keeps the sandbox from starting is met. */
export const sandboxOff: Rule = {
  id: 'sandbox-off',
  title: 'Codex’s sandbox is switched off',
  explanation: `
\`sandbox_mode = "danger-full-access"\` tells Codex to run its commands without a sandbox (Codex's configuration reference): bubblewrap is not
started, so whatever would keep it from starting in this container is not met. The container is the only boundary then. That is a
legitimate choice where the container was made for it; what opens a gate for the sandbox is of no use in such a container.

Permission profiles do the same in two ways (measured with Codex 0.169): \`default_permissions = ":danger-full-access"\`, and a profile that allows
writing to \`":root"\` and refuses nothing. If a file sets \`default_permissions\` and \`sandbox_mode\`, the profile decides.

It is looked for in the workspace's \`.codex/config.toml\` (which Codex reads in projects that it trusts), in what lifecycle commands, scripts that they start
and the Dockerfile write, and in a configuration of the workspace that they name. Options on Codex's own command line, such as
\`--sandbox\` or \`--yolo\`, are not.

While it is off, findings about the sandbox are remarks and say so, for another mode may be chosen at any time, in Codex's own interface as well.
The fix writes \`workspace-write\` (or \`:workspace\`), and what the sandbox needs is reported in full again.`,
  references: [
    'https://github.com/openai/codex/blob/main/docs/config.md',
    'https://developers.openai.com/codex/permissions',
  ],
  bad: {
    ...example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
    '.codex/config.toml': `sandbox_mode = "danger-full-access"
`,
  },
  good: {
    ...example('"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]'),
    '.codex/config.toml': `sandbox_mode = "workspace-write"
`,
  },
  check(context) {
    const off = switchedOff(context);
    const [place] = off?.places ?? [];
    if (!off || !place) return [];
    const { written, instead } = off.value;
    const otherwise = instead ? `write "${instead.write}"` : 'let it write to the workspace only';
    return [
      {
        severity: 'info',
        headline:
          `${written} switches ${context.agent.name}’s sandbox off: its commands do whatever their user may do in this container, and bubblewrap is not used. ` +
          `Leave it if the container is to be the only boundary; otherwise ${otherwise}, and what keeps the sandbox from starting is reported in full.`,
        place,
        hosts: context.hosts.map((h) => h.name),
      },
    ];
  },
  fixes({ agent, configuration }, { place: { file, range } }) {
    const text = configuration.texts.get(file);
    const instead = switchedOff({ configuration })?.value.instead;
    if (text === undefined || !instead) return [];
    const lines = linesOf(text, file);
    const start = text.indexOf(instead.of, lines.offset(range.start));
    const edit = { file, range: lines.range(start, start + instead.of.length), newText: instead.write };
    return [
      {
        title: `Turn on ${agent.name}'s sandbox`,
        details: [],
        adds: [],
        removes: [],
        needsReview: false,
        preferred: false,
        relaxations: [],
        edits: [edit],
      },
    ];
  },
};
