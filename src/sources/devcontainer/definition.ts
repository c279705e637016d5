import type { Definition } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import type { Option } from '../options/option.js';
import type { Variable } from '../options/variables.js';
import type { ImageFacts } from '../image/facts.js';
import type { Problem } from '../text/problem.js';

/** A command that a container starts, as a script, and where it is written. */
export interface StartScript {
  readonly script: string;
  readonly place: Place;
}

/** A key of a service and its value in one file, anchors and merge keys put in. */
export interface ServiceEntry {
  readonly key: string;
  /** Of the value alone, where it is written: of an alias that of the anchor's value. */
  readonly place: Place;
  /** Without it a merge key would bring the key all the same. */
  readonly hides?: true;
}

/** A service as one document of a Compose file defines it. */
export interface ServiceLayer {
  /** The service's name, its key. */
  readonly place: Place;
  /** The folder that relative paths of the file start from, relative to the workspace folder; undefined: outside. */
  readonly folder: string | undefined;
  /** Another service extends it, and would change with it. */
  readonly isExtended: boolean;
  readonly entries: readonly ServiceEntry[];
}

/** A Compose service and the files that define it. */
export interface ServiceFiles {
  /** Each document that defines it, in the order in which they are merged; not what it extends. */
  readonly layers: readonly ServiceLayer[];
  /** The keys that it has in the end, those of what it extends among them. */
  readonly keys: readonly string[];
  /** The project directory, which Compose resolves paths of seccomp profiles against; undefined: outside of the workspace folder. */
  readonly folder: string | undefined;
}

/** What a configuration makes the container of, and all that this brings. */
export interface ReadDefinition {
  readonly definition: Definition;
  readonly image: ImageFacts;
  /** Where the image is named: its metadata label is found there. */
  readonly imagePlace: Place;
  /** Those of runArgs, and with Compose of the service. */
  readonly options: readonly Option[];
  /** The environment variables of the Compose service. */
  readonly variables?: readonly Variable[];
  /** What the Compose service starts. */
  readonly starts?: readonly StartScript[];
  /** With Compose, where the service stands. */
  readonly service?: ServiceFiles;
  /** The folder that relative paths of seccomp profiles are resolved against; undefined: outside of the workspace folder, or not known. */
  readonly profileFolder: string | undefined;
  /** Something that is not read may set everything: completes "It is not known … because". */
  readonly hidden: string | undefined;
  readonly problems: readonly Problem[];
}
