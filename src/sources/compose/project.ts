import { headlineWith } from '../../model/headline.js';
import type { Place } from '../../model/place.js';
import { settled } from './merge.js';
import type { ComposeMapping } from './node.js';
import type { ComposeFileReference, ServiceInDocument } from './document.js';
import { ComposeReader, resolveBelow } from './reader.js';
import { findService } from './services.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { folderOf, resolvePath } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';

/** A service as all files together define it, before anything of it is interpreted. */
export interface ComposeServiceNode {
  readonly name: string;
  readonly node: ComposeMapping;
  /** Each document that has it, in the order in which they are merged. */
  readonly entries: readonly ServiceInDocument[];
  /** Every document of the project that was read. */
  readonly documents: readonly ComposeMapping[];
}

/** What the Compose files say of one service. */
export interface ComposeProject {
  /** The folder of the first file, '' for the workspace folder itself; undefined: outside, or not known. */
  readonly folder: string | undefined;
  readonly service: ComposeServiceNode | undefined;
  /** Something that was not read may say more; completes "It is not known … because". */
  readonly hidden: string | undefined;
  readonly problems: readonly Problem[];
}

/** The service that is asked for, and where. */
interface Wanted {
  readonly name: string;
  readonly place: Place;
}

/**
 * Reads the Compose files of a project in order and merges what they say of one service. Never throws for what the files
 * contain. The project directory is the folder of the first file, as for `docker compose -f`; its `.env` gives the variables.
 * @param service what the files lack of it is a problem there. undefined: only the files are read
 * @param environment a file that gives the variables instead
 */
export async function readComposeProject(
  references: readonly ComposeFileReference[],
  service: Wanted | undefined,
  reader: ConfigurationReader,
  environment?: string,
): Promise<ComposeProject> {
  const first = references[0]?.path;
  const folder = first?.kind === 'inside' ? folderOf(first.path) : undefined;
  const compose = new ComposeReader(reader);
  const source = environment === undefined ? resolveBelow(folder, '.env') : resolvePath('', environment);
  const scope = { folder, variables: await compose.variables(source) };
  const read = await Promise.all(references.map((reference) => compose.file(reference, scope)));
  const files = references.flatMap(({ path }, index) => (path.kind === 'inside' && read[index] ? [path.path] : []));
  const found = service && (await findService(service.name, { references, scope, includers: [] }, compose));
  if (!found) compose.hide(missingService(service, files, compose));
  return {
    folder,
    service: found && {
      name: service.name,
      node: settled(found.node),
      entries: found.entries,
      documents: compose.documents,
    },
    hidden: compose.hidden,
    problems: compose.problems,
  };
}

/** Completes "It is not known … because". */
function missingService(service: Wanted | undefined, files: readonly string[], compose: ComposeReader): string {
  if (!service) return 'devcontainer.json names no service';
  if (files.length === 0) return 'the Compose files cannot be read';
  const why = `the Compose files do not define the service "${service.name}"`;
  // What is not read may define it, and what it includes from the network.
  if (compose.hidden !== undefined || compose.problems.some((p) => p.kind === 'not-judged')) return why;
  const where = files.length === 1 ? (files[0] ?? '') : 'the Compose files';
  const message = problemMessage(
    headlineWith(service.name, (name) => `The container cannot start: there is no service "${name}"`),
    `Name a service that is under "services" in ${where}.`,
  );
  compose.problem({ kind: 'missing', place: service.place, message });
  return why;
}
