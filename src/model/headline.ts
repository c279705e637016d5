/** The length of a headline that a list of problems shows uncut. */
export const MAX_HEADLINE = 80;

/** The length of an action's title that a menu shows uncut. */
export const MAX_TITLE = 60;

/**
 * A headline with a name of any length in it, on one line: of a name that is too long only the end is shown, which tells paths apart.
 * @param around the headline with the name in its place
 */
export function headlineWith(name: string, around: (name: string) => string): string {
  const line = oneLine(name);
  const room = MAX_HEADLINE - around('').length;
  return around(line.length <= room ? line : `…${line.slice(1 - room)}`);
}

/** The first of several wordings that is short enough, else the last. */
export function fitting(length: number, first: string, ...shorter: readonly string[]): string {
  return [first, ...shorter].find((text) => text.length <= length) ?? shorter.at(-1) ?? first;
}

/** What files name may hold line breaks. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}
