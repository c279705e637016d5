/**
 * Runs jobs in their order, so many at a time.
 * @returns for each job the promise of its result, at once
 */
export function pool<T>(size: number, jobs: readonly (() => Promise<T>)[]): readonly Promise<T>[] {
  const waiting: (() => void)[] = [];
  let free = size;
  const turn = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return jobs.map(async (job) => {
    await turn();
    return job().finally(done);
  });
}
