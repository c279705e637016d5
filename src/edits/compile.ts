import type { ComposeDefinition, DockerfileDefinition } from '../model/container/container.js';
import type { Place } from '../model/place.js';
import type { Configuration } from '../sources/configuration/configuration.js';
import { dockerfilesFor } from '../sources/workspace/createdFiles.js';
import { linesOf } from '../sources/text/lines.js';
import { folderOf, seenFrom } from '../sources/text/paths.js';
import type { Change, TextEdit } from './change.js';
import type { BuildChange } from './compose/changes.js';
import { readComposeOptions } from './compose/options.js';
import type { ContainerOptions, Option } from './containerOptions.js';
import {
  changeAll,
  editDevcontainer,
  editOptions,
  readDevcontainerOptions,
  withFeatures,
  type DevcontainerChange,
} from './json/devcontainer.js';
import { readFeatureOptions } from './json/features.js';
import { editDockerfile, isInForce, type BuildOptions, type DockerfileChange } from './dockerfile/edit.js';
import { applyEdits } from './text/textEdits.js';

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
      case 'security-opt':
        if (!isGivenByOthers(change, configuration)) devcontainer.push(change);
        break;
      default:
        devcontainer.push(change);
    }
  }
  const build = dockerfile.length > 0 ? editBuild(dockerfile, configuration) : NO_BUILD_EDITS;
  if (!build) return undefined;
  edits.push(...build.edits);
  devcontainer.push(...build.devcontainer);
  if (devcontainer.length > 0 || build.compose) {
    const own = editOwnFiles(devcontainer, build.compose, configuration);
    if (!own) return undefined;
    edits.push(...own);
  }
  return inOrder(edits);
}

/** The edits of devcontainer.json and of local Features, and of the Compose files where there are some. */
function editOwnFiles(
  changes: readonly DevcontainerChange[],
  build: BuildChange | undefined,
  configuration: Configuration,
): readonly TextEdit[] | undefined {
  const { container, file, texts } = configuration;
  const text = texts.get(file);
  if (text === undefined) return undefined;
  const { definition } = container;
  const features = readFeatureOptions(configuration.featureFiles, texts);
  const merged = { overruled: overruledKeys(configuration), brought: broughtOptions(configuration), features };
  if (definition.kind !== 'compose') {
    return editDevcontainer(text, file, changes, merged);
  }
  const source = readDevcontainerOptions(text, file);
  // What an included file says of the service is no part of what the edits read.
  const isIncluded = definition.servicePlaces.some((place) => !definition.files.includes(place.file));
  const compose =
    definition.service === undefined || isIncluded
      ? undefined
      : readComposeOptions(definition, definition.service, texts);
  if (!source || !compose) return undefined;
  const own = source.options.map((option): Option => (option.list === 'runArgs' ? { ...option, inert: true } : option));
  const before: ContainerOptions = {
    options: [...compose.options, ...withFeatures(own, features.options)],
    tmpfs: [...compose.tmpfs, ...source.tmpfs],
    overruled: merged.overruled,
    brought: merged.brought,
    homes: {
      'security-opt': 'securityOpt',
      'cap-add': 'capAdd',
      tmpfs: compose.tmpfsHome,
      forRunArg: (flag, value) =>
        (Object.hasOwn(DEVCONTAINER_HOMES, flag) ? DEVCONTAINER_HOMES[flag] : undefined) ?? compose.homeOf(flag, value),
    },
    refusesRepetition: true,
  };
  const after = changeAll(before, changes);
  const [inCompose, inDevcontainer, inFeatures] = [
    after && compose.edits(before.options, after.options, build),
    after && editOptions(source, before.options, after.options),
    after && features.edits(before.options, after.options),
  ];
  return inCompose && inDevcontainer && inFeatures && [...inCompose, ...inDevcontainer, ...inFeatures];
}

/** The properties of devcontainer.json that have an effect with Compose, by the flags of `docker run` that they stand for. */
const DEVCONTAINER_HOMES: Readonly<Record<string, string>> = {
  'security-opt': 'securityOpt',
  'cap-add': 'capAdd',
  privileged: 'privileged',
  init: 'init',
};

/** The security options whose value in force was not written for this container: an image or a Feature has set it. */
function overruledKeys({ container, file, texts }: Configuration): ReadonlySet<string> {
  const isOwn = (place: Place): boolean =>
    place.file === file || (container.definition.kind === 'compose' && /\.ya?ml$/.test(place.file));
  const isWrittenHere = (key: string, place: Place): boolean => {
    const text = texts.get(place.file);
    if (text === undefined || !isOwn(place)) return false;
    const lines = linesOf(text, place.file);
    return text.slice(lines.offset(place.range.start), lines.offset(place.range.end)).includes(key);
  };
  const inForce: Readonly<Record<string, readonly Place[]>> = {
    seccomp: container.seccomp.places,
    apparmor: container.apparmor.places,
    'no-new-privileges': container.noNewPrivileges.value === true ? container.noNewPrivileges.places : [],
  };
  return new Set(
    Object.entries(inForce).flatMap(([key, places]) =>
      places.length > 0 && !places.some((place) => isWrittenHere(key, place)) ? [key] : [],
    ),
  );
}

/** What the image and the Features have in securityOpt; the last layer is devcontainer.json. */
function broughtOptions({ layers }: Configuration): ReadonlySet<string> {
  return new Set(layers.slice(0, -1).flatMap(({ securityOpt }) => securityOpt.flatMap(({ value }) => value ?? [])));
}

/** Whether an image or a Feature has set the option to this very value, and nothing here overrules it. */
function isGivenByOthers(
  { key, value }: Extract<Change, { readonly kind: 'security-opt' }>,
  configuration: Configuration,
): boolean {
  const { seccomp, apparmor } = configuration.container;
  // Nothing takes it back.
  if (key === 'systempaths') return broughtOptions(configuration).has(`${key}=${value}`);
  const inForce = key === 'seccomp' ? seccomp.value?.kind : apparmor.value?.kind;
  return value === 'unconfined' && inForce === 'unconfined' && overruledKeys(configuration).has(key);
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
  readonly compose?: BuildChange;
}

const NO_BUILD_EDITS: BuildEdits = { edits: [], devcontainer: [] };

function editBuild(changes: readonly DockerfileChange[], configuration: Configuration): BuildEdits | undefined {
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
  const causes = changes.some(({ kind }) => kind !== 'install-bwrap') ? [...presence.places, ...setuid.places] : [];
  if (text === undefined || causes.some(isElsewhere)) return undefined;
  const options: BuildOptions = { target, args, distro: container.distro.value?.id };
  const edits = editDockerfile(text, file, changes, options);
  return edits && { edits, devcontainer: [] };
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
  return { edits: [made], devcontainer: [{ kind: 'use-dockerfile', dockerfile }] };
}

/** As editNamedImage, or the Dockerfile that the service has. */
function editComposedImage(
  changes: readonly DockerfileChange[],
  configuration: Configuration,
  { folder, image }: ComposeDefinition,
): BuildEdits | undefined {
  if (image.kind === 'build') return editBuiltImage(changes, configuration, image.dockerfile);
  if (image.kind !== 'image' || folder === undefined) return undefined;
  const made = newDockerfile(changes, configuration, image.image);
  if (!made) return undefined;
  const [context, dockerfile] = [folderOf(made.file), made.file.slice(folderOf(made.file).length + 1)];
  return {
    edits: [made],
    devcontainer: [],
    compose: { context: context === folder ? '.' : seenFrom(folder, context), dockerfile },
  };
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
  return edits && creation(path, applyEdits(base, edits).replace(base, `${base}\n`));
}
