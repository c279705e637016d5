import fc from 'fast-check';

/** How one YAML text is written. */
export interface YamlStyle {
  readonly choices: fc.Stream<number>;
  readonly unit: 2 | 3 | 4;
  /** The dashes of lists stand below their key. */
  readonly indentless: boolean;
  readonly eol: string;
  readonly lastBreak: boolean;
  readonly comments: boolean;
  /** Every list in flow style, none, or as it comes. */
  readonly flow: 'always' | 'never' | 'mixed';
}

export const yamlStyle: fc.Arbitrary<YamlStyle> = fc.record({
  choices: fc.infiniteStream(fc.nat(99)),
  unit: fc.constantFrom(2 as const, 2 as const, 3 as const, 4 as const),
  indentless: fc.boolean(),
  eol: fc.constantFrom('\n', '\n', '\r\n'),
  lastBreak: fc.boolean(),
  comments: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  flow: fc.constantFrom('always' as const, 'never' as const, 'mixed' as const, 'mixed' as const),
});

/** A scalar that is written as it stands: an alias, a number, a flag. */
export class Raw {
  constructor(readonly text: string) {}
}

/** A value with an anchor or a tag before it. */
export class Marked {
  constructor(
    readonly mark: string,
    readonly value: YamlTree,
  ) {}
}

export type YamlTree = string | boolean | null | Raw | Marked | readonly YamlTree[] | ReadonlyMap<string, YamlTree>;

/** A map as YAML with comments, quotes and blank lines in all places. */
export function writeYaml(tree: ReadonlyMap<string, YamlTree>, style: YamlStyle): string {
  const writer = new Writer(style);
  const lines = writer.head();
  for (const [key, value] of tree) lines.push(...writer.pair(key, value, ''));
  return lines.join(style.eol) + (style.lastBreak ? style.eol : '');
}

class Writer {
  #count = 0;

  constructor(readonly style: YamlStyle) {}

  head(): string[] {
    const lines = this.#between('');
    return this.#chance(10) ? ['---', ...lines] : lines;
  }

  pair(key: string, tree: YamlTree, indentation: string): string[] {
    const [mark, value] = this.#unmarked(tree);
    const head = `${indentation}${this.#chance(5) && key !== '<<' ? `"${key}"` : key}:${mark}`;
    const above = this.#between(indentation);
    if (isMap(value) && (value.size === 0 || this.#isFlow(value))) {
      return [...above, `${head} ${this.#flow(value, indentation)}${this.#tail()}`];
    }
    if (isMap(value)) {
      const inner = indentation + ' '.repeat(this.style.unit);
      return [...above, head + this.#tail(), ...[...value].flatMap(([k, v]) => this.pair(k, v, inner))];
    }
    if (isList(value) && value.length > 0 && !this.#isFlow(value)) {
      const inner = indentation + (this.style.indentless ? '' : ' '.repeat(this.style.unit));
      const items = value.flatMap((item) => [
        ...this.#between(inner),
        `${inner}-${this.#blank()}${this.#scalar(item, false)}${this.#tail()}`,
      ]);
      return [...above, head + this.#tail(), ...items];
    }
    if (isList(value)) return [...above, `${head} ${this.#flow(value, indentation)}${this.#tail()}`];
    if (value === null) return [...above, head + this.#tail()];
    if (value === 'BLOCK')
      return [...above, `${head} |`, `${indentation} echo`, `${indentation}   # no comment`, ...this.#between('', 30)];
    return [...above, `${head}${this.#blank()}${this.#scalar(value, false)}${this.#tail()}`];
  }

  #flow(value: readonly YamlTree[] | ReadonlyMap<string, YamlTree>, indentation: string): string {
    const [open, close] = isMap(value) ? ['{', '}'] : ['[', ']'];
    const entries = isMap(value)
      ? [...value].map(([key, tree]) => {
          const [mark, each] = this.#unmarked(tree);
          return `${key}:${mark} ${isMap(each) || isList(each) ? this.#flow(each, indentation) : this.#scalar(each, true)}`;
        })
      : value.map((each) => this.#scalar(each, true));
    const inner = indentation + ' '.repeat(this.style.unit);
    if (entries.length === 0) return this.#chance(20) ? `${open} ${close}` : open + close;
    const trailing = this.#chance(20);
    if (this.#chance(30)) {
      const lines = entries.flatMap((entry, index) => {
        const comma = index < entries.length - 1 || trailing ? ',' : '';
        return [...this.#between(inner), `${inner}${entry}${comma}${this.#tail()}`];
      });
      return [open + this.#tail(), ...lines, `${indentation}${this.style.indentless ? ' ' : inner}${close}`].join(
        this.style.eol,
      );
    }
    const blank = this.#chance(30) ? ' ' : '';
    return `${open}${blank}${entries.join(', ')}${trailing ? ',' : ''}${blank}${close}`;
  }

  #unmarked(tree: YamlTree): readonly [string, Exclude<YamlTree, Marked>] {
    if (!(tree instanceof Marked)) return ['', tree];
    const [inner, value] = this.#unmarked(tree.value);
    return [` ${tree.mark}${inner}`, value];
  }

  #scalar(tree: YamlTree, inFlow: boolean): string {
    const [mark, value] = this.#unmarked(tree);
    const prefix = mark === '' ? '' : `${mark.trim()} `;
    if (value instanceof Raw) return prefix + value.text;
    if (typeof value !== 'string') return prefix + (value === true ? 'true' : 'false');
    if (this.#chance(20)) return `${prefix}'${value}'`;
    const mustBeQuoted = inFlow && /[{}[\],]/.test(value);
    return prefix + (mustBeQuoted || this.#chance(20) ? JSON.stringify(value) : value);
  }

  #isFlow(value: readonly YamlTree[] | ReadonlyMap<string, YamlTree>): boolean {
    if (isMap(value) && [...value].some(([key, each]) => key === '<<' || each === 'BLOCK' || each === null))
      return false;
    if (this.style.flow === 'mixed') return this.#chance(isMap(value) ? 10 : 50);
    return this.style.flow === 'always' && isList(value);
  }

  #between(indentation: string, percent = 15): string[] {
    const lines: string[] = [];
    if (this.#chance(percent)) lines.push('');
    if (this.style.comments && this.#chance(percent)) lines.push(`${indentation}# c${this.#count++}`);
    if (this.style.comments && this.#chance(3)) lines.push(`# c${this.#count++}`);
    return lines;
  }

  #tail(): string {
    if (!this.style.comments || !this.#chance(20)) return this.#chance(5) ? ' ' : '';
    return `${this.#chance(20) ? '\t' : ' '}# c${this.#count++}`;
  }

  #blank(): string {
    return this.#chance(10) ? '   ' : ' ';
  }

  #chance(percent: number): boolean {
    return Number(this.style.choices.next().value ?? 99) < percent;
  }
}

function isMap(value: unknown): value is ReadonlyMap<string, YamlTree> {
  return value instanceof Map;
}

function isList(value: unknown): value is readonly YamlTree[] {
  return Array.isArray(value);
}
