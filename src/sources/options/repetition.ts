import type { Sourced } from '../../model/container/container.js';
import type { Problem } from '../text/problem.js';

/**
 * The dev container CLI writes the security options of devcontainer.json, Features and image into a Compose file of its
 * own. Docker Compose joins the lists and refuses equal elements in them (measured with the CLI 0.89.0 and Compose 2.26.1;
 * `cap_add` may have them).
 * @param service the options of the service
 * @param added those of devcontainer.json, Features and image
 */
export function repeatedOptions(
  service: readonly Sourced<string>[],
  added: readonly Sourced<string>[],
): readonly Problem[] {
  return added.flatMap(({ value, places: [place] }) => {
    if (value === undefined || !place || !service.some((option) => option.value === value)) return [];
    const message = `The security option "${value}" comes from here and from the Compose file as well, so Docker Compose refuses it as a repetition and the container does not start. Remove it from the Compose file.`;
    return [{ kind: 'type', place, message }];
  });
}
