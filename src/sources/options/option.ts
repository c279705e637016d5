import { known, unknown, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { substitute, substituted } from '../text/variables.js';

/** What gives the container an option, and what decides how several of one flag come together. */
export type Origin =
  | { readonly kind: 'runArgs' }
  /** A property of devcontainer.json. */
  | { readonly kind: 'devcontainer'; readonly property: string }
  /** A property of the devcontainer-feature.json of a Feature that lies in the workspace. */
  | { readonly kind: 'localFeature'; readonly property: string; readonly file: string }
  /** A published Feature. */
  | { readonly kind: 'feature' }
  /** The metadata label of the image. */
  | { readonly kind: 'image' }
  /** A key of the Compose service. */
  | { readonly kind: 'service'; readonly key: string }
  /** Something that is not read and may set everything. */
  | { readonly kind: 'unread' };

/** One option of the container as a flag of `docker run`, whichever file and property it stands in. */
export interface Option {
  /** Without dashes: security-opt, cap-add, …; container-user and remote-user are the users of the metadata. */
  readonly flag: string;
  /**
   * As the engine gets it, `true` for a flag that is alone; variables of devcontainer.json stay as they are written, and so
   * do those of Compose that depend on the machine. undefined: it may be anything.
   */
  readonly value: string | undefined;
  /** The value is not known: completes "It is not known … because". */
  readonly why?: string;
  /** A variable of Compose whose default the value has: the machine may set another. */
  readonly settable?: string;
  /** The value is not known, and most likely the option is not there at all. */
  readonly unlikely?: true;
  /** Where it is written; of what an image or a published Feature gives, where that one is named. undefined: an edit adds it. */
  readonly place: Place | undefined;
  readonly origin: Origin;
  /** It has no effect where it is: runArgs with Compose. */
  readonly inert?: true;
}

/** Whether the dev container CLI merges it with those of the other metadata: of equal security options the first then counts. */
export function isMetadata({ origin }: Pick<Option, 'origin'>): boolean {
  return isBrought({ origin }) || origin.kind === 'devcontainer';
}

/** Whether it is the image's or a Feature's: what the author of the configuration has not written for this container. */
export function isBrought({ origin }: Pick<Option, 'origin'>): boolean {
  return origin.kind === 'image' || origin.kind === 'feature' || origin.kind === 'localFeature';
}

/** Where variables of devcontainer.json stand for something. */
const JSON_KINDS: ReadonlySet<Origin['kind']> = new Set(['runArgs', 'devcontainer', 'localFeature']);

/** The value with variables of devcontainer.json put in where the files know them. */
export function valueOf(option: Option): Sourced<string> {
  const { value, why, origin } = option;
  const places = placesOf(option);
  if (why !== undefined || value === undefined) return unknown(why ?? 'it cannot be read', ...places);
  return JSON_KINDS.has(origin.kind) ? substituted(value, ...places) : known(value, ...places);
}

/** The variable whose default the value has, so that it is another where the machine sets that one. */
export function settableIn({ value, origin, settable }: Option): string | undefined {
  return value !== undefined && JSON_KINDS.has(origin.kind) ? substitute(value).defaulted[0] : settable;
}

export function placesOf({ place }: Pick<Option, 'place'>): readonly Place[] {
  return place ? [place] : [];
}
