import type { Place } from '../../model/place.js';
import type { ImageFacts } from '../image/facts.js';
import { publicImage } from '../image/publicImages.js';
import { withInspected } from '../image/inspected.js';
import type { ConfigurationReader } from './reader.js';
import { unknownImage } from '../image/uncertainty.js';
import { dependsOn, substitute } from '../text/variables.js';

/** The image that a file names; a tag that depends on the machine still leaves the image's name. */
export async function imageOf(image: string, place: Place, reader: ConfigurationReader): Promise<ImageFacts> {
  const [variable] = substitute(image).unresolved;
  return variable !== undefined && /^[^:]*\$\{/.test(image)
    ? unknownImage(dependsOn(variable), place)
    : withInspected(publicImage(image, place), await reader.image(image), place);
}
