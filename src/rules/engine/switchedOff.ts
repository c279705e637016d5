import type { Sourced } from '../../model/container/container.js';
import type { SandboxMode } from '../../sources/codex/config.js';
import type { Finding, RuleContext } from './rule.js';

/** The mode in which commands run without a sandbox. */
export const OFF = 'danger-full-access';

/** What switches the sandbox off, with its place; undefined where nothing does. */
export function switchedOff({ configuration }: Pick<RuleContext, 'configuration'>): Sourced<SandboxMode> | undefined {
  return configuration.sandboxMode?.value === OFF ? configuration.sandboxMode : undefined;
}

/** What would fail in a sandbox does not while there is none: such findings are remarks, and say so. */
export function whileOff(context: RuleContext, findings: readonly Finding[]): readonly Finding[] {
  if (!switchedOff(context)) return findings;
  return findings.map((finding) =>
    finding.gate === undefined
      ? finding
      : {
          ...finding,
          severity: 'info',
          message: `sandbox_mode switches ${context.agent.name}’s sandbox off, so this matters only once it is on. ${finding.message}`,
        },
  );
}
