import type { DockerfileDefinition } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import type { Problem } from '../text/problem.js';
import { readDockerfile } from './readDockerfile.js';
import type { ImageFacts } from '../image/facts.js';
import { inspectImages } from '../workspace/inspectImages.js';
import { resolvePath, type ResolvedPath } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';
import { unknownImage } from '../image/uncertainty.js';

/** A Dockerfile that something names, with the options of its build. */
export interface DockerfileBuild {
  /** The folder that `path` is relative to; undefined: outside the workspace folder. */
  readonly folder: string | undefined;
  readonly path: string;
  readonly pathPlace: Place;
  readonly target: string | undefined;
  /** A variable that is not known stays as it is written: the image that it leads to is then an unknown one. */
  readonly args: Readonly<Record<string, string | undefined>>;
}

/** The image that a build makes. `dockerfile` undefined: there is no Dockerfile, or no such stage in it, and `image` says why. */
export interface ReadBuild {
  readonly dockerfile: DockerfileDefinition | undefined;
  readonly image: ImageFacts;
  readonly problems: readonly Problem[];
}

/** Follows a build to its Dockerfile and reads that. */
export async function readDockerfileBuild(build: DockerfileBuild, reader: ConfigurationReader): Promise<ReadBuild> {
  const { folder, path: written, pathPlace, target, args } = build;
  const path: ResolvedPath = folder === undefined ? { kind: 'outside' } : resolvePath(folder, written);
  const name = path.kind === 'inside' ? path.path : written;
  const referred = { what: 'the Dockerfile', name, effect: 'The image cannot be built' };
  const answer = await reader.follow(path, referred, pathPlace);
  if (answer.kind !== 'text') {
    const problems = answer.problem ? [answer.problem] : [];
    return { dockerfile: undefined, image: unknownImage(answer.why, pathPlace), problems };
  }
  const file = answer.path;
  const options = { ...(target !== undefined && { target }), args };
  const { image, stage, problems } = await inspectImages(reader, (inspected) =>
    readDockerfile(answer.text, file, { ...options, inspected }),
  );
  return { dockerfile: stage && { kind: 'dockerfile', file, stage, target, args }, image, problems };
}
