import type { Place } from '../../model/place.js';
import type { Option } from './option.js';

/** Flags that something that is not read may set. */
const FLAGS = ['privileged', 'cap-add', 'cap-drop', 'security-opt', 'read-only', 'tmpfs', 'device'];

/** What a configuration has of options, by where they come from. */
export interface OptionParts {
  /** Those of runArgs, and with Compose of the service. */
  readonly own: readonly Option[];
  /** Image, Features, devcontainer.json: in the order in which the specification merges them. */
  readonly metadata: readonly Option[];
  /** Something that is not read may set everything, as a Compose file may: completes "It is not known … because". */
  readonly hidden: string | undefined;
  /** What says what the container is made of. */
  readonly place: Place;
  readonly isCompose: boolean;
}

/** All options in the order in which they reach the engine, so that of two security options of a key the later one wins. */
export function inEngineOrder({ own, metadata, hidden, place, isCompose }: OptionParts): readonly Option[] {
  const unread = FLAGS.flatMap((flag): readonly Option[] =>
    hidden === undefined ? [] : [{ flag, value: undefined, why: hidden, place, origin: { kind: 'unread' } }],
  );
  // A label or a Feature that is not known may relax what nobody sets. Those that there are relax, so what is set is not held in doubt.
  const isDoubt = ({ flag, value }: Option): boolean => flag === 'security-opt' && value === undefined;
  const doubts = metadata.filter(isDoubt);
  const known = metadata.filter((option) => !isDoubt(option));
  // A Compose file that is not read may be behind those that are, but never behind what the CLI adds.
  return isCompose ? [...doubts, ...own, ...unread, ...known] : [...doubts, ...unread, ...own, ...known];
}
