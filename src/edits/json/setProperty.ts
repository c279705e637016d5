import { property, readJsonc, type Node } from '../../sources/text/jsonc.js';
import type { TextEdit } from '../changes/change.js';
import { toTextEdits } from '../text/textEdits.js';
import { layoutOf, type JsonLayout } from './layout.js';
import { editList } from './list.js';

/** What a property may be given. */
type Value = string | readonly string[];

/**
 * The edits that give a property of a JSON text a value, with the objects on the way to it; comments and layout survive.
 * undefined: the text does not parse, or something on the way is not an object.
 * @param path the names of the properties, from the outermost
 */
export function setProperty(
  text: string,
  file: string,
  path: readonly string[],
  value: Value,
): readonly TextEdit[] | undefined {
  // jsonc-parser takes a byte order mark for an error; a space in its place keeps the offsets.
  const { root, problems } = readJsonc(text.replace(/^\uFEFF/, ' '), file);
  if (root?.type !== 'object' || problems.length > 0) return undefined;
  const layout = layoutOf(text, root);
  let object: Node = root;
  for (const [depth, name] of path.entries()) {
    const found = property(object, name);
    const rest = path.slice(depth);
    const children: readonly Node[] = object.children ?? [];
    if (!found) {
      const entry = (indentation: string | undefined): string => nested(rest, value, layout, indentation);
      const plan = { remove: new Set<number>(), replace: new Map(), add: [{ after: children.length - 1, entry }] };
      return toTextEdits(file, text, editList(text, object, plan, layout));
    }
    if (rest.length === 1) {
      const replace = new Map([[children.indexOf(found.node), nested(rest, value, layout, undefined)]]);
      return toTextEdits(file, text, editList(text, object, { remove: new Set(), replace, add: [] }, layout));
    }
    if (found.value?.type !== 'object') return undefined;
    object = found.value;
  }
  return undefined;
}

/** @param indentation of the line; undefined: it shares a line with others */
function nested(
  [name = '', ...rest]: readonly string[],
  value: Value,
  layout: JsonLayout,
  indentation: string | undefined,
): string {
  const start = `${JSON.stringify(name)}${layout.colon}`;
  if (rest.length === 0) {
    if (typeof value === 'string') return `${start}${JSON.stringify(value)}`;
    return `${start}[${value.map((one) => JSON.stringify(one)).join(layout.comma)}]`;
  }
  if (indentation === undefined) return `${start}{ ${nested(rest, value, layout, undefined)} }`;
  const inner = indentation + layout.unit;
  return `${start}{${layout.eol}${inner}${nested(rest, value, layout, inner)}${layout.eol}${indentation}}`;
}
