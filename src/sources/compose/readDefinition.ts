import { headlineWith } from '../../model/headline.js';
import type { ComposeDefinition, DockerfileDefinition } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { readDockerfileBuild } from '../dockerfile/build.js';
import { defaultComposeFiles, type DefaultFiles } from './defaultFiles.js';
import { readInlineDockerfile } from './inlineDockerfile.js';
import { readComposeProject, type ComposeProject } from './project.js';
import { readComposeService, type ComposeBuild, type ComposeService } from './service.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { imageOf } from '../workspace/inspectImages.js';
import type { ReadDefinition } from '../devcontainer/definition.js';
import type { Option } from '../options/option.js';
import { serviceFiles } from './layers.js';
import type { DeclaredDefinition } from '../devcontainer/readDevcontainer.js';
import type { ImageFacts } from '../image/facts.js';
import { folderOf, resolvePath, type ResolvedPath } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';
import { unknownImage } from '../image/uncertainty.js';

type Declared = DeclaredDefinition & { readonly kind: 'compose' };

/**
 * Reads the service that devcontainer.json names.
 * @param runArgs options of devcontainer.json that Compose ignores
 */
export async function readComposeDefinition(
  declared: Declared,
  runArgs: readonly Option[],
  file: string,
  reader: ConfigurationReader,
): Promise<ReadDefinition> {
  const { place, service } = declared;
  const { references, environment } = await filesOf(declared, file, reader);
  const wanted = service && { name: service.text, place: service.place };
  const project = await readComposeProject(references, wanted, reader, environment);
  const read = project.service && readComposeService(project.service, project.folder);
  const image = await readImage(read, place, project, reader);
  const definition: ComposeDefinition & { place: Place } = {
    kind: 'compose',
    image: image.made,
    place,
  };
  return {
    definition,
    image: image.facts,
    imagePlace: image.place,
    options: [...runArgs, ...(read?.options ?? [])],
    variables: read?.variables ?? [],
    starts: read?.starts ?? [],
    ...(project.service && { service: serviceFiles(project.service, project.folder) }),
    profileFolder: project.folder,
    hidden: project.hidden,
    problems: [
      ...(service ? [] : [noService(place)]),
      ...project.problems,
      ...image.problems,
      ...(read?.problems ?? []),
      ...(declared.namesServices ? [] : notStarted(read)),
    ],
  };
}

async function filesOf({ files, place }: Declared, file: string, reader: ConfigurationReader): Promise<DefaultFiles> {
  if (files.length === 0) return await defaultComposeFiles(place, reader);
  const references = files.map(({ text, place }) => ({
    path: resolvePath(folderOf(file), text),
    written: text,
    place,
  }));
  return { references, environment: undefined };
}

/**
 * Measured with the CLI 0.89.0 and Compose 2.26.1 and 2.40.3: `docker compose up` leaves the service out, and `devcontainer up` waits for
 * it without end. With runServices the CLI asks for the service itself.
 */
function notStarted(service: ComposeService | undefined): readonly Problem[] {
  const [profile] = service?.inactiveProfiles ?? [];
  if (!profile) return [];
  const message = problemMessage(
    headlineWith(profile.text, (name) => `The container does not start: the profile "${name}" is not active`),
    'Add "runServices" with this service to devcontainer.json, or remove "profiles".',
    'This does not apply where COMPOSE_PROFILES is set on the machine.',
  );
  return [{ kind: 'type', place: profile.place, message }];
}

function noService(place: Place): Problem {
  const message = problemMessage(
    'The container cannot start: devcontainer.json names no "service"',
    'Add "service" with a name from the Compose files.',
  );
  return { kind: 'type', place, message };
}

interface ReadImage {
  readonly made: ComposeDefinition['image'];
  readonly facts: ImageFacts;
  readonly place: Place;
  readonly problems: readonly Problem[];
}

/** `build` goes before `image`, which then only names what is built. */
async function readImage(
  service: ComposeService | undefined,
  place: Place,
  project: Pick<ComposeProject, 'hidden' | 'service'>,
  reader: ConfigurationReader,
): Promise<ReadImage> {
  if (service?.build) return await readBuild(service.build, reader);
  if (service?.image) {
    const { text, place } = service.image;
    return {
      made: { kind: 'image', image: text, place },
      facts: await imageOf(text, place, reader),
      place,
      problems: [],
    };
  }
  const why = project.hidden ?? 'the service names no image';
  const at = project.service?.entries.at(-1)?.entry.keyPlace;
  return {
    made: { kind: 'unknown' },
    facts: unknownImage(why, at ?? place),
    place: at ?? place,
    problems: at && project.hidden === undefined ? [noImage(at)] : [],
  };
}

function noImage(place: Place): Problem {
  const message = problemMessage(
    'The container cannot start: this service has neither "image" nor "build"',
    'Name the image that the container is made of.',
  );
  return { kind: 'type', place, message };
}

async function readBuild(build: ComposeBuild, reader: ConfigurationReader): Promise<ReadImage> {
  const { place, target, args, dockerfile, inline } = build;
  if (inline) {
    const { image, problems } = readInlineDockerfile(inline, target, args);
    const made = { kind: 'inline', place: inline.place } as const;
    return { made, facts: image, place, problems: [inlineRefused(inline.place), ...problems] };
  }
  const remote = remoteContext(build);
  if (remote !== undefined) {
    return { made: { kind: 'unknown' }, facts: unknownImage(remote, build.contextPlace), place, problems: [] };
  }
  const { folder, contextPlace } = build;
  const context: ResolvedPath = folder === undefined ? { kind: 'outside' } : resolvePath(folder, build.context);
  if (context.kind === 'unknown') {
    return { made: { kind: 'unknown' }, facts: unknownImage(context.why, contextPlace), place, problems: [] };
  }
  const read = await readDockerfileBuild(
    {
      folder: context.kind === 'inside' ? context.path : undefined,
      path: dockerfile?.text ?? 'Dockerfile',
      pathPlace: dockerfile?.place ?? contextPlace,
      target,
      args,
    },
    reader,
  );
  return { made: madeBy(read.dockerfile, place), facts: read.image, place, problems: read.problems };
}

/** Measured with the CLI 0.89.0, with and without a Dockerfile in the build context. */
function inlineRefused(place: Place): Problem {
  const message = problemMessage(
    'The container cannot start: dev container tools ignore "dockerfile_inline"',
    'Put the text into a file and name it as "dockerfile".',
    'The dev container CLI looks for a Dockerfile in the build context.',
  );
  return { kind: 'type', place, message };
}

function madeBy(dockerfile: DockerfileDefinition | undefined, place: Place): ComposeDefinition['image'] {
  return dockerfile ? { kind: 'build', dockerfile, place } : { kind: 'unknown' };
}

/** A repository or an archive on the network. Completes "It is not known … because". */
function remoteContext({ context }: ComposeBuild): string | undefined {
  return /^([a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)/i.test(context)
    ? `the build context ${context} is outside the workspace folder`
    : undefined;
}
