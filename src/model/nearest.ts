/** How many characters have to be changed, put in, left out or swapped with their neighbour to make one word of the other. */
function distance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          replaced,
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** No name is longer; more would only cost time. */
const LONGEST = 40;

/** What was most likely meant by a mistyped word, as ` Did you mean "check"?`; empty where nothing is close. */
export function didYouMean(word: string, names: readonly string[]): string {
  if (word.length > LONGEST) return '';
  const most = Math.max(1, Math.floor(word.length / 3));
  const ranked = names.map((name) => ({ name, far: distance(word, name) })).sort((a, b) => a.far - b.far);
  const [best] = ranked;
  return best && best.far <= most ? ` Did you mean "${best.name}"?` : '';
}
