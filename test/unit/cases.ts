import fc from 'fast-check';

/*
 * Mocha loads this file before the tests (.mocharc.json). What decides whether a change goes in draws the same cases every
 * time, so that a failure belongs to the change; `npm run test:properties` draws others each time.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED'] ?? 1) });

/** How many cases a property is tried with: `usual` of them in `npm test`, ten thousand in `npm run test:properties`. */
export function cases(usual: number): number {
  return Number(process.env['PROPERTY_CASES'] ?? usual);
}

/**
 * What a test goes through of many cases that are not drawn: some, evenly spread, in `npm test`; all of them in `npm run
 * test:properties`.
 */
export function sampleOf<T>(all: readonly T[], usual: number): readonly T[] {
  const step = process.env['PROPERTY_CASES'] === undefined ? Math.max(1, all.length / usual) : 1;
  const count = Math.ceil(all.length / step);
  return Array.from({ length: count }, (_, index) => all[Math.floor(index * step)]).filter((one) => one !== undefined);
}
