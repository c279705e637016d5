import { type InspectedImage, withInspected } from '../image/inspected.js';
import type { ConfigurationReader } from './reader.js';
import type { Place } from '../../model/place.js';
import type { ImageFacts } from '../image/facts.js';
import { publicImage } from '../image/publicImages.js';
import { unlistedImage } from '../image/uncertainty.js';
import { dependsOn, substitute } from '../text/variables.js';

/**
 * Reads something that names images, with what this machine's engine says of them. Reading is a pure function of texts
 * while an engine has to be waited for: so it is read once to learn which images it names, and again with the answers.
 */
export async function inspectImages<T>(
  reader: ConfigurationReader,
  read: (inspected: (reference: string) => InspectedImage | undefined) => T,
): Promise<T> {
  const asked = new Set<string>();
  const first = read((reference) => {
    asked.add(reference);
    return undefined;
  });
  const answers = new Map<string, InspectedImage>();
  for (const reference of asked) {
    const answer = await reader.image(reference);
    if (answer) answers.set(reference, answer);
  }
  return answers.size === 0 ? first : read((reference) => answers.get(reference));
}

/** The image that a file names; a tag that depends on the machine still leaves the image's name. */
export async function imageOf(image: string, place: Place, reader: ConfigurationReader): Promise<ImageFacts> {
  const [variable] = substitute(image).unresolved;
  return variable !== undefined && /^[^:]*\$\{/.test(image)
    ? unlistedImage(dependsOn(variable), place)
    : withInspected(publicImage(image, place), await reader.image(image), place);
}
