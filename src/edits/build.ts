import { installOf } from '../model/agent/request.js';
import { CODEX } from '../model/agents/codex/agent.js';
import type { ComposeDefinition, DockerfileDefinition } from '../model/container/container.js';
import type { Place } from '../model/place.js';
import type { Configuration } from '../sources/configuration/configuration.js';
import { folderOf } from '../sources/text/paths.js';
import { dockerfilesFor } from '../sources/workspace/createdFiles.js';
import { creationOf, type TextEdit } from './changes/change.js';
import type { BuildChange } from './compose/writeService.js';
import { editDockerfile, type BuildOptions, type DockerfileChange } from './dockerfile/edit.js';
import { applyEdits } from './text/textEdits.js';

/** The edits of a Dockerfile, and what the files that name it have to say. */
export interface BuildEdits {
  readonly edits: readonly TextEdit[];
  /** A new Dockerfile that devcontainer.json is to build, relative to it. */
  readonly dockerfile?: string;
  /** The same for a Compose service. */
  readonly compose?: BuildChange;
}

/** The edits that make the changes in the image that is built; undefined where nothing is known that could be edited. */
export function editBuild(changes: readonly DockerfileChange[], configuration: Configuration): BuildEdits | undefined {
  const { definition } = configuration.container;
  switch (definition.kind) {
    case 'dockerfile':
      return editBuiltImage(changes, configuration, definition);
    case 'image':
      return editNamedImage(changes, configuration, definition.image);
    case 'compose':
      return editComposedImage(changes, configuration, definition);
    default:
      return undefined;
  }
}

function editBuiltImage(
  changes: readonly DockerfileChange[],
  configuration: Configuration,
  { file, target, args }: DockerfileDefinition,
): BuildEdits | undefined {
  const { container, texts } = configuration;
  const text = texts.get(file);
  const isElsewhere = (place: Place): boolean => place.file !== file;
  const { presence, setuid } = container.bwrap;
  const causes = changes.flatMap(({ kind }) => {
    if (kind === 'install-bwrap') return [];
    // A copy has to come behind Codex.
    const copied = kind === 'copy-bwrap' ? installOf(container, CODEX).places : [];
    return [...copied, ...presence.places, ...setuid.places];
  });
  if (text === undefined || causes.some(isElsewhere)) return undefined;
  const options: BuildOptions = { target, args, distro: container.distro.value?.id };
  const edits = editDockerfile(text, file, changes, options);
  return edits && { edits };
}

/** An image that is only named gets a Dockerfile that starts from it. */
function editNamedImage(
  changes: readonly DockerfileChange[],
  configuration: Configuration,
  image: string,
): BuildEdits | undefined {
  const { file } = configuration;
  const made = newDockerfile(changes, configuration, image);
  if (!made) return undefined;
  const dockerfile = folderOf(file) === '' ? made.file : made.file.slice(folderOf(made.file).length + 1);
  return { edits: [made], dockerfile };
}

/** As editNamedImage, or the Dockerfile that the service has. */
function editComposedImage(
  changes: readonly DockerfileChange[],
  configuration: Configuration,
  { image }: ComposeDefinition,
): BuildEdits | undefined {
  if (image.kind === 'build') return editBuiltImage(changes, configuration, image.dockerfile);
  if (image.kind !== 'image') return undefined;
  const made = newDockerfile(changes, configuration, image.image);
  return made && { edits: [made], compose: { file: made.file } };
}

function newDockerfile(
  changes: readonly DockerfileChange[],
  { container, file, texts }: Configuration,
  image: string,
): TextEdit | undefined {
  if (changes.some(({ kind }) => kind !== 'install-bwrap')) return undefined;
  const path = dockerfilesFor(file).find((each) => !texts.has(each));
  if (path === undefined) return undefined;
  const base = `FROM ${image}\n`;
  const edits = editDockerfile(base, path, changes, { distro: container.distro.value?.id });
  return edits && creationOf(path, applyEdits(base, edits).replace(base, `${base}\n`));
}
