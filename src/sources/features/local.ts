import type { Problem } from '../text/problem.js';
import { featureOptions, type DeclaredFeature } from '../devcontainer/readDevcontainer.js';
import { optionVariable } from './optionVariables.js';
import { featureName, isLocalFeature, unknownFeature, type Feature } from './published.js';
import { properties, readJsonc, stringOf, type JsonDocument, type Node } from '../text/jsonc.js';
import { linesOf } from '../text/lines.js';
import { listedExtensions } from '../options/editorExtensions.js';
import { localFeatureOptions } from '../options/metadata.js';
import { resolvePath } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';
import { applyShell } from '../shell/readShell.js';
import { TypedJson } from '../text/typedJson.js';
import { maybeInstalled } from '../image/uncertainty.js';

/** A Feature, and what keeps its files from being read as meant. */
export interface ReadFeature {
  readonly feature: Feature;
  readonly problems: readonly Problem[];
}

/**
 * Reads a Feature that lies in the workspace: its metadata and its install.sh.
 * @param folder the folder of devcontainer.json, which the Feature's path is relative to
 */
export async function readLocalFeature(
  declared: DeclaredFeature,
  folder: string,
  reader: ConfigurationReader,
): Promise<ReadFeature> {
  const { id, place } = declared;
  const path = resolvePath(folder, `${id}/devcontainer-feature.json`);
  const referred = { what: 'the Feature', name: id, effect: 'The container cannot be built' };
  const answer = await reader.follow(path, referred, place);
  if (answer.kind !== 'text') {
    return { feature: unknownFeature(declared, answer.why), problems: answer.problem ? [answer.problem] : [] };
  }
  const document = readJsonc(answer.text, answer.path);
  if (document.root?.type !== 'object') {
    const why = `the Feature "${id}" cannot be read`;
    return { feature: unknownFeature(declared, why), problems: document.problems };
  }
  const json = new TypedJson(document);
  const script = resolvePath(folder, `${id}/install.sh`);
  const install = script.kind === 'inside' ? await reader.read(script.path) : script;
  const options = optionsOf(json, document.root, declared);
  const feature: Feature = {
    source: 'folder',
    name: answer.path.slice(0, answer.path.lastIndexOf('/')),
    version: '',
    file: answer.path,
    effect: {
      options: localFeatureOptions(json, document.root, answer.path),
      extensions: listedExtensions(document, document.root),
      install: (facts) => {
        if (install.kind === 'too-large')
          return maybeInstalled(facts, `${id}/install.sh is too long to be read`, place);
        return install.kind === 'text' && script.kind === 'inside'
          ? applyShell(facts, install.text, linesOf(install.text, script.path).place, (name) => options.get(name))
          : facts;
      },
    },
    dependsOn: dependencies(json, document, document.root),
    installsAfter: json.strings(document.root, 'installsAfter').map(({ text }) => nameWithoutVersion(text, folder)),
    unknown: false,
  };
  return { feature, problems: [...document.problems, ...json.problems] };
}

/** How a Feature is called where only its name counts: one in the workspace by its folder. */
export function nameWithoutVersion(id: string, folder: string): string {
  if (!isLocalFeature(id)) return featureName(id);
  const path = resolvePath(folder, id);
  return path.kind === 'inside' ? path.path : id;
}

/** The environment of install.sh: the defaults of the Feature, and over them what devcontainer.json gives. */
function optionsOf(json: TypedJson, root: Node, { options }: DeclaredFeature): ReadonlyMap<string, string> {
  const defaults = properties(json.object(root, 'options')).flatMap(({ key, value }) => {
    const given = properties(value).find((p) => p.key === 'default')?.value;
    const text = given?.type === 'boolean' ? String(given.value) : stringOf(given);
    return text === undefined ? [] : [[optionVariable(key), text] as const];
  });
  const given = Object.entries(options).map(([key, text]) => [optionVariable(key), text] as const);
  return new Map([...defaults, ...given]);
}

/** What another Feature needs is placed where that one says so. */
function dependencies(json: TypedJson, document: JsonDocument, root: Node): readonly DeclaredFeature[] {
  return properties(json.object(root, 'dependsOn')).map(({ key, node, value }) => ({
    id: key,
    place: document.place(node),
    options: featureOptions(value),
  }));
}
