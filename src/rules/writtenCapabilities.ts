import { capabilityName } from '../model/capabilities.js';
import type { Container, Sourced } from '../model/container.js';
import type { Place } from '../model/place.js';
import { linesOf } from '../sources/lines.js';
import type { RuleContext } from './rule.js';

/**
 * The container in which an added capability has those places only where the author of these files wrote it: what a Feature or an
 * image adds has its name as its place, and no edit takes it out. For a plan, none is then removable.
 */
export function withWrittenCapabilities({ configuration, container }: RuleContext): Container {
  const names = ({ file, range }: Place): readonly string[] => {
    const text = configuration.texts.get(file);
    if (text === undefined) return [];
    const lines = linesOf(text, file);
    return text.slice(lines.offset(range.start), lines.offset(range.end)).split(/\W+/).map(capabilityName);
  };
  const written = (added: Sourced<string>): Sourced<string> => ({
    ...added,
    places: added.places.filter((place) => added.value !== undefined && names(place).includes(added.value)),
  });
  return { ...container, capAdd: container.capAdd.map(written) };
}

/** Whether every added capability stands in devcontainer.json, so that all can be taken out of it. */
export function canRemoveCapabilities(context: RuleContext): boolean {
  return withWrittenCapabilities(context).capAdd.every(({ places }) => places.length > 0);
}
