import type { DockerfileDefinition } from '../model/container.js';
import type { Place } from '../model/place.js';
import type { Configuration } from '../sources/configuration.js';
import { dockerfilesFor } from '../sources/createdFiles.js';
import { readDevcontainer } from '../sources/devcontainer.js';
import { linesOf } from '../sources/lines.js';
import { folderOf } from '../sources/paths.js';
import type { Change, TextEdit } from './change.js';
import { editDevcontainer, type DevcontainerChange } from './devcontainer.js';
import { editDockerfile, isInForce, type BuildOptions, type DockerfileChange } from './dockerfile.js';
import { applyEdits } from './textEdits.js';

const START = { line: 0, character: 0 };

/**
 * The edits that make all the changes at once, against the texts of the configuration: none overlaps another, those of a
 * file are in their order, a change that is in force yields none. Made, and the configuration read again, the same
 * changes yield none. undefined when one of them cannot be made in the files: a container that Compose defines, a Dockerfile
 * or a base image that is not known, bubblewrap from a Feature or a lifecycle command, a text that does not parse. Never throws.
 */
export function compile(changes: readonly Change[], configuration: Configuration): readonly TextEdit[] | undefined {
  const devcontainer: DevcontainerChange[] = [];
  const dockerfile: DockerfileChange[] = [];
  const edits: TextEdit[] = [];
  for (const change of changes) {
    switch (change.kind) {
      case 'create-file': {
        const existing = configuration.texts.get(change.file);
        if (existing !== undefined && existing !== change.text) return undefined;
        if (existing === undefined) edits.push(creation(change.file, change.text));
        break;
      }
      case 'install-bwrap':
      case 'remove-bwrap':
      case 'remove-setuid':
        // As the whole container has it: a Feature or a lifecycle command may have done it.
        if (!isInForce(configuration.container.bwrap, change)) dockerfile.push(change);
        break;
      default:
        devcontainer.push(change);
    }
  }
  if (dockerfile.length > 0) {
    const build = editBuild(dockerfile, configuration);
    if (!build) return undefined;
    edits.push(...build.edits);
    devcontainer.push(...build.devcontainer);
  }
  if (devcontainer.length > 0) {
    const text = configuration.texts.get(configuration.file);
    // What a Compose file sets is not read, so nothing says what would stand against a change.
    if (text === undefined || configuration.container.definition.kind === 'compose') return undefined;
    const own = editDevcontainer(text, configuration.file, devcontainer, overruledKeys(configuration, text));
    if (!own) return undefined;
    edits.push(...own);
  }
  return inOrder(edits);
}

/** The security options whose value in force does not stand in devcontainer.json: an image or a Feature has set it. */
function overruledKeys({ container, file }: Configuration, text: string): ReadonlySet<string> {
  const lines = linesOf(text, file);
  const isWrittenHere = (key: string, { range, ...place }: Place): boolean =>
    place.file === file && text.slice(lines.offset(range.start), lines.offset(range.end)).includes(key);
  const keys = ['seccomp', 'apparmor'] as const;
  return new Set(
    keys.filter((key) => {
      const { places } = container[key];
      return places.length > 0 && !places.some((place) => isWrittenHere(key, place));
    }),
  );
}

function creation(file: string, text: string): TextEdit {
  return { file, range: { start: START, end: START }, newText: text };
}

function inOrder(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...edits].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character,
  );
}

interface BuildEdits {
  readonly edits: readonly TextEdit[];
  readonly devcontainer: readonly DevcontainerChange[];
}

function editBuild(changes: readonly DockerfileChange[], configuration: Configuration): BuildEdits | undefined {
  const { definition } = configuration.container;
  switch (definition.kind) {
    case 'dockerfile':
      return editBuiltImage(changes, configuration, definition);
    case 'image':
      return editNamedImage(changes, configuration, definition.image);
    default:
      return undefined;
  }
}

function editBuiltImage(
  changes: readonly DockerfileChange[],
  configuration: Configuration,
  { file, target }: DockerfileDefinition,
): BuildEdits | undefined {
  const { container, texts } = configuration;
  const text = texts.get(file);
  const isElsewhere = (place: Place): boolean => place.file !== file;
  const { presence, setuid } = container.bwrap;
  const causes = changes.some(({ kind }) => kind !== 'install-bwrap') ? [...presence.places, ...setuid.places] : [];
  if (text === undefined || causes.some(isElsewhere)) return undefined;
  const declared = readDevcontainer(texts.get(configuration.file) ?? '', configuration.file).definition;
  const args = declared.kind === 'dockerfile' ? declared.args : {};
  const options: BuildOptions = { target, args, distro: container.distro.value?.id };
  const edits = editDockerfile(text, file, changes, options);
  return edits && { edits, devcontainer: [] };
}

/** An image that is only named gets a Dockerfile that starts from it. */
function editNamedImage(
  changes: readonly DockerfileChange[],
  { container, file, texts }: Configuration,
  image: string,
): BuildEdits | undefined {
  if (changes.some(({ kind }) => kind !== 'install-bwrap')) return undefined;
  const path = dockerfilesFor(file).find((each) => !texts.has(each));
  if (path === undefined) return undefined;
  const base = `FROM ${image}\n`;
  const edits = editDockerfile(base, path, changes, { distro: container.distro.value?.id });
  if (!edits) return undefined;
  const text = applyEdits(base, edits).replace(base, `${base}\n`);
  const dockerfile = folderOf(file) === '' ? path : path.slice(folderOf(path).length + 1);
  return { edits: [creation(path, text)], devcontainer: [{ kind: 'use-dockerfile', dockerfile }] };
}
