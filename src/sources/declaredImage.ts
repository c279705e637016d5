import type { Place } from '../model/place.js';
import type { ImageFacts } from './image.js';
import { publicImage } from './images.js';
import { withInspected } from './inspectedImage.js';
import type { ConfigurationReader } from './reader.js';
import { unknownImage } from './uncertainty.js';
import { dependsOn, substitute } from './variables.js';

/** The image that a file names; a tag that depends on the machine still leaves the image's name. */
export async function imageOf(image: string, place: Place, reader: ConfigurationReader): Promise<ImageFacts> {
  const [variable] = substitute(image).unresolved;
  return variable !== undefined && /^[^:]*\$\{/.test(image)
    ? unknownImage(dependsOn(variable), place)
    : withInspected(publicImage(image, place), await reader.image(image), place);
}
