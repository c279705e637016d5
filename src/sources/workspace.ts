import { known, unknown, type Definition } from '../model/container.js';
import type { Place } from '../model/place.js';
import { assemble, mergedSecurity, type Parts } from './assemble.js';
import type { CodexConfig } from './codexConfig.js';
import type { Configuration, Problem } from './configuration.js';
import { configurationPlaces } from './configurationPlaces.js';
import { dockerfilesFor, PROFILE_FILES } from './createdFiles.js';
import { nothingDeclared, readDevcontainer, type Declaration } from './devcontainer.js';
import { readDockerfile } from './dockerfile.js';
import { isLocalFeature, publishedFeature } from './features.js';
import type { WorkspaceFiles } from './files.js';
import type { ImageFacts } from './image.js';
import { publicImage } from './images.js';
import { linesOf } from './lines.js';
import { readLocalFeature, type ReadFeature } from './localFeature.js';
import { layerOfImage } from './metadata.js';
import { folderOf, resolvePath } from './paths.js';
import { ConfigurationReader, type Reference } from './reader.js';
import { readSeccomp } from './seccompFile.js';
import { applyShell } from './shell.js';
import { startedScripts } from './startedScripts.js';
import { unknownImage } from './uncertainty.js';
import { dependsOn, substitute } from './variables.js';

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Finds the dev container configurations of a workspace folder (containers.dev, "devcontainer.json": three places) and
 * reads each with all that it refers to. Never throws for what the files contain. Empty: there is none.
 * @param only the one devcontainer.json to read, relative to the workspace folder
 */
export async function readConfigurations(files: WorkspaceFiles, only?: string): Promise<readonly Configuration[]> {
  const candidates = only === undefined ? await configurationPlaces(files) : [normalised(only)];
  const read = await Promise.all(candidates.map((file) => readConfiguration(files, file)));
  return read.filter((configuration) => configuration !== undefined);
}

function normalised(file: string): string {
  const path = resolvePath('', file);
  return path.kind === 'inside' ? path.path : file;
}

async function readConfiguration(files: WorkspaceFiles, file: string): Promise<Configuration | undefined> {
  const reader = new ConfigurationReader(files);
  const place: Place = { file, range: START };
  const answer = await reader.follow({ kind: 'inside', path: file }, 'This configuration', 'it is not judged', place);
  if (answer.kind === 'missing') return undefined;
  const declaration = declarationOf(answer, file, place);
  const [image, features, codex] = await Promise.all([
    readImage(declaration, file, reader),
    readFeatures(declaration, file, reader),
    readCodex(reader),
  ]);
  const installed = features.effects.reduce((facts, feature) => feature.install(facts), image.facts);
  const parts: Parts = {
    declaration,
    definition: image.definition,
    image: await afterLifecycle(installed, declaration, reader),
    layers: [
      layerOfImage(image.facts.metadata, image.definition.place),
      ...features.effects.map((f) => f.metadata),
      declaration.metadata,
    ],
    hidden: hiddenBy(declaration),
  };
  const security = mergedSecurity(parts);
  const { seccomp, problems } = await readSeccomp(security.seccomp, reader);
  // An edit that wants to make one of these has to know what stands there already.
  await Promise.all([...PROFILE_FILES, ...dockerfilesFor(file)].map((path) => reader.read(path)));
  return {
    file,
    container: assemble(parts, security, seccomp),
    network: codex.network,
    ...(codex.sandboxMode && { sandboxMode: codex.sandboxMode }),
    problems: [
      ...declaration.problems,
      ...image.problems,
      ...features.problems,
      ...security.problems,
      ...problems,
      ...codex.problems,
    ],
    texts: reader.texts,
  };
}

function declarationOf(answer: Reference, file: string, place: Place): Declaration {
  if (answer.kind === 'text') return readDevcontainer(answer.text, file);
  return nothingDeclared(place, answer.problem ? [answer.problem] : []);
}

/** What may set everything although it is not read. */
function hiddenBy({ definition }: Declaration): string | undefined {
  if (definition.kind === 'compose') return 'the Compose file is not judged yet';
  return definition.kind === 'none' ? 'devcontainer.json does not say what the container is made of' : undefined;
}

interface ReadImage {
  readonly definition: Definition;
  readonly facts: ImageFacts;
  readonly problems: readonly Problem[];
}

async function readImage({ definition }: Declaration, file: string, reader: ConfigurationReader): Promise<ReadImage> {
  const { place } = definition;
  switch (definition.kind) {
    case 'image':
      return { definition, facts: imageOf(definition.image, place), problems: [] };
    case 'compose':
      return {
        definition,
        facts: unknownImage('the Compose file is not judged yet', place),
        problems: [composeNotJudged(place)],
      };
    case 'none':
      return {
        definition: { kind: 'unknown', place },
        facts: unknownImage('devcontainer.json names no image', place),
        problems: [],
      };
    case 'dockerfile': {
      const path = resolvePath(folderOf(file), definition.path);
      const shown = path.kind === 'inside' ? path.path : definition.path;
      const what = `The Dockerfile "${shown}"`;
      const answer = await reader.follow(path, what, 'the image cannot be built', definition.pathPlace);
      if (answer.kind !== 'text') {
        return {
          definition: { kind: 'unknown', place },
          facts: unknownImage(answer.why, definition.pathPlace),
          problems: answer.problem ? [answer.problem] : [],
        };
      }
      return readBuild(answer.text, answer.path, definition);
    }
  }
}

/** A tag that depends on the machine still leaves the image's name. */
function imageOf(image: string, place: Place): ImageFacts {
  const [variable] = substitute(image).unresolved;
  return variable !== undefined && /^[^:]*\$\{/.test(image)
    ? unknownImage(dependsOn(variable), place)
    : publicImage(image, place);
}

function readBuild(
  text: string,
  file: string,
  { place, target, args }: Declaration['definition'] & { kind: 'dockerfile' },
): ReadImage {
  const { image, stage, problems } = readDockerfile(text, file, { ...(target !== undefined && { target }), args });
  const definition: Definition = stage
    ? { kind: 'dockerfile', file, stage, target, place }
    : { kind: 'unknown', place };
  return { definition, facts: image, problems };
}

function composeNotJudged(place: Place): Problem {
  const message =
    'Compose files are not judged yet, so what this one gives the container is not known. ' +
    'Options in "privileged", "capAdd" and "securityOpt" of devcontainer.json are judged.';
  return { kind: 'not-judged', place, message };
}

async function readFeatures(
  { features }: Declaration,
  file: string,
  reader: ConfigurationReader,
): Promise<ReadFeature> {
  const read = await Promise.all(
    features.map(async (feature): Promise<ReadFeature> =>
      isLocalFeature(feature.id)
        ? await readLocalFeature(feature, folderOf(file), reader)
        : { effects: [publishedFeature(feature.id, feature.place)], problems: [] },
    ),
  );
  return { effects: read.flatMap((r) => r.effects), problems: read.flatMap((r) => r.problems) };
}

/** Lifecycle commands may install what the image lacks, by themselves or by a script of the workspace that they start. */
async function afterLifecycle(
  facts: ImageFacts,
  { lifecycle }: Declaration,
  reader: ConfigurationReader,
): Promise<ImageFacts> {
  let result = facts;
  for (const { script, placeOf } of lifecycle) {
    for (const path of startedScripts(script)) {
      const answer = await reader.read(path);
      if (answer.kind === 'text') result = applyShell(result, answer.text, linesOf(answer.text, path).place);
    }
    result = applyShell(result, script, placeOf);
  }
  return result;
}

/** Where a workspace keeps its Codex configuration. */
const CODEX_CONFIG = '.codex/config.toml';

/** The TOML parser is loaded only where there is something for it to read. */
async function readCodex(reader: ConfigurationReader): Promise<CodexConfig> {
  const answer = await reader.read(CODEX_CONFIG);
  if (answer.kind === 'text') {
    const { readCodexConfig } = await import('./codexConfig.js');
    return readCodexConfig(answer.text, CODEX_CONFIG);
  }
  const network: CodexConfig['network'] =
    answer.kind === 'missing' ? known('restricted') : unknown(`${CODEX_CONFIG} is there but is not read`);
  return { network, sandboxMode: undefined, problems: [] };
}
