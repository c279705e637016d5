import { isScalar, parse, stringify, type Node } from 'yaml';

/** A value that an edit writes: an entry of a list, a flag, a list, or a map of strings. */
export type YamlValue = string | boolean | readonly string[] | Readonly<Record<string, string>>;

/** How an author quotes. */
export type Quoting = 'plain' | 'single' | 'double';

/** The quoting of a scalar that is there. */
export function quotingOf(node: Node | null | undefined): Quoting {
  if (!isScalar(node)) return 'plain';
  if (node.type === 'QUOTE_SINGLE') return 'single';
  return node.type === 'QUOTE_DOUBLE' ? 'double' : 'plain';
}

/** A string as a scalar on one line, quoted as its neighbours are and in any case where it would otherwise be something else. */
export function scalarText(value: string | boolean, quoting: Quoting, inFlow: boolean): string {
  if (typeof value === 'boolean') return String(value);
  if (quoting === 'single' && !/[\r\n]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  if (quoting === 'plain' && isPlain(value, inFlow)) return value;
  return stringify(value, { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 }).trimEnd();
}

function isPlain(value: string, inFlow: boolean): boolean {
  if (!/^[\w./~][\w./~:=,+@%-]*$/.test(value) || (inFlow && value.includes(','))) return false;
  try {
    // docker-compose 1.29 reads YAML 1.1, in which yes, 12:30 and 0777 are no strings.
    return (['1.1', '1.2'] as const).every((version) => {
      const read: unknown = parse(inFlow ? `[${value}]` : `- ${value}`, { version });
      return Array.isArray(read) && read.length === 1 && read[0] === value;
    });
  } catch {
    // No plain scalar of YAML's grammar: it is quoted.
    return false;
  }
}
