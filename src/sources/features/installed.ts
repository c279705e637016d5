import type { Problem } from '../text/problem.js';
import type { DeclaredFeature, Declaration } from '../devcontainer/readDevcontainer.js';
import { installOrder, isSame, type Ordered } from './order.js';
import { isLocalFeature, publishedFeature, type FeatureEffect } from './published.js';
import { nameWithoutVersion, readLocalFeature, type ReadFeature } from './local.js';
import { folderOf } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';

/** The Features of a configuration. */
export interface InstalledFeatures {
  /** In the order in which they are installed. */
  readonly effects: readonly FeatureEffect[];
  /** The devcontainer-feature.json of those that lie in the workspace, each once. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

/** Far more than any configuration has: what depends on itself with ever other options ends here. */
const MOST_FEATURES = 200;

interface Node extends Ordered {
  readonly needs: Ordered[];
}

/**
 * Reads the Features that devcontainer.json names and all that these depend on. Never throws for what they contain.
 * @param file the devcontainer.json, whose folder all paths of Features are relative to
 */
export async function readInstalledFeatures(
  { features, installOrder: override }: Pick<Declaration, 'features' | 'installOrder'>,
  file: string,
  reader: ConfigurationReader,
): Promise<InstalledFeatures> {
  const folder = folderOf(file);
  const nodes: Node[] = [];
  const problems: Problem[] = [];
  const waiting: { readonly declared: DeclaredFeature; readonly neededBy?: Node }[] = features.map((declared) => ({
    declared,
  }));
  for (let next = waiting.shift(); next !== undefined && nodes.length < MOST_FEATURES; next = waiting.shift()) {
    const { declared, neededBy } = next;
    const read = await readFeature(declared, folder, reader);
    const candidate: Node = { feature: read.feature, options: declared.options, needs: [] };
    const present = nodes.find((other) => isSame(other, candidate));
    neededBy?.needs.push(present ?? candidate);
    if (present) continue;
    nodes.push(candidate);
    problems.push(...read.problems);
    waiting.push(...read.feature.dependsOn.map((needed) => ({ declared: needed, neededBy: candidate })));
  }
  const ordered = installOrder(
    nodes,
    override.map((id) => nameWithoutVersion(id, folder)),
  );
  return {
    effects: ordered.map(({ feature }) => feature.effect),
    files: [...new Set(ordered.flatMap(({ feature }) => feature.file ?? []))],
    problems,
  };
}

async function readFeature(
  declared: DeclaredFeature,
  folder: string,
  reader: ConfigurationReader,
): Promise<ReadFeature> {
  return isLocalFeature(declared.id)
    ? await readLocalFeature(declared, folder, reader)
    : { feature: publishedFeature(declared), problems: [] };
}
