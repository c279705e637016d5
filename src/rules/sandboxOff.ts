import type { Sourced } from '../model/container/container.js';
import type { SandboxMode } from '../sources/codex/config.js';
import { linesOf } from '../sources/text/lines.js';
import { example } from './examples.js';
import type { Finding, Fix, Rule, RuleContext } from './rule.js';

const OFF = 'danger-full-access';

/** Codex is told not to use its sandbox, so that nothing that keeps the sandbox from starting is met. */
export const sandboxOff: Rule = {
  id: 'sandbox-off',
  title: 'Codex’s sandbox is switched off',
  explanation: `
\`sandbox_mode = "danger-full-access"\` tells Codex to run its commands without a sandbox (Codex's configuration reference): bubblewrap is not
started, so whatever would keep it from starting in this container is not met. The container is the only boundary then. That is a
legitimate choice where the container was made for it; what opens a gate for the sandbox is of no use in such a container.

It is looked for in the workspace's \`.codex/config.toml\` (which Codex reads in projects that it trusts), in what lifecycle commands, scripts that they start
and the Dockerfile write, and in a configuration of the workspace that they name. Options on Codex's own command line, such as
\`--sandbox\` or \`--yolo\`, are not.

While it is off, findings about the sandbox are remarks and say so, for another mode may be chosen at any time, in Codex's own interface as well.
The fix writes \`workspace-write\`, and what the sandbox needs is reported in full again.`,
  references: ['https://github.com/openai/codex/blob/main/docs/config.md'],
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
    const mode = switchedOff(context);
    const [place] = mode?.places ?? [];
    if (!place) return [];
    return [
      {
        rule: 'sandbox-off',
        severity: 'info',
        message:
          `sandbox_mode = "${OFF}" switches Codex’s sandbox off: its commands do whatever their user may do in this container, and bubblewrap is not used. ` +
          'Leave it if the container is to be the only boundary; otherwise write "workspace-write", and what keeps the sandbox from starting is reported in full.',
        place,
        gate: undefined,
        hosts: context.hosts.map((h) => h.name),
        related: [],
        fixes: switchedOn(context, place),
      },
    ];
  },
};

/** What switches the sandbox off, with its place; undefined where nothing does. */
export function switchedOff({ configuration }: Pick<RuleContext, 'configuration'>): Sourced<SandboxMode> | undefined {
  return configuration.sandboxMode?.value === OFF ? configuration.sandboxMode : undefined;
}

function switchedOn({ configuration }: RuleContext, { file, range }: Finding['place']): readonly Fix[] {
  const text = configuration.texts.get(file);
  if (text === undefined) return [];
  const lines = linesOf(text, file);
  const start = text.indexOf(OFF, lines.offset(range.start));
  const edit = { file, range: lines.range(start, start + OFF.length), newText: 'workspace-write' };
  return [{ title: 'Switch Codex’s sandbox on', preferred: false, relaxations: [], edits: [edit] }];
}

/** What would fail in a sandbox does not while there is none: such findings are remarks, and say so. */
export function whileOff(context: RuleContext, findings: readonly Finding[]): readonly Finding[] {
  if (!switchedOff(context)) return findings;
  return findings.map((finding) =>
    finding.gate === undefined || (finding.severity !== 'error' && finding.severity !== 'warning')
      ? finding
      : {
          ...finding,
          severity: 'info',
          message: `sandbox_mode switches Codex’s sandbox off, so this matters only once it is on. ${finding.message}`,
        },
  );
}
