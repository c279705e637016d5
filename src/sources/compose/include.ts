import { headlineWith } from '../../model/headline.js';
import { problemMessage } from '../text/problem.js';
import type { ComposeDocument, ComposeFileReference, ComposeFiles } from './document.js';
import { sequenceOf } from './merge.js';
import { entryOf, type ComposeNode, type ComposeScalar } from './node.js';
import { resolveBelow, type ComposeReader } from './reader.js';
import { interpolated } from './interpolation.js';
import { folderOf, type ResolvedPath } from '../text/paths.js';

/** More levels are taken for a circle. */
const MAX_LEVELS = 20;

/**
 * The projects that a document includes (Compose specification, "include"), each with a project directory and variables
 * of its own. One on the network, or in a circle, is a problem and left out.
 */
export async function includedBy(document: ComposeDocument, compose: ComposeReader): Promise<readonly ComposeFiles[]> {
  const include = entryOf(document.root, 'include')?.value;
  if (include?.kind !== 'sequence') return [];
  const read = await Promise.all(include.items.map((item) => includedProject(item, document, compose)));
  return read.filter((files) => files !== undefined);
}

async function includedProject(
  item: ComposeNode,
  { path: includer, files }: ComposeDocument,
  compose: ComposeReader,
): Promise<ComposeFiles | undefined> {
  const { folder, variables } = files.scope;
  const paths = scalars(item.kind === 'mapping' ? entryOf(item, 'path')?.value : item);
  const references = paths.map((scalar) => referenceTo(scalar, folder));
  const [first] = references;
  if (!first) return undefined;
  const includers = [...files.includers, ...(includer.kind === 'inside' ? [includer.path] : [])];
  const firstPath = first.path.kind === 'inside' ? first.path.path : undefined;
  if ((firstPath !== undefined && includers.includes(firstPath)) || includers.length > MAX_LEVELS) {
    const message = problemMessage(
      headlineWith(first.written, (file) => `The container cannot start: "${file}" includes itself`),
      'Remove one "include" of the circle.',
    );
    compose.problem({ kind: 'syntax', place: first.place, message });
    return undefined;
  }
  const remote = references.find(
    (r) => /^([a-z][a-z0-9+.-]*:|git@)/i.test(r.written) && !/^[a-z]:[\\/]/i.test(r.written),
  );
  if (remote) {
    const message = problemMessage(
      headlineWith(remote.written, (file) => `"${file}" is unknown: remote Compose files are ignored`),
      'This matters only if it defines the service of the dev container.',
    );
    compose.problem({ kind: 'not-judged', place: remote.place, message });
    return undefined;
  }
  const [directory] = scalars(entryOf(item, 'project_directory')?.value);
  const own = directory
    ? folderAt(resolveBelow(folder, interpolated(directory).text))
    : firstPath === undefined
      ? undefined
      : folderOf(firstPath);
  const scope = { folder: own, variables: await variablesOf(item, folder, own, variables, compose) };
  return { references, scope, includers };
}

function scalars(node: ComposeNode | undefined): readonly ComposeScalar[] {
  return node === undefined ? [] : sequenceOf(node).items.filter((item) => item.kind === 'scalar');
}

function referenceTo(scalar: ComposeScalar, folder: string | undefined): ComposeFileReference {
  const { text } = interpolated(scalar);
  return { path: resolveBelow(folder, text), written: text, place: scalar.place };
}

function folderAt(path: ResolvedPath): string | undefined {
  return path.kind === 'inside' ? path.path : undefined;
}

/** Those of the including project win; `env_file` stands for the `.env` in the project directory. */
async function variablesOf(
  item: ComposeNode,
  folder: string | undefined,
  projectFolder: string | undefined,
  outer: ReadonlyMap<string, string>,
  compose: ComposeReader,
): Promise<ReadonlyMap<string, string>> {
  const named = scalars(entryOf(item, 'env_file')?.value).map((s) => resolveBelow(folder, interpolated(s).text));
  const paths = named.length > 0 ? named : [resolveBelow(projectFolder, '.env')];
  const read = await Promise.all(paths.map((path) => compose.variables(path)));
  return new Map([...read.flatMap((variables) => [...variables]), ...outer]);
}
