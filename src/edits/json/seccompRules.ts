import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Tailoring } from '../../model/plan/tailored.js';
import { namesOf, toSeccompProfile, type SeccompRule } from '../../model/seccomp/profile.js';
import { readJsonc } from '../../sources/text/jsonc.js';
import { jsonLine } from '../text/jsonText.js';
import { replaced, type OffsetEdit } from '../text/textEdits.js';
import { layoutOf, type JsonLayout } from './layout.js';
import { editList } from './list.js';

/**
 * Edits of a seccomp profile's own text that make the tailored profile of it: its rules lose their refusals, and new rules come
 * last; the author's layout stays. Empty: it is tailored already. undefined: it is another profile, or laid out so that the
 * edits would not make that profile.
 */
export function tailorRules(text: string, how: Tailoring): readonly OffsetEdit[] | undefined {
  const root = readJsonc(text, '').root;
  const list = root && findNodeAtLocation(root, ['syscalls']);
  const there = rulesIn(text);
  if (!root || !list?.children || !there || !isDefaultSaid(how)) return undefined;
  const wanted = [...how.rules.filter((rule) => rule !== undefined), ...how.first, ...how.last];
  if (isSame(there, wanted)) return [];
  if (!isSame(there, how.base.syscalls)) return undefined;

  const layout = layoutOf(text, root);
  const remove = new Set<number>();
  const names: OffsetEdit[] = [];
  for (const [index, rule] of how.rules.entries()) {
    if (rule === undefined) remove.add(index);
    else if (rule !== how.base.syscalls[index]) {
      const own = namesEdits(text, list.children[index], namesOf(rule), layout);
      if (!own) return undefined;
      names.push(...own);
    }
  }
  const example = list.children.at(-1);
  const add = [...how.first, ...how.last].map((rule) => ({
    after: list.children?.length ?? 0,
    entry: (indentation: string | undefined) => ruleText(text, rule, example, indentation, layout),
  }));
  const edits = [...names, ...editList(text, list, { remove, replace: new Map(), add }, layout)];
  const made = rulesIn(replaced(text, edits));
  return made && isSame(made, wanted) ? edits : undefined;
}

/** Without a default action there is nothing to add rules to. */
function isDefaultSaid({ base: { defaultAction = '' } }: Tailoring): boolean {
  return defaultAction !== '';
}

function rulesIn(text: string): readonly SeccompRule[] | undefined {
  try {
    return toSeccompProfile(JSON.parse(text)).syscalls;
  } catch {
    return undefined;
  }
}

function isSame(one: readonly SeccompRule[], other: readonly SeccompRule[]): boolean {
  return (
    one.length === other.length && one.every((rule, index) => jsonLine(sorted(rule)) === jsonLine(sorted(other[index])))
  );
}

/** As far as it matters: whatever the order of its properties. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? Number(value) : value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

function namesEdits(
  text: string,
  rule: Node | undefined,
  left: readonly string[],
  layout: JsonLayout,
): readonly OffsetEdit[] | undefined {
  const list = rule && findNodeAtLocation(rule, ['names']);
  if (!list?.children) return undefined;
  const goes = list.children.flatMap(({ value }, index) => (left.includes(String(value)) ? [] : [index]));
  return editList(text, list, { remove: new Set(goes), replace: new Map(), add: [] }, layout);
}

/** A rule as the author writes them: on one line, or a property a line, and the same for its names. */
function ruleText(
  text: string,
  rule: SeccompRule,
  example: Node | undefined,
  indentation: string | undefined,
  layout: JsonLayout,
): string {
  const textOf = (node: Node | undefined): string => (node ? text.slice(node.offset, node.offset + node.length) : '');
  const isCompact = layout.comma === ',';
  const flat = (value: unknown): string => (isCompact ? JSON.stringify(value) : jsonLine(value));
  if (indentation === undefined || !/[\r\n]/.test(textOf(example))) return flat(rule);
  const inner = indentation + layout.unit;
  const inLines = /[\r\n]/.test(textOf(example && findNodeAtLocation(example, ['names'])));
  const properties = Object.entries(rule).map(([name, value]: [string, unknown]) => {
    const words = Array.isArray(value) && inLines ? value.map(flat) : undefined;
    const lines = words?.map((word) => `${inner}${layout.unit}${word}`).join(`,${layout.eol}`);
    const written = lines === undefined ? flat(value) : `[${layout.eol}${lines}${layout.eol}${inner}]`;
    return `${inner}${JSON.stringify(name)}${layout.colon}${written}`;
  });
  return `{${layout.eol}${properties.join(`,${layout.eol}`)}${layout.eol}${indentation}}`;
}
