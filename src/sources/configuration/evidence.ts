import type { Place } from '../../model/place.js';
import { codexExtensions } from '../codex/chatgptExtension.js';
import type { StartScript } from '../devcontainer/definition.js';
import type { Declaration } from '../devcontainer/readDevcontainer.js';
import { CODEX_HOME, namesCodex, namesCodexFolder, type Evidence, type EvidenceKind } from '../image/evidence.js';
import type { ShellEffect } from '../image/effects.js';
import type { ListedExtension } from '../options/editorExtensions.js';
import { bindMount, mountPoint, shortVolume } from '../options/mounts.js';
import { placesOf, type Option } from '../options/option.js';
import { variableOf, type Variable } from '../options/variables.js';
import { scanShell } from '../shell/readShell.js';
import { property, properties, readJsonc, stringOf } from '../text/jsonc.js';
import { Steps } from '../text/steps.js';
import type { ConfigurationReader } from '../workspace/reader.js';

/** What is looked through for Codex beside the files of the workspace. */
interface Read {
  readonly declaration: Declaration;
  /** Of the container, also those that have no effect. */
  readonly options: readonly Option[];
  /** Of the Compose service. */
  readonly variables: readonly Variable[];
  /** Of the Compose service. */
  readonly starts: readonly StartScript[];
  /** Of image, Features and devcontainer.json. */
  readonly extensions: readonly ListedExtension[];
  /** What building the image and the lifecycle commands show. */
  readonly ofScripts: readonly Evidence[];
}

/** What in the files shows that Codex is used here, each place once. An AGENTS.md shows nothing: many agents read it. Never throws. */
export async function evidenceOf(read: Read, reader: ConfigurationReader): Promise<readonly Evidence[]> {
  const { declaration, options, variables, starts, extensions, ofScripts } = read;
  const environment = [
    ...declaration.variables,
    ...variables,
    ...options.flatMap((option) =>
      option.flag === 'env' ? placesOf(option).map((place) => variableOf(option.value ?? '', place)) : [],
    ),
  ];
  const found = [
    ...of('choice', declaration.choice ? [declaration.choice.place] : []),
    ...of('extension', codexExtensions(extensions)),
    ...of('feature', declaration.features.filter(({ id }) => namesCodex(lastSegment(id))).map(placeOf)),
    ...of('mount', options.filter(mountsCodexFolder).flatMap(placesOf)),
    ...of('variable', environment.filter(pointsToCodex).map(placeOf)),
    ...ofScripts,
    ...started(starts),
    ...onHost(declaration),
    ...(await inWorkspace(reader)),
  ];
  const keyOf = ({ place: { file, range } }: Evidence): string => JSON.stringify([file, range]);
  return [...new Map(found.toReversed().map((one) => [keyOf(one), one])).values()].reverse();
}

function of(kind: EvidenceKind, places: readonly Place[]): readonly Evidence[] {
  return places.map((place) => ({ kind, place }));
}

function placeOf({ place }: { readonly place: Place }): Place {
  return place;
}

/** `ghcr.io/owner/features/codex-cli:1` is called codex-cli:1. */
function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function mountsCodexFolder(option: Option): boolean {
  const { flag, value = '' } = option;
  const source =
    flag === 'volume' ? shortVolume(value).source : flag === 'mount' ? bindMount(value)?.source : undefined;
  return [source, mountPoint(option)].some((path) => path !== undefined && namesCodexFolder(path));
}

function pointsToCodex({ name, value }: Variable): boolean {
  return name === CODEX_HOME || namesCodexFolder(value);
}

/** What the Compose service starts. */
function started(starts: readonly StartScript[]): readonly Evidence[] {
  const steps = new Steps();
  return starts.flatMap(({ script, place }) =>
    scanShell(script, undefined, steps)
      .flatMap(kindOf)
      .slice(0, 1)
      .map((kind) => ({ kind, place })),
  );
}

/** What runs on the host installs nothing here, but prepares Codex's folder or starts it. */
function onHost({ initialize }: Declaration): readonly Evidence[] {
  return initialize.flatMap(({ script, placeOf }) =>
    scanShell(script).flatMap((effect): readonly Evidence[] =>
      effect.kind === 'use-codex'
        ? [
            {
              kind: effect.shows === 'command' ? 'lifecycle' : effect.shows,
              place: placeOf(effect.word.start, effect.word.end),
            },
          ]
        : [],
    ),
  );
}

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Where a project keeps its configuration of Codex. */
const FOLDER = '.codex';

/** The file in it that Codex reads first. */
const CONFIG = `${FOLDER}/config.toml`;

async function inWorkspace({ files, texts }: ConfigurationReader): Promise<readonly Evidence[]> {
  if (texts.has(CONFIG))
    return [{ kind: 'config', place: { file: CONFIG, range: START } }, ...(await dependencies(files))];
  // A folder cannot be read as a file, which tells that it is there.
  const isThere = (await files.read(FOLDER)).kind === 'unreadable';
  const config: readonly Evidence[] = isThere ? [{ kind: 'config', place: { file: FOLDER, range: START } }] : [];
  return [...config, ...(await dependencies(files))];
}

const MANIFEST = 'package.json';

/** Codex itself, and the library that starts it. */
const PACKAGES = new Set(['@openai/codex', '@openai/codex-sdk']);

/** It is no file of the configuration: no edit changes it, and what is wrong with it is not for this program to say. */
async function dependencies(files: ConfigurationReader['files']): Promise<readonly Evidence[]> {
  const answer = await files.read(MANIFEST);
  if (answer.kind !== 'text') return [];
  const manifest = readJsonc(answer.text, MANIFEST);
  const listed = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((name) =>
    properties(property(manifest.root, name)?.value),
  );
  const scripts = properties(property(manifest.root, 'scripts')?.value);
  const steps = new Steps();
  return [
    ...of(
      'package',
      listed.filter(({ key }) => PACKAGES.has(key)).map(({ node }) => manifest.place(node)),
    ),
    ...scripts.flatMap(({ node, value }) => {
      const script = stringOf(value) ?? '';
      const shown = script.includes('codex') ? scanShell(script, undefined, steps).flatMap(kindOf) : [];
      return shown.slice(0, 1).flatMap((kind) => of(kind, [manifest.place(node)]));
    }),
  ];
}

/** What an effect of a script shows. */
function kindOf(effect: ShellEffect): readonly EvidenceKind[] {
  if (effect.kind === 'install-codex') return ['package'];
  return effect.kind === 'use-codex' ? [effect.shows] : [];
}
