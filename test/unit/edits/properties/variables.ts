import fc from 'fast-check';
import { Marked, type YamlTree } from './yaml.js';

/** Keys of a service, and of an anchored list, whose values may be spelled with variables. */
const SPELLED = new Set(['security_opt', 'cap_add', 'cap_drop', 'tmpfs', 'privileged', 'read_only', 'x-list']);

/** Decides which values are spelled with variables, and how; undefined: none is. */
export const spelling: fc.Arbitrary<fc.Stream<number> | undefined> = fc.option(fc.infiniteStream(fc.nat(99)), {
  nil: undefined,
  freq: 3,
});

/** Compose files whose options are spelled with variables, and the `.env` that belongs to them. */
export class Spelling {
  readonly #environment: string[] = [];
  #count = 0;

  constructor(readonly choices: fc.Stream<number> | undefined) {}

  /** A line a variable, in the order of their use. */
  get environment(): string {
    return this.#environment.map((line) => `${line}\n`).join('');
  }

  tree(tree: ReadonlyMap<string, YamlTree>): ReadonlyMap<string, YamlTree> {
    return new Map([...tree].map(([key, value]) => [key, SPELLED.has(key) ? this.#values(value) : this.#below(value)]));
  }

  #below(tree: YamlTree): YamlTree {
    if (tree instanceof Marked) return new Marked(tree.mark, this.#below(tree.value));
    return tree instanceof Map ? this.tree(tree as ReadonlyMap<string, YamlTree>) : tree;
  }

  #values(tree: YamlTree): YamlTree {
    if (tree instanceof Marked) return new Marked(tree.mark, this.#values(tree.value));
    if (Array.isArray(tree)) return tree.map((each: YamlTree) => this.#values(each));
    return typeof tree === 'string' || typeof tree === 'boolean' ? this.#spelled(tree) : tree;
  }

  #spelled(value: string | boolean): YamlTree {
    const choice = Number(this.choices?.next().value ?? 99);
    if (choice >= 60) return value;
    const [key, sign, rest] = /^([a-z-]+)([=:])(.+)$/.exec(String(value))?.slice(1) ?? [];
    const name = `V${this.#count++}`;
    const start = sign !== undefined && choice % 2 === 0 ? `${key ?? ''}${sign}` : '';
    const end = start === '' ? String(value) : (rest ?? '');
    if (choice < 20) return `${start}\${${name}:-${end}}`;
    // Nothing sets it; the name of the option is known all the same.
    if (choice < 25 && start !== '' && key !== 'systempaths') return `${start}\${${name}}`;
    this.#environment.push(`${name}=${end}`);
    if (choice < 40) return `${start}\${${name}}`;
    return choice < 50 ? `${start}\${${name}-other}` : `${start}$${name}`;
  }
}

/** The text with the variables put in that `.env` or a default tells; others stay. */
export function resolved(text: string, environment: string): string {
  const variables = new Map(environment.split('\n').map((line) => line.split(/=(.*)/) as [string, string]));
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/g,
    (whole, bare?: string, name = bare, fallback = whole) => {
      return variables.get(String(name)) ?? String(fallback);
    },
  );
}
