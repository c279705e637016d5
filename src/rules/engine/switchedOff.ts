import type { Sourced } from '../../model/container/container.js';
import type { SandboxSetting } from '../../sources/codex/config.js';
import { stated, type Finding, type RuleContext } from './rule.js';

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
    finding.gate === undefined
      ? finding
      : stated({
          ...finding,
          severity: 'info',
          details: [
            ...finding.details,
            `${off.value.by} turns ${context.agent.name}'s sandbox off, so this matters only after you turn it on.`,
          ],
        }),
  );
}
