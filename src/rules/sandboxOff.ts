import { headlineWith } from '../model/headline.js';
import type { Rule } from './engine/rule.js';
import { switchedOff } from './engine/switchedOff.js';
import { reasonLine } from './engine/wording.js';
import { linesOf } from '../sources/text/lines.js';
import { example } from './shared/examples.js';

/** Codex is told not to use its sandbox, so nothing can stop the sandbox. */
export const sandboxOff: Rule = {
  id: 'sandbox-off',
  title: "Codex's sandbox is turned off",
  explanation: `
With \`sandbox_mode = "danger-full-access"\` Codex runs its commands without a sandbox and does not start bubblewrap. The container is then the
only boundary. This is a reasonable choice for a container that was made for it.

Permission profiles can do the same: \`default_permissions = ":danger-full-access"\`, or a profile that allows writing to \`":root"\` and refuses
nothing. If a file sets \`default_permissions\` and \`sandbox_mode\`, the profile decides (measured with Codex 0.169).

## What to do

Nothing, if you turned the sandbox off on purpose. Otherwise write \`workspace-write\` (or \`:workspace\`). The fix does this.

While the sandbox is off, the check reports this finding alone and not what would stop the sandbox. Turn the sandbox on to see the rest.
Findings about dangerous options remain.

## Where the check looks

- \`.codex/config.toml\` of the workspace. Codex reads it in projects that it trusts.
- Files that lifecycle commands, their scripts and the Dockerfile write.
- A configuration in the workspace that these commands name.
- \`"sandbox": "off: REASON"\` in \`customizations.codex-sandbox-check\` of devcontainer.json: the repository says so to
  this check alone. Codex does not read this setting.

Options on Codex's command line, such as \`--sandbox\` or \`--yolo\`, are not read.`,
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
    const { written, instead, reason } = off.value;
    const otherwise = instead ? `write "${instead.write}"` : 'let it write only to the workspace';
    const hosts = context.hosts.map((h) => h.name);
    if (reason !== undefined) {
      return [
        {
          severity: 'info',
          headline: `This repository says that ${context.agent.name}'s sandbox is off here`,
          details: [
            'The setting is only for this check: it does not turn the sandbox off.',
            'To see what stops the sandbox, remove the setting.',
            reasonLine(reason.replace(/\.$/, '')),
          ],
          place,
          hosts,
        },
      ];
    }
    return [
      {
        severity: 'info',
        headline: headlineWith(
          place.file,
          (file) => `${context.agent.name} runs without its sandbox: ${file} turns it off`,
        ),
        details: [
          'Keep this if the container is meant to be the only boundary.',
          `Otherwise ${otherwise}. The check then reports what stops the sandbox.`,
          `Setting: ${written}`,
        ],
        place,
        hosts,
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
