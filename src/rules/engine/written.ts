import { capabilityName } from '../../model/capabilities.js';
import type { Place } from '../../model/place.js';
import { linesOf } from '../../sources/text/lines.js';
import type { RuleContext } from './rule.js';

type Texts = Pick<RuleContext, 'configuration'>;

/** Whether the text at a place says so itself: what an image or a published Feature sets has the place of its name. */
export function isWritten(context: Texts, place: Place, written: RegExp): boolean {
  const text = textAt(context, place);
  return text !== undefined && written.test(text);
}

/** Whether the capability stands at this place by its name, and not what brings it. */
export function isCapabilityWritten(context: Texts, place: Place, capability: string): boolean {
  return (textAt(context, place) ?? '').split(/\W+/).map(capabilityName).includes(capability);
}

function textAt({ configuration }: Texts, { file, range }: Place): string | undefined {
  const text = configuration.texts.get(file);
  if (text === undefined) return undefined;
  const lines = linesOf(text, file);
  return text.slice(lines.offset(range.start), lines.offset(range.end));
}
