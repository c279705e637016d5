import type { Sourced } from '../../model/container/container.js';
import type { SandboxSetting } from '../../sources/codex/config.js';
import type { Finding, RuleContext } from './rule.js';

/** What switches the sandbox off, with its place; undefined where nothing does. */
export function switchedOff({
  configuration: { sandbox },
}: Pick<RuleContext, 'configuration'>): (Sourced<SandboxSetting> & { readonly value: SandboxSetting }) | undefined {
  return sandbox?.value?.on === false ? { ...sandbox, value: sandbox.value } : undefined;
}

/** What would fail in a sandbox does not while there is none: such findings are remarks, and say so. */
export function whileOff(context: RuleContext, findings: readonly Finding[]): readonly Finding[] {
  const off = switchedOff(context);
  if (!off) return findings;
  return findings.map((finding) =>
    finding.gate === undefined || (finding.severity !== 'error' && finding.severity !== 'warning')
      ? finding
      : {
          ...finding,
          severity: 'info',
          message: `${off.value.by} switches ${context.agent.name}’s sandbox off, so this matters only once it is on. ${finding.message}`,
        },
  );
}
