/** What each one leads to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The shortest circle through each edge that is part of one, each circle once, beginning with its first name. */
export function circles(graph: Graph): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const way = shortestWay(graph, to, from);
      if (!way) continue;
      const first = way.indexOf([...way].sort()[0] ?? '');
      const circle = [...way.slice(first), ...way.slice(0, first)];
      found.set(circle.join(), circle);
    }
  }
  return [...found.values()];
}

/** The names on the shortest way, both ends among them; undefined: there is none. */
function shortestWay(graph: Graph, from: string, to: string): readonly string[] | undefined {
  const ways: string[][] = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const end = way.at(-1) ?? '';
    if (end === to) return way;
    for (const next of graph.get(end) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
