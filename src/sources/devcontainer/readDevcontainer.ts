import type { Place } from '../../model/place.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { propertyOptions } from '../options/metadata.js';
import { listedExtensions, type ListedExtension } from '../options/editorExtensions.js';
import type { Variable } from '../options/variables.js';
import type { Option } from '../options/option.js';
import { readRunArgs } from '../options/runArgs.js';
import { kindOf, properties, property, readJsonc, stringOf, type JsonDocument, type Node } from '../text/jsonc.js';
import { readChoice, type RepositoryChoice } from './choice.js';
import { readInitialize, readLifecycle, type LifecycleScript } from './lifecycle.js';
import { TypedJson } from '../text/typedJson.js';
import { substitute, substituted } from '../text/variables.js';

/** What the container is made of, as devcontainer.json says it. `place` as in the model's Definition. */
export type DeclaredDefinition = { readonly place: Place } & (
  | { readonly kind: 'image'; readonly image: string }
  | {
      readonly kind: 'dockerfile';
      /** As written: relative to the folder of devcontainer.json. */
      readonly path: string;
      readonly pathPlace: Place;
      readonly target: string | undefined;
      readonly args: Readonly<Record<string, string | undefined>>;
    }
  | {
      readonly kind: 'compose';
      /** As written: relative to the folder of devcontainer.json. Empty: the CLI's own choice, docker-compose.yml in the workspace folder. */
      readonly files: readonly { readonly text: string; readonly place: Place }[];
      readonly service: { readonly text: string; readonly place: Place } | undefined;
      /** `runServices` names some: the CLI then asks for these and for the service, else for all that are active. */
      readonly namesServices: boolean;
    }
  | { readonly kind: 'none' }
);

/** A Feature that devcontainer.json names. */
export interface DeclaredFeature {
  readonly id: string;
  readonly place: Place;
  /** As written; a string alone is the option `version`. Values that are neither text nor a boolean are left out. */
  readonly options: Readonly<Record<string, string>>;
}

/** What devcontainer.json says of the workspace folder, as written. */
export interface DeclaredWorkspace {
  /** `workspaceFolder`, in the container. */
  readonly folder: string | undefined;
  /** `workspaceMount` in docker's spelling; empty: nothing is mounted. */
  readonly mount: string | undefined;
  /** Where it says so, else the beginning of the file. */
  readonly place: Place;
}

/** One devcontainer.json, free of what it refers to. */
export interface Declaration {
  readonly definition: DeclaredDefinition;
  readonly workspace: DeclaredWorkspace;
  /** Those of runArgs. */
  readonly runArgs: readonly Option[];
  /** Those of all other properties. */
  readonly options: readonly Option[];
  readonly features: readonly DeclaredFeature[];
  /** `overrideFeatureInstallOrder`, as written. */
  readonly installOrder: readonly string[];
  readonly lifecycle: readonly LifecycleScript[];
  /** `initializeCommand`, which runs on the host. */
  readonly initialize: readonly LifecycleScript[];
  /** `containerEnv` and `remoteEnv`. */
  readonly variables: readonly Variable[];
  readonly extensions: readonly ListedExtension[];
  /** How the repository wants to be checked; not there: it does not say. */
  readonly choice?: RepositoryChoice;
  readonly problems: readonly Problem[];
}

/** Reads a devcontainer.json. Never throws: what cannot be read as meant is among the problems, and the rest is judged. */
export function readDevcontainer(text: string, file: string): Declaration {
  const document = readJsonc(text, file);
  const { root, lines } = document;
  if (root?.type !== 'object') {
    const place = root ? lines.place(root.offset, root.offset + 1) : lines.place(0, 0);
    return nothingDeclared(place, [...document.problems, ...(root ? [notAnObject(root, place)] : [])]);
  }
  const json = new TypedJson(document);
  const opening = lines.place(root.offset, root.offset + 1);
  const definition = readDefinition(json, root) ?? { kind: 'none', place: opening };
  const runArgs = readRunArgs(json.strings(root, 'runArgs'));
  const declaration = {
    definition,
    workspace: readWorkspace(json, root, opening),
    runArgs:
      definition.kind === 'compose'
        ? runArgs.options.map((option) => ({ ...option, inert: true as const }))
        : runArgs.options,
    options: [...propertyOptions(json, root), ...mountOptions(json, root)],
    features: readFeatures(json, root),
    installOrder: json.strings(root, 'overrideFeatureInstallOrder').map(({ text }) => text),
    lifecycle: readLifecycle(json, root),
    initialize: readInitialize(document, root),
    variables: ['containerEnv', 'remoteEnv'].flatMap((name) => readVariables(document, root, name)),
    extensions: listedExtensions(document, root),
  };
  const choice = readChoice(document, root);
  const missing = definition.kind === 'none' && document.problems.length === 0 ? [noDefinition(opening)] : [];
  // With Compose the CLI leaves runArgs out, so nothing refuses what is wrong in them.
  const runProblems = definition.kind === 'compose' ? [] : runArgs.problems;
  return {
    ...declaration,
    ...(choice && { choice }),
    problems: [...document.problems, ...missing, ...json.problems, ...runProblems],
  };
}

/** What a devcontainer.json that cannot be read declares. */
export function nothingDeclared(place: Place, problems: readonly Problem[]): Declaration {
  const definition = { kind: 'none', place } as const;
  return {
    definition,
    workspace: { folder: undefined, mount: undefined, place },
    runArgs: [],
    options: [],
    features: [],
    installOrder: [],
    lifecycle: [],
    initialize: [],
    variables: [],
    extensions: [],
    problems,
  };
}

function notAnObject(root: Node, place: Place): Problem {
  const message = problemMessage(
    'No container can be made: this configuration is not an object',
    `Put the properties between "{" and "}". Now it is ${kindOf(root)}.`,
  );
  return { kind: 'type', place, message };
}

function noDefinition(place: Place): Problem {
  const message = problemMessage(
    'No container can be made: this configuration names no image',
    'Add "image", "build": { "dockerfile": … } or "dockerComposeFile".',
  );
  return { kind: 'type', place, message };
}

function readWorkspace(json: TypedJson, root: Node, opening: Place): DeclaredWorkspace {
  const folder = json.string(root, 'workspaceFolder')?.text;
  const mount = stringOf(json.value(root, 'workspaceMount'));
  const named = folder !== undefined ? 'workspaceFolder' : mount !== undefined ? 'workspaceMount' : undefined;
  return { folder, mount, place: named === undefined ? opening : json.propertyPlace(root, named) };
}

/** In the order in which the dev container CLI looks: Compose, then the Dockerfile, then the image. */
function readDefinition(json: TypedJson, root: Node): DeclaredDefinition | undefined {
  if (json.value(root, 'dockerComposeFile')) {
    return readComposeDefinition(json, root);
  }
  const dockerfile = readDockerfileDefinition(json, root);
  if (dockerfile) return dockerfile;
  const image = json.string(root, 'image');
  return image && { kind: 'image', image: substitute(image.text).text, place: json.propertyPlace(root, 'image') };
}

/** One file or several. A wrong type leaves nothing that could be read. */
function readComposeDefinition(json: TypedJson, root: Node): DeclaredDefinition {
  const node = json.value(root, 'dockerComposeFile');
  const files = node?.type === 'string' ? [json.placed(node)] : json.strings(root, 'dockerComposeFile');
  const service = json.string(root, 'service');
  const place = json.propertyPlace(root, 'dockerComposeFile');
  const namesServices = json.strings(root, 'runServices').length > 0;
  return { kind: 'compose', files, service, namesServices, place };
}

function readDockerfileDefinition(json: TypedJson, root: Node): DeclaredDefinition | undefined {
  const build = json.object(root, 'build');
  const legacy = json.string(root, 'dockerFile');
  const path = legacy ?? (build && json.string(build, 'dockerfile'));
  if (!path) return undefined;
  const target = build && json.string(build, 'target');
  return {
    kind: 'dockerfile',
    path: path.text,
    pathPlace: path.place,
    target: target && substitute(target.text).text,
    args: build ? readArgs(json, build) : {},
    place: legacy ? json.propertyPlace(root, 'dockerFile') : buildPlace(json, root),
  };
}

/** The whole of `build` where it fits on a line, else its name: a long underline hides more than it shows. */
function buildPlace(json: TypedJson, root: Node): Place {
  const place = json.propertyPlace(root, 'build');
  const key = property(root, 'build')?.keyNode;
  return place.range.start.line === place.range.end.line || !key ? place : json.document.place(key);
}

/** undefined: it depends on the machine. */
function readArgs(json: TypedJson, build: Node): Record<string, string | undefined> {
  const args = json.object(build, 'args');
  const entries = properties(args).flatMap(({ key, value }) => {
    const text = stringOf(value);
    if (value && text === undefined) json.wrong(`The build argument "${key}"`, value, 'a string');
    return text === undefined ? [] : [[key, substituted(text).value] as const];
  });
  return Object.fromEntries(entries);
}

/** What is wrong with them is not for this program to say: they decide nothing. */
function readVariables(document: JsonDocument, root: Node, name: string): readonly Variable[] {
  return properties(property(root, name)?.value).map(({ key, node, value }) => ({
    name: key,
    value: stringOf(value) ?? '',
    place: document.place(node),
  }));
}

function readFeatures(json: TypedJson, root: Node): readonly DeclaredFeature[] {
  return properties(json.object(root, 'features')).map(({ key, node, value }) => ({
    id: key,
    place: json.document.place(node),
    options: featureOptions(value),
  }));
}

/** The options of a Feature as devcontainer.json or another Feature's dependsOn gives them. */
export function featureOptions(value: Node | undefined): Readonly<Record<string, string>> {
  const version = stringOf(value);
  if (version !== undefined) return { version };
  const entries = properties(value).flatMap(({ key, value: option }) => {
    const text = option?.type === 'boolean' ? String(option.value) : stringOf(option);
    return text === undefined ? [] : [[key, text] as const];
  });
  return Object.fromEntries(entries);
}

/** `mounts` has docker's spelling or objects of its fields. */
function mountOptions(json: TypedJson, root: Node): readonly Option[] {
  const node = json.value(root, 'mounts');
  return (node?.type === 'array' ? (node.children ?? []) : []).flatMap((mount): readonly Option[] => {
    const fields = properties(mount).map(({ key, value }) => `${key}=${stringOf(value) ?? ''}`);
    const value = stringOf(mount) ?? fields.join(',');
    const origin = { kind: 'devcontainer', property: 'mounts' } as const;
    return value === '' ? [] : [{ flag: 'mount', value, place: json.document.place(mount), origin }];
  });
}
