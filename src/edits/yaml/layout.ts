import { isMap, isSeq, visit, type Document } from 'yaml';
import { lineStart } from './nodes.js';
import { scalarText, type Quoting, type YamlValue } from './scalars.js';

/** How an author lays a YAML text out, as far as new entries have to fit in. */
export interface YamlLayout {
  /** Line break. */
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
  /** Between a key and the dashes of its list; '' where the author writes them below each other. */
  readonly listIndentation: string;
}

/** Reads the layout off the text's own maps and lists; what it does not show is as in most Compose files. */
export function yamlLayoutOf(text: string, document: Document): YamlLayout {
  const column = (offset: number): number => offset - lineStart(text, offset);
  const steps: number[] = [];
  const lists: number[] = [];
  visit(document, {
    Pair: (_, pair) => {
      const { key, value } = pair as { key: unknown; value: unknown };
      const start = (key as { range?: readonly number[] } | null)?.range?.[0];
      if (start === undefined || (!isMap(value) && !isSeq(value)) || value.flow === true || !value.range) return;
      (isMap(value) ? steps : lists).push(column(value.range[0]) - column(start));
    },
  });
  const step = steps.find((each) => each > 0) ?? 2;
  const [list = step] = lists;
  return {
    eol: /\r\n|\n|\r/.exec(text)?.[0] ?? '\n',
    unit: ' '.repeat(step),
    listIndentation: ' '.repeat(Math.max(0, list)),
  };
}

/** A pair in block style; the lines behind the first have the indentation. */
export function blockPair(key: string, value: YamlValue, indentation: string, layout: YamlLayout): string {
  const lines = (texts: readonly string[], inner: string): string =>
    texts.map((text) => layout.eol + indentation + inner + text).join('');
  if (typeof value === 'string' || typeof value === 'boolean') return `${key}: ${scalarText(value, 'plain', false)}`;
  if (isList(value)) {
    if (value.length === 0) return `${key}: []`;
    return `${key}:${lines(
      value.map((each) => `- ${scalarText(each, 'plain', false)}`),
      layout.listIndentation,
    )}`;
  }
  return `${key}:${lines(
    Object.entries(value).map(([name, each]) => `${name}: ${scalarText(each, 'plain', false)}`),
    layout.unit,
  )}`;
}

/** A pair in flow style, on one line. */
export function flowPair(key: string, value: YamlValue, quoting: Quoting): string {
  return `${scalarText(key, quoting, true)}: ${flowValue(value, quoting)}`;
}

/** A value in flow style, on one line; `inFlow`: inside of another one. */
export function flowValue(value: YamlValue, quoting: Quoting, inFlow = true): string {
  if (typeof value === 'string' || typeof value === 'boolean') return scalarText(value, quoting, inFlow);
  if (isList(value)) return `[${value.map((each) => scalarText(each, quoting, true)).join(', ')}]`;
  const pairs = Object.entries(value).map(([name, each]) => flowPair(name, each, quoting));
  return `{ ${pairs.join(', ')} }`;
}

function isList(value: YamlValue): value is readonly string[] {
  return Array.isArray(value);
}
