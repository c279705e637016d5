/** An object of JSON, nothing known of its properties. */
export type Json = Readonly<Record<string, unknown>>;

/** What a text is as JSON; undefined where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // By contract what is no JSON says nothing.
    return undefined;
  }
}

/** The value where it is an object and no array. */
export function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** The elements of an array; none of anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
