import { readDockerfileBuild } from '../dockerfile/build.js';
import { readComposeDefinition } from '../compose/readDefinition.js';
import { imageOf } from '../workspace/inspectImages.js';
import type { Declaration } from '../devcontainer/readDevcontainer.js';
import { folderOf } from '../text/paths.js';
import type { ReadDefinition } from '../devcontainer/definition.js';
import type { ConfigurationReader } from '../workspace/reader.js';
import { unknownImage } from '../image/uncertainty.js';

/**
 * Reads what devcontainer.json names: an image, a Dockerfile or a service of Compose files. Never throws for what they contain.
 * @param file the devcontainer.json
 */
export async function readDefinition(
  { definition, runArgs }: Declaration,
  file: string,
  reader: ConfigurationReader,
): Promise<ReadDefinition> {
  const { place } = definition;
  const plain = { imagePlace: place, options: runArgs, profileFolder: '', hidden: undefined, problems: [] };
  switch (definition.kind) {
    case 'image':
      return { ...plain, definition, image: await imageOf(definition.image, place, reader) };
    case 'dockerfile': {
      const build = await readDockerfileBuild({ ...definition, folder: folderOf(file) }, reader);
      return {
        ...plain,
        definition: build.dockerfile ? { ...build.dockerfile, place } : { kind: 'unknown', place },
        image: build.image,
        problems: build.problems,
      };
    }
    case 'compose':
      return await readComposeDefinition(definition, runArgs, file, reader);
    case 'none': {
      const hidden = 'devcontainer.json does not say what the container is made of';
      const image = unknownImage('devcontainer.json names no image', place);
      return { ...plain, definition: { kind: 'unknown', place }, image, hidden };
    }
  }
}
