import { readJsonc } from '../../sources/text/jsonc.js';
import type { TextEdit } from '../change.js';
import type { Option, OptionSource } from '../containerOptions.js';
import { editOptions, optionsOfFeature, type DevcontainerOptions } from './devcontainer.js';

/** A devcontainer-feature.json whose options are those of the container, each by itself as the file has it. */
interface FeatureFile extends DevcontainerOptions {
  /** It has errors: what it says counts as far as it can be read, and it is not to be edited. */
  readonly isBroken: boolean;
  /** The options of the container, and what they are in the file. */
  readonly written: ReadonlyMap<Option, Option>;
}

/**
 * Reads the options that local Features give the container. They hold the same keys as devcontainer.json (containers.dev,
 * "devcontainer-feature.json properties").
 * @param files the devcontainer-feature.json of each, in the order of their installation
 * @param texts by path
 */
export function readFeatureOptions(files: readonly string[], texts: ReadonlyMap<string, string>): OptionSource {
  const features = files.flatMap((file, index) => readFeature(file, index, texts.get(file)) ?? []);
  return {
    options: features.flatMap(({ written }) => [...written.keys()]),
    edits(before, after) {
      const edits: TextEdit[] = [];
      for (const feature of features) {
        const own = editFeature(feature, before, after);
        if (!own) return undefined;
        edits.push(...own);
      }
      return edits;
    },
  };
}

function readFeature(file: string, index: number, text: string | undefined): FeatureFile | undefined {
  if (text === undefined) return undefined;
  const { root, problems } = readJsonc(text, file);
  if (root?.type !== 'object') return undefined;
  const options = optionsOfFeature(root);
  const written = new Map(
    options.map((option): [Option, Option] => [{ ...option, list: idOf(index, option.list), feature: true }, option]),
  );
  return { text, file, root, options, tmpfs: [], isBroken: problems.length > 0, written };
}

/** No list of devcontainer.json or of a Compose file is called so. */
function idOf(feature: number, list: string): string {
  return `feature ${feature}: ${list}`;
}

function editFeature(
  feature: FeatureFile,
  before: readonly Option[],
  after: readonly Option[],
): readonly TextEdit[] | undefined {
  const { written } = feature;
  const lists = new Map([...written].map(([option, { list }]) => [option.list, list]));
  const asWritten = (option: Option): readonly Option[] => {
    const list = lists.get(option.list);
    return list === undefined ? [] : [written.get(option) ?? { ...option, list }];
  };
  const [was, is] = [before.flatMap(asWritten), after.flatMap(asWritten)];
  const isSame = was.length === is.length && was.every((option, index) => option === is[index]);
  if (isSame) return [];
  return feature.isBroken ? undefined : editOptions(feature, was, is);
}
