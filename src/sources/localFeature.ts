import type { DeclaredFeature } from './devcontainer.js';
import { featureOf, isLocalFeature, publishedFeature, unknownFeature, type FeatureEffect } from './features.js';
import { properties, readJsonc } from './jsonc.js';
import { readLayer } from './metadata.js';
import { resolvePath } from './paths.js';
import type { Problem } from './configuration.js';
import type { ConfigurationReader } from './reader.js';
import { applyShell } from './shell.js';
import { linesOf } from './lines.js';
import { TypedJson } from './typedJson.js';

/** The effects of a Feature and of those that it depends on, in the order in which they are installed. */
export interface ReadFeature {
  readonly effects: readonly FeatureEffect[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a Feature that lies in the workspace: its metadata and its install.sh.
 * @param folder the folder of devcontainer.json, which the Feature's path is relative to
 */
export async function readLocalFeature(
  { id, place }: DeclaredFeature,
  folder: string,
  reader: ConfigurationReader,
): Promise<ReadFeature> {
  const path = resolvePath(folder, `${id}/devcontainer-feature.json`);
  const answer = await reader.follow(path, `The Feature "${id}"`, 'the container cannot be built', place);
  if (answer.kind !== 'text') {
    return { effects: [unknownFeature(answer.why, place)], problems: answer.problem ? [answer.problem] : [] };
  }
  const document = readJsonc(answer.text, answer.path);
  if (document.root?.type !== 'object') {
    const why = `the Feature "${id}" cannot be read`;
    return { effects: [unknownFeature(why, place)], problems: document.problems };
  }
  const json = new TypedJson(document);
  const metadata = readLayer(json, document.root);
  const needed = properties(json.object(document.root, 'dependsOn')).map((p) => p.key);
  const script = resolvePath(folder, `${id}/install.sh`);
  const install = script.kind === 'inside' ? await reader.read(script.path) : script;
  const effect =
    install.kind === 'text' && script.kind === 'inside'
      ? featureOf(metadata, (facts) => applyShell(facts, install.text, linesOf(install.text, script.path).place))
      : featureOf(metadata, (facts) => facts);
  return {
    effects: [...needed.map((n) => dependency(n, place)), effect],
    problems: [...document.problems, ...json.problems],
  };
}

function dependency(id: string, place: DeclaredFeature['place']): FeatureEffect {
  return isLocalFeature(id)
    ? unknownFeature(`what the Feature "${id}" sets and installs is not known`, place)
    : publishedFeature(id, place);
}
