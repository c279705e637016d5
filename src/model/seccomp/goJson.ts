/**
 * JSON as Docker's decoder reads it (Go's encoding/json, measured with Docker 20.10): names of properties in any case, null
 * as not given, whole numbers up to 2^64 without loss, every known property of exactly its type.
 */

/** A whole number from 0 to 2^64 − 1; a bigint from 2^53 on, where a number would lose digits. */
export type Natural = number | bigint;

/** Reads a value that is not null. `at` is its path in the document, for the error. */
export type Reader<T> = (value: unknown, at: string) => T;

/** A number literal that is not a natural number; written back unchanged. */
class OtherNumber {
  constructor(readonly literal: string) {}

  toJSON(): number {
    return Number(this.literal);
  }
}

const LARGEST = 2n ** 64n - 1n;

/** Marks a number while JSON.parse, which would round it, runs. No file has such a string. */
const MARK = '\u0000#';

/**
 * JSON.parse with exact numbers.
 * @throws SyntaxError if the text is not JSON
 */
export function parseExactJson(text: string): unknown {
  JSON.parse(text);
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : JSON.stringify(MARK + token),
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? exactNumber(value.slice(MARK.length)) : value,
  );
}

function exactNumber(literal: string): Natural | OtherNumber {
  if (!/^\d+$/.test(literal) || BigInt(literal) > LARGEST) return new OtherNumber(literal);
  const value = Number(literal);
  return Number.isSafeInteger(value) ? value : BigInt(literal);
}

/** What a value is, in words that follow "is". */
function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof OtherNumber) return value.literal;
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'boolean':
      return String(value);
    case 'object':
      return 'an object';
    default:
      return 'a number';
  }
}

function wrong(at: string, value: unknown, wanted: string): Error {
  return new Error(`its "${at}" is ${describe(value)}, not ${wanted}`);
}

export const string: Reader<string> = (value, at) => {
  if (typeof value !== 'string') throw wrong(at, value, 'a string');
  return value;
};

export const natural: Reader<Natural> = (value, at) => {
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw wrong(at, value, `a whole number from 0 to ${LARGEST}`);
  }
  return value;
};

/** @param ofNull what Docker takes null for; undefined: it does not survive one */
export function list<T>(item: Reader<T>, ofNull?: T): Reader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw wrong(at, value, 'an array');
    return value.map((entry: unknown, index) =>
      entry === null && ofNull !== undefined ? ofNull : item(entry, `${at}[${index}]`),
    );
  };
}

/** An object; properties that `readers` does not name are kept as they are. */
export function record<T extends object>(readers: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const known = new Map(Object.entries<Reader<unknown>>(readers).map(([name]) => [name.toLowerCase(), name]));
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof OtherNumber) {
      throw at === '' ? new Error('it is not a JSON object') : wrong(at, value, 'an object');
    }
    const properties = Object.entries(value).flatMap(([given, property]: [string, unknown]) => {
      const name = known.get(given.toLowerCase());
      if (name === undefined) return [[given, property]];
      if (property === null) return [];
      const reader = readers[name as keyof T] as Reader<unknown>;
      return [[name, reader(property, at === '' ? name : `${at}.${name}`)]];
    });
    return Object.fromEntries(properties) as T;
  };
}
