import { headlineWith } from '../../model/headline.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { isMetadata, type Option } from './option.js';

/**
 * The dev container CLI writes the security options of devcontainer.json, Features and image into a Compose file of its
 * own. Docker Compose joins the lists and refuses equal elements in them (measured with the CLI 0.89.0 and Compose 2.26.1;
 * `cap_add` may have them).
 */
export function repeatedOptions(options: readonly Option[]): readonly Problem[] {
  const given = options.filter(({ flag, value }) => flag === 'security-opt' && value !== undefined);
  const ofService = new Set(given.filter(({ origin }) => origin.kind === 'service').map(({ value }) => value));
  const seen = new Set<string | undefined>();
  return given.flatMap((option) => {
    const { value, place } = option;
    if (!isMetadata(option) || seen.has(value) || !place || !ofService.has(value)) return [];
    seen.add(value);
    const message = problemMessage(
      headlineWith(value ?? '', (shown) => `The container cannot start: "${shown}" is set twice`),
      'Remove it from the Compose file.',
      'It is set here and in the Compose file. Docker Compose refuses a repetition.',
    );
    return [{ kind: 'type', place, message }];
  });
}
