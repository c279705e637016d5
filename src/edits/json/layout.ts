import type { Node } from 'jsonc-parser';
import { beginsLine, indentationAt, type Layout } from '../text/layout.js';

/** How an author lays a JSON text out, as far as new entries have to fit in. */
export interface JsonLayout extends Layout {
  /** Between a property's name and its value. */
  readonly colon: string;
  /** Whether the text has arrays and all that are not empty stand on several lines. */
  readonly multilineArrays: boolean;
}

/** The longest line that a new array may make before it is broken into one line an element. */
const LONGEST_LINE = 100;

/** Reads the layout off the text's own entries; what it does not show is as in most devcontainer.json files. */
export function layoutOf(text: string, root: Node): JsonLayout {
  const properties = root.children ?? [];
  const indented = properties.find((property) => beginsLine(text, property.offset));
  const outer = indentationAt(text, root.offset);
  const inner = indented && indentationAt(text, indented.offset);
  const unit = inner?.startsWith(outer) && inner.length > outer.length ? inner.slice(outer.length) : undefined;
  const colons = properties.map((property) => {
    const [name, value] = property.children ?? [];
    return name && value ? text.slice(name.offset + name.length, value.offset) : '';
  });
  const firstElements = properties
    .map((property) => property.children?.[1])
    .flatMap((value) => (value?.type === 'array' ? (value.children?.[0] ?? []) : []));
  return {
    eol: /\r\n|\n|\r/.exec(text)?.[0] ?? '\n',
    unit: unit ?? /[\r\n](\t| {2,})(?=["/])/.exec(text)?.[1] ?? '  ',
    colon: colons.find((colon) => /^[ \t]*:[ \t]*$/.test(colon)) ?? ': ',
    comma: colons.length > 0 && colons.every((colon) => colon === ':') ? ',' : ', ',
    multilineArrays: firstElements.length > 0 && firstElements.every((element) => beginsLine(text, element.offset)),
  };
}

/**
 * A new property with an array of strings.
 * @param indentation of the property's line; undefined when it has to stay on a line with others
 */
export function arrayProperty(
  name: string,
  values: readonly string[],
  layout: JsonLayout,
  indentation: string | undefined,
): string {
  const elements = values.map((value) => JSON.stringify(value));
  const oneLine = `${JSON.stringify(name)}${layout.colon}[${elements.join(layout.comma)}]`;
  const fits = !layout.multilineArrays && (indentation?.length ?? 0) + oneLine.length < LONGEST_LINE;
  if (indentation === undefined || fits) return oneLine;
  const lines = elements.map((element) => `${indentation}${layout.unit}${element}`).join(`,${layout.eol}`);
  return `${JSON.stringify(name)}${layout.colon}[${layout.eol}${lines}${layout.eol}${indentation}]`;
}
