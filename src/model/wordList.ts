/** The words of a text: how long lists of names are written here. */
export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** The same value under each name of a list. */
export function under<T>(names: string, value: T): Readonly<Record<string, T>> {
  return Object.fromEntries(words(names).map((name) => [name, value]));
}

/** "a", "a and b", "a, b and c". */
export function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
