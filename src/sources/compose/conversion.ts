import { headlineWith } from '../../model/headline.js';
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type ParsedNode, type YAMLMap } from 'yaml';
import type { Place } from '../../model/place.js';
import type { ComposeEntry, ComposeMapping, ComposeNode, ComposeScalar, ComposeScope } from './node.js';
import { problemMessage, type Problem } from '../text/problem.js';
import type { Lines } from '../text/lines.js';

/** How many values aliases may add: more is an attack, and Docker Compose refuses it as well. */
export const MAX_ALIASED = 100_000;

/** Turns the library's nodes into ours: aliases and merge keys put in, in the order of the text, which anchors go by. */
export class ComposeConversion {
  readonly problems: Problem[] = [];
  /** How many values the aliases stand for. */
  aliased = 0;
  lastAlias: Place | undefined;
  readonly #anchors = new Map<string, ComposeNode>();
  /** Anchors whose value is being read: an alias of theirs in it would be without end. */
  readonly #open = new Set<string>();
  /** How many values with a tag the one that is read stands in: Compose takes such a value as it is, without the tags in it. */
  #tagged = 0;
  /** Values in a node, itself and its aliases counted. */
  readonly #sizes = new Map<ComposeNode, number>();

  constructor(
    readonly text: string,
    readonly lines: Lines,
    readonly scope: ComposeScope,
  ) {}

  convert(node: ParsedNode | Node): ComposeNode {
    if (isAlias(node)) return this.#alias(node.source, this.#place(node));
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.#open.add(anchor);
    const [converted, size] = this.#value(node);
    this.#sizes.set(converted, size);
    if (anchor !== undefined) {
      this.#open.delete(anchor);
      this.#anchors.set(anchor, converted);
    }
    return converted;
  }

  #alias(name: string, place: Place): ComposeNode {
    const target = this.#anchors.get(name);
    this.lastAlias = place;
    if (target && !this.#open.has(name)) {
      this.aliased += this.#sizes.get(target) ?? 1;
      return target;
    }
    const message = this.#open.has(name)
      ? problemMessage(
          headlineWith(name, (shown) => `The container cannot start: the alias "*${shown}" is in its own anchor`),
          `Move it out of "&${name}".`,
        )
      : problemMessage(
          headlineWith(name, (shown) => `The container cannot start: the alias "*${shown}" has no anchor before it`),
          `Add "&${name}" where the value is, or write the value here.`,
        );
    this.problems.push({ kind: 'syntax', place, message });
    return this.#null(place);
  }

  #value(node: ParsedNode | Node): readonly [ComposeNode, number] {
    const place = this.#place(node);
    const tag = this.#tagged > 0 ? undefined : tagOf(node);
    // Nothing more is needed of a file that is refused.
    if (this.aliased > MAX_ALIASED) return [this.#null(place), 1];
    if (tag) this.#tagged++;
    const read = this.#content(node, place, tag);
    if (tag) this.#tagged--;
    return read;
  }

  #content(node: ParsedNode | Node, place: Place, tag: ComposeNode['tag']): readonly [ComposeNode, number] {
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#item(item, place));
      const kept = items.filter((item) => item.tag !== 'reset');
      return [{ kind: 'sequence', items: kept, place, tag }, this.#sum(items)];
    }
    if (isMap(node)) {
      const entries = this.#entries(node, place);
      return [{ kind: 'mapping', entries, place, tag }, this.#sum([...entries.values()].map((e) => e.value))];
    }
    return [isScalar(node) ? this.#scalar(node, place, tag) : this.#null(place), 1];
  }

  #sum(nodes: readonly ComposeNode[]): number {
    return nodes.reduce((sum, node) => sum + (this.#sizes.get(node) ?? 1), 1);
  }

  /** An element of a list; `[a: b]` makes a map of one entry. */
  #item(item: unknown, place: Place): ComposeNode {
    if (isPair(item)) {
      const entries = this.#entries({ items: [item] }, place);
      return { kind: 'mapping', entries, place, tag: undefined };
    }
    return isNode(item) ? this.convert(item) : this.#null(place);
  }

  #entries({ items }: Pick<YAMLMap, 'items'>, place: Place): ReadonlyMap<string, ComposeEntry> {
    const own = new Map<string, ComposeEntry>();
    const merged: ComposeMapping[] = [];
    let merges = 0;
    for (const pair of items) {
      const name = isScalar(pair.key) ? pair.key : undefined;
      if (!name) {
        // A list or map as a name has no meaning in Compose; its value may still hold anchors.
        if (isNode(pair.key)) this.convert(pair.key);
        if (isNode(pair.value)) this.convert(pair.value);
        continue;
      }
      const key = typeof name.value === 'string' ? name.value : (name.source ?? String(name.value));
      const keyPlace = isNode(pair.key) ? this.#place(pair.key) : place;
      const value = this.#pairValue(pair, keyPlace);
      if (key === '<<' && name.type === 'PLAIN') {
        if (merges++ > 0) this.#duplicate(key, keyPlace);
        merged.push(...this.#mergeSources(value, keyPlace));
      } else if (own.has(key)) this.#duplicate(key, keyPlace);
      else own.set(key, { key, keyPlace, value });
    }
    // What is in the map itself wins over `<<`, and the first of several merged maps over the others.
    for (const { entries } of merged) {
      for (const [key, entry] of entries) {
        const hiding = own.get(key);
        own.set(key, hiding ? { ...hiding, hides: true } : entry);
      }
    }
    return own;
  }

  #pairValue({ value }: Pair, keyPlace: Place): ComposeNode {
    return isNode(value) ? this.convert(value) : this.#null(keyPlace);
  }

  #mergeSources(value: ComposeNode, place: Place): readonly ComposeMapping[] {
    const sources = value.kind === 'sequence' ? value.items : [value];
    const maps = sources.filter((source) => source.kind === 'mapping');
    const reported = value.kind === 'scalar' && value.value === null;
    if (maps.length !== sources.length && !reported) {
      const message = problemMessage(
        'The container cannot start: "<<" needs a map or a list of maps',
        'Name the anchor of a map.',
      );
      this.problems.push({ kind: 'syntax', place, message });
    }
    return maps;
  }

  #duplicate(key: string, place: Place): void {
    const message = problemMessage(
      headlineWith(key, (name) => `The container cannot start: "${name}" is twice in this map`),
      'Remove one of them. The check uses the first one.',
    );
    this.problems.push({ kind: 'syntax', place, message });
  }

  #scalar(
    node: { value: unknown; source?: string; type?: string },
    place: Place,
    tag: ComposeScalar['tag'],
  ): ComposeScalar {
    const { value } = node;
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const text = plain ? textOf(value, node.source) : '';
    return {
      kind: 'scalar',
      value: plain ? value : null,
      text,
      indentation: node.type === 'BLOCK_LITERAL' ? this.#indentation(place) : undefined,
      place,
      tag,
      scope: this.scope,
    };
  }

  /** Of the first line with something on it behind the `|`. */
  #indentation({ range }: Place): number {
    const [, block = ''] = /^[^\n]*\n(?:[ \r]*\n)*( *)/.exec(this.text.slice(this.lines.offset(range.start))) ?? [];
    return block.length;
  }

  #null(place: Place): ComposeScalar {
    return { kind: 'scalar', value: null, text: '', indentation: undefined, place, tag: undefined, scope: this.scope };
  }

  #place(node: { range?: readonly [number, number, number] | null | undefined }): Place {
    const [start, end] = node.range ?? [0, 0];
    return this.lines.place(start, end);
  }
}

/** A number as Compose prints it: `010` is octal for it, as in YAML 1.1, and `1.50` is 1.5. */
function textOf(value: string | number | boolean, source: string | undefined): string {
  if (typeof value !== 'number' || source === undefined || !/^[-+]?0[0-7]+$/.test(source)) return String(value);
  return String(Number.parseInt(source, 8));
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);
}

function tagOf({ tag }: { tag?: string | undefined }): ComposeNode['tag'] {
  return tag === '!reset' ? 'reset' : tag === '!override' ? 'override' : undefined;
}
