function numbersOf(version: string): readonly number[] {
  return version.split('.').map((part) => {
    const number = parseInt(part, 10);
    return Number.isNaN(number) ? Infinity : number;
  });
}

/** Compares dotted numbers; anything else counts as the largest, so that `latest` is newer than any release. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  for (const i of [...x.keys(), ...y.keys()]) {
    const [p, q] = [x[i] ?? 0, y[i] ?? 0];
    if (p !== q) return Math.sign(p - q);
  }
  return 0;
}
