import type { Feature } from './published.js';

/** A Feature as it takes part in the order: with its options, which tell two of one name apart. */
export interface Ordered {
  readonly feature: Feature;
  readonly options: Readonly<Record<string, string>>;
  /** Those that it depends on, of the same list. */
  readonly needs: readonly Ordered[];
}

/**
 * The order in which Features are installed, and in which their metadata is merged: round by round those whose
 * dependencies are installed, of these the ones that `override` puts first, in the order of their names (containers.dev,
 * "Feature dependencies", round-based sorting; as the dev container CLI 0.89 does it). What is left in a circle, with which
 * the CLI gives up, follows as it is. An unknown Feature comes last: nobody knows what it wants to come after.
 * @param override overrideFeatureInstallOrder, names without version
 */
export function installOrder(features: readonly Ordered[], override: readonly string[]): readonly Ordered[] {
  const installed: Ordered[] = [];
  let left = [...features];
  while (left.length > 0) {
    const ready = left.filter((one) => isReady(one, installed, features));
    if (ready.length === 0) break;
    const first = Math.max(...ready.map((one) => priority(one, override)));
    const round = ready.filter((one) => priority(one, override) === first).sort(compare);
    installed.push(...round);
    left = left.filter((one) => !round.includes(one));
  }
  const all = [...installed, ...left];
  return [...all.filter(({ feature }) => !feature.unknown), ...all.filter(({ feature }) => feature.unknown)];
}

/** The dev container CLI takes two entries for one where their names, versions and options are the same. */
export function isSame(
  a: { readonly feature: Feature; readonly options: Readonly<Record<string, string>> },
  b: { readonly feature: Feature; readonly options: Readonly<Record<string, string>> },
): boolean {
  return compare(a, b) === 0;
}

function isReady({ feature, needs }: Ordered, installed: readonly Ordered[], all: readonly Ordered[]): boolean {
  const after = feature.installsAfter.flatMap((name) => all.filter((other) => other.feature.name === name));
  return [...needs, ...after].every((other) => installed.includes(other));
}

function priority({ feature }: Ordered, override: readonly string[]): number {
  const index = override.indexOf(feature.name);
  return index < 0 ? 0 : override.length - index;
}

function compare(a: Omit<Ordered, 'needs'>, b: Omit<Ordered, 'needs'>): number {
  return (
    a.feature.name.localeCompare(b.feature.name) ||
    a.feature.version.localeCompare(b.feature.version) ||
    JSON.stringify(a.options).localeCompare(JSON.stringify(b.options))
  );
}
