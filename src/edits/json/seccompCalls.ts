import { findNodeAtLocation, getNodeValue, parseTree, type Node } from 'jsonc-parser';
import type { OffsetEdit } from '../text/textEdits.js';
import { layoutOf } from './layout.js';
import { editList } from './list.js';

/** The call whose rule tells where bubblewrap's are: no profile has it for anything else. */
const LANDMARK = 'pivot_root';

/**
 * Edits of a seccomp profile's text that allow calls beside pivot_root, in the rule that allows that one without conditions; the
 * author's layout stays. undefined: there is no such rule, or another one speaks of these calls, which might win over it.
 */
export function allowCalls(text: string, calls: readonly string[]): readonly OffsetEdit[] | undefined {
  const root = parseTree(text);
  const rules = root && findNodeAtLocation(root, ['syscalls'])?.children;
  if (!rules) return undefined;
  const refuses = rules.some((rule) => !allows(rule) && namesOf(rule).some((name) => calls.includes(name)));
  const names = rules.find((rule) => allows(rule) && isUnconditional(rule) && namesOf(rule).includes(LANDMARK));
  const list = names && findNodeAtLocation(names, ['names']);
  if (refuses || !list) return undefined;
  const there = namesOf(names);
  const missing = calls.filter((call) => !there.includes(call)).sort();
  const add = missing.map((call) => ({
    // Where the list is sorted it stays so, but for what would be its first.
    after: Math.max(
      there.findLastIndex((name) => name < call),
      0,
    ),
    entry: () => JSON.stringify(call),
  }));
  return editList(text, list, { remove: new Set(), replace: new Map(), add }, layoutOf(text, root));
}

function valueAt(rule: Node, name: string): unknown {
  const node = findNodeAtLocation(rule, [name]);
  return node && (getNodeValue(node) as unknown);
}

function namesOf(rule: Node): readonly string[] {
  const names = valueAt(rule, 'names');
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function allows(rule: Node): boolean {
  return valueAt(rule, 'action') === 'SCMP_ACT_ALLOW';
}

function isUnconditional(rule: Node): boolean {
  return ['args', 'includes', 'excludes'].every((name) => {
    const value = valueAt(rule, name);
    return value === undefined || value === null || Object.keys(value).length === 0;
  });
}
