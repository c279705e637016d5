import { compile } from '../edits/compile.js';
import { capabilityName } from '../model/container/capabilities.js';
import type { Container, Sourced } from '../model/container/container.js';
import type { Place } from '../model/place.js';
import { linesOf } from '../sources/text/lines.js';
import type { RuleContext } from './rule.js';

/**
 * The container in which an added capability has those places only where the author of these files wrote it and an edit takes it
 * out: what a published Feature or an image adds has its name as its place, and what a Compose service shares with others stays.
 * For a plan, none is then removable.
 */
export function withWrittenCapabilities({ configuration, container }: RuleContext): Container {
  const written = (added: Sourced<string>): Sourced<string> => ({
    ...added,
    places: added.places.filter(
      (place) =>
        added.value !== undefined &&
        isWritten(added.value, place, configuration) &&
        isRemovable(added.value, configuration),
    ),
  });
  return { ...container, capAdd: container.capAdd.map(written) };
}

/** Whether the capability stands at this place by its name, and not what brings it. */
export function isWritten(
  capability: string,
  { file, range }: Place,
  { texts }: RuleContext['configuration'],
): boolean {
  const text = texts.get(file);
  if (text === undefined) return false;
  const lines = linesOf(text, file);
  const words = text.slice(lines.offset(range.start), lines.offset(range.end)).split(/\W+/);
  return words.map(capabilityName).includes(capability);
}

/** Whether no edit is needed to have the capability out of the files, or one is possible. */
export function isRemovable(capability: string, configuration: RuleContext['configuration']): boolean {
  return compile([{ kind: 'remove-capability', capability }], configuration) !== undefined;
}

/** Whether every added capability stands where an edit can take it out. */
export function canRemoveCapabilities(context: RuleContext): boolean {
  return withWrittenCapabilities(context).capAdd.every(({ places }) => places.length > 0);
}
