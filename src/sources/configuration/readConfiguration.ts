import type { Assumption } from '../../model/container/assumption.js';
import { known, unknown, type Container } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { afterLifecycle } from './afterLifecycle.js';
import { assemble, mergedUsers } from './assemble.js';
import { codexOfExtension } from '../codex/chatgptExtension.js';
import type { CodexConfig } from '../codex/config.js';
import { evidenceOf } from './evidence.js';
import type { Configuration } from './configuration.js';
import { configurationPlaces } from '../workspace/configurationPlaces.js';
import { dockerfilesFor, PROFILE_FILES } from '../workspace/createdFiles.js';
import type { ReadDefinition } from '../devcontainer/definition.js';
import { readDefinition } from './readDefinition.js';
import { nothingDeclared, readDevcontainer, type Declaration } from '../devcontainer/readDevcontainer.js';
import type { WorkspaceFiles } from '../workspace/files.js';
import { readInstalledFeatures } from '../features/installed.js';
import { inEngineOrder } from '../options/engineOrder.js';
import { foldOptions } from '../options/fold.js';
import { labelOptions } from '../options/metadata.js';
import type { Option } from '../options/option.js';
import { otherSandboxes } from '../workspace/otherSandboxes.js';
import { resolvePath } from '../text/paths.js';
import { podmanOnly } from '../options/podmanOnly.js';
import { repeatedOptions } from '../options/repetition.js';
import { readSecurityOptions } from '../options/securityOptions.js';
import { ConfigurationReader, type Reference } from '../workspace/reader.js';
import { broughtSettings } from '../codex/brought.js';
import { readSeccomp } from '../options/seccompFile.js';
import { readIgnores } from '../text/ignores.js';
import type { Problem } from '../text/problem.js';
import { linkedEntries } from './linkedEntries.js';
import { workspaceSource } from './workspaceSource.js';
import { asWritten } from '../workspace/templateOptions.js';

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
  const reader = new ConfigurationReader(files, file);
  const place: Place = { file, range: START };
  const referred = { what: 'the configuration', name: file, effect: 'Nothing is judged' };
  const answer = await reader.follow({ kind: 'inside', path: file }, referred, place);
  if (answer.kind === 'missing') return undefined;
  const declaration = declarationOf(answer, file, place);
  const [made, features] = await Promise.all([
    readDefinition(declaration, file, reader),
    readInstalledFeatures(declaration, file, reader),
  ]);
  const installed = features.effects.reduce((facts, feature) => feature.install(facts), made.image);
  const { definition, hidden } = made;
  const isCompose = definition.kind === 'compose';
  const metadata = [...labelOf(made), ...features.effects.flatMap((f) => f.options), ...declaration.options];
  const options = inEngineOrder({ own: made.options, metadata, hidden, place: definition.place, isCompose });
  // Who runs the lifecycle commands decides what they can do.
  const { user } = mergedUsers({ image: installed, hidden, definition, options: foldOptions(options) });
  const image = await afterLifecycle(installed, user, declaration.lifecycle, reader);
  // Before the settings of other agents are read, whose sandbox modes are their own.
  const codex = await readCodex(reader);
  const others = await otherSandboxes(reader);
  const extensions = [
    ...(made.image.metadata.extensions ?? []).map((id) => ({ id, place: made.imagePlace })),
    ...features.effects.flatMap(({ extensions = [] }) => extensions),
    ...declaration.extensions,
  ];
  const extension = codexOfExtension(extensions);
  const contained = async (some: readonly Option[]): Promise<Contained> => {
    const folded = foldOptions(some);
    const security = readSecurityOptions(folded.securityOpt);
    const { seccomp, problems } = await readSeccomp(security.seccomp, made.profileFolder, reader);
    const parts = { definition, options: folded, security, seccomp, image, hidden, extension, otherSandboxes: others };
    return { container: assemble(parts), problems: [...security.problems, ...problems] };
  };
  const { container, problems } = await contained(options);
  const assumption = await assume(options, contained);
  const podman = podmanOnly(options);
  // An edit that wants to make one of these has to know what is there already.
  await Promise.all([...PROFILE_FILES, ...dockerfilesFor(file)].map((path) => reader.read(path)));
  const workspace = mayWrite(codex) ? await readWorkspace(declaration, reader, options, made.service) : undefined;
  const evidence = await evidenceOf(
    {
      declaration,
      options,
      variables: made.variables ?? [],
      starts: made.starts ?? [],
      extensions,
      ofScripts: image.evidence ?? [],
    },
    reader,
  );
  const configuration: Configuration = {
    file,
    container,
    ...(assumption && { assumption }),
    network: codex.network,
    ...sandboxSetting(declaration, codex),
    ...(workspace && { workspace }),
    ...(podman && { podmanOnly: podman }),
    problems: [
      ...declaration.problems,
      ...made.problems,
      ...features.problems,
      ...problems,
      ...(isCompose ? repeatedOptions(options) : []),
      ...codex.problems,
    ],
    evidence,
    ...(declaration.choice && { choice: declaration.choice }),
    ignores: [...reader.texts].flatMap(([path, text]) => readIgnores(text, path)),
    options,
    ...(made.service && { service: made.service }),
    featureFiles: features.files,
    texts: reader.texts,
  };
  return reader.chosen.size === 0 ? configuration : asWritten(configuration, reader.chosen);
}

/** Where the repository says that the sandbox is off, that decides: Codex may be told so by means that no file shows. */
function sandboxSetting({ choice }: Declaration, { sandbox }: CodexConfig): Pick<Configuration, 'sandbox'> {
  const off = choice?.sandboxOff;
  if (off) {
    const { written, reason, place } = off;
    return { sandbox: known({ on: false, by: 'devcontainer.json', written, reason }, place) };
  }
  return sandbox ? { sandbox } : {};
}

/** What files show of the folder that the agent works in. */
async function readWorkspace(
  { definition: { kind }, workspace }: Declaration,
  reader: ConfigurationReader,
  options: readonly Option[],
  service: ReadDefinition['service'],
): Promise<Configuration['workspace']> {
  if (kind === 'none') return undefined;
  const source = workspaceSource(workspace, options, kind === 'compose', service?.layers[0]?.folder);
  const folder = source && (await linkedEntries(reader.files, source, options));
  return folder && { folder, place: workspace.place };
}

/** The settings with which commands may write to the workspace folder; of a profile of one's own that is not read. */
const WRITING = /"(?:workspace-write|:workspace)"$/;

/** What only reads is not kept from starting by links (measured for modes and built-in profiles); of what is not known nothing is said. */
function mayWrite({ sandbox, problems }: CodexConfig): boolean {
  if (sandbox?.value) return !sandbox.value.on || WRITING.test(sandbox.value.written);
  return sandbox === undefined && !problems.some(({ kind }) => kind === 'not-judged');
}

/** What a list of options makes of the container. */
interface Contained {
  readonly container: Container;
  readonly problems: readonly Problem[];
}

/** The container without the options that most likely are not there; undefined where there are none of these. */
async function assume(
  options: readonly Option[],
  contained: (some: readonly Option[]) => Promise<Contained>,
): Promise<Assumption | undefined> {
  const unlikely = options.filter((option) => option.unlikely);
  if (unlikely.length === 0) return undefined;
  const { container } = await contained(options.filter((option) => !unlikely.includes(option)));
  const sources = new Set(unlikely.map(({ origin }) => (origin.kind === 'image' ? 'the image' : 'a Feature')));
  return {
    container,
    condition: `unless ${[...sources].join(' or ')} sets options of its own`,
    reasons: [...new Set(unlikely.flatMap(({ why }) => why ?? []))],
  };
}

/** What may set everything is doubted once. */
function labelOf({ image, imagePlace, hidden }: ReadDefinition): readonly Option[] {
  const doubted = hidden !== undefined && image.metadata.unreadable !== undefined;
  return doubted ? [] : labelOptions(image.metadata, imagePlace);
}

function declarationOf(answer: Reference, file: string, place: Place): Declaration {
  if (answer.kind === 'text') return readDevcontainer(answer.text, file);
  return nothingDeclared(place, answer.problem ? [answer.problem] : []);
}

/** Where a workspace keeps its Codex configuration. */
const CODEX_CONFIG = '.codex/config.toml';
const NOT_READ = `${CODEX_CONFIG} is there but is not read`;

/** The TOML parser is loaded only where there is something for it to read. */
async function readCodex(reader: ConfigurationReader): Promise<CodexConfig> {
  const answer = await reader.read(CODEX_CONFIG);
  const brought = await broughtSettings(reader);
  if (answer.kind !== 'text' && brought.length === 0) {
    const network: CodexConfig['network'] = answer.kind === 'missing' ? known('restricted') : unknown(NOT_READ);
    return { network, sandbox: undefined, problems: [] };
  }
  const { codexConfig, readCodexConfig } = await import('../codex/config.js');
  if (answer.kind === 'text') return readCodexConfig(answer.text, CODEX_CONFIG, brought);
  const said = { ...codexConfig(brought), problems: [] };
  return answer.kind === 'missing' ? said : { ...said, network: unknown(NOT_READ) };
}
