import type { Sourced } from '../../model/container/container.js';
import type { SandboxSetting } from '../../sources/codex/config.js';
import type { Finding, RuleContext } from './rule.js';

/** What switches the sandbox off, with its place; undefined where nothing does. */
export function switchedOff({
  configuration: { sandbox },
}: Pick<RuleContext, 'configuration'>): (Sourced<SandboxSetting> & { readonly value: SandboxSetting }) | undefined {
  return sandbox?.value?.on === false ? { ...sandbox, value: sandbox.value } : undefined;
}

/** The findings that matter while there is a sandbox or none: what would stop the sandbox does not matter while it is off. */
export function whileOff(context: RuleContext, findings: readonly Finding[]): readonly Finding[] {
  return switchedOff(context) ? findings.filter(({ gate }) => gate === undefined) : findings;
}
