import type { Definition } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import type { RunOptions } from '../options/runArgs.js';
import type { ImageFacts } from '../image/facts.js';
import type { Problem } from '../text/problem.js';

/** What a configuration makes the container of, and all that this brings. */
export interface ReadDefinition {
  readonly definition: Definition;
  readonly image: ImageFacts;
  /** Where the image is named: its metadata label is found there. */
  readonly imagePlace: Place;
  /** runArgs, or with Compose the options of the service: the CLI passes no runArgs to Compose. */
  readonly run: RunOptions;
  /** The folder that relative paths of seccomp profiles are resolved against; undefined: outside of the workspace folder, or not known. */
  readonly profileFolder: string | undefined;
  /** Something that is not read may set everything: completes "It is not known … because". */
  readonly hidden: string | undefined;
  readonly problems: readonly Problem[];
}
