import type { Definition } from '../model/container.js';
import type { Place } from '../model/place.js';
import { readDockerfileBuild } from './build.js';
import { readComposeDefinition } from './composeDefinition.js';
import type { Problem } from './configuration.js';
import type { Declaration } from './devcontainer.js';
import type { RunOptions } from './dockerRun.js';
import type { ImageFacts } from './image.js';
import { publicImage } from './images.js';
import { withInspected } from './inspectedImage.js';
import { folderOf } from './paths.js';
import type { ConfigurationReader } from './reader.js';
import { unknownImage } from './uncertainty.js';
import { dependsOn, substitute } from './variables.js';

/** What a configuration makes the container of, and all that this brings. */
export interface ReadDefinition {
  readonly definition: Definition;
  readonly image: ImageFacts;
  /** Where the image is named: its metadata label is found there. */
  readonly imagePlace: Place;
  /** runArgs, or with Compose the options of the service: the CLI passes no runArgs to Compose. */
  readonly run: RunOptions;
  /** The folder that relative paths of seccomp profiles are resolved against; undefined: outside of the workspace folder, or not known. */
  readonly profileFolder: string | undefined;
  /** Something that is not read may set everything: completes "It is not known … because". */
  readonly hidden: string | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads what devcontainer.json names: an image, a Dockerfile or a service of Compose files. Never throws for what they contain.
 * @param file the devcontainer.json
 */
export async function readDefinition(
  { definition, run }: Declaration,
  file: string,
  reader: ConfigurationReader,
): Promise<ReadDefinition> {
  const { place } = definition;
  const plain = { imagePlace: place, run, profileFolder: '', hidden: undefined, problems: [] };
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
      return await readComposeDefinition(definition, file, reader);
    case 'none': {
      const hidden = 'devcontainer.json does not say what the container is made of';
      const image = unknownImage('devcontainer.json names no image', place);
      return { ...plain, definition: { kind: 'unknown', place }, image, hidden };
    }
  }
}

/** A tag that depends on the machine still leaves the image's name. */
export async function imageOf(image: string, place: Place, reader: ConfigurationReader): Promise<ImageFacts> {
  const [variable] = substitute(image).unresolved;
  return variable !== undefined && /^[^:]*\$\{/.test(image)
    ? unknownImage(dependsOn(variable), place)
    : withInspected(publicImage(image, place), await reader.image(image), place);
}
