import type { Place } from '../../model/place.js';
import type { Option } from '../../sources/options/option.js';
import type { RuleContext } from './rule.js';

type Options = Pick<RuleContext, 'configuration'>;

/** The option that these files write at a place; undefined: an image or a published Feature gives it, which is only named there. */
export function optionAt({ configuration }: Options, place: Place): Option | undefined {
  return configuration.options.find(
    (option) =>
      option.origin.kind !== 'image' &&
      option.origin.kind !== 'feature' &&
      option.origin.kind !== 'unread' &&
      option.place !== undefined &&
      isSame(option.place, place),
  );
}

function isSame(a: Place, b: Place): boolean {
  const [p, q] = [a.range, b.range];
  return (
    a.file === b.file &&
    p.start.line === q.start.line &&
    p.start.character === q.start.character &&
    p.end.line === q.end.line &&
    p.end.character === q.end.character
  );
}

/** Whether the author of these files has written all the options at these places. */
export function areWritten(context: Options, places: readonly Place[]): boolean {
  return places.every((place) => optionAt(context, place) !== undefined);
}
