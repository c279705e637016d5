import { installOf } from '../model/agent/request.js';
import { CODEX } from '../model/agents/codex/agent.js';
import type { Configuration } from '../sources/configuration/configuration.js';
import { linesOf } from '../sources/text/lines.js';
import { editBuild, type BuildEdits } from './build.js';
import { creationOf, type Change, type Compiled, type TextEdit } from './changes/change.js';
import { optionsDifference, type Difference } from './changes/difference.js';
import { changeAll, type OptionChange } from './changes/options.js';
import { isInForce, type DockerfileChange } from './dockerfile/edit.js';
import { isRefused, type Refusal } from './changes/optionList.js';
import { detail, detailsOf, fileDifference, type Made } from './effects.js';
import { copyInLifecycle } from './json/lifecycleCopy.js';
import { allowCalls } from './json/seccompCalls.js';
import { tailorRules } from './json/seccompRules.js';
import { openOptions } from './openOptions.js';
import { toTextEdits } from './text/textEdits.js';

/**
 * The edits that make all the changes at once, against the texts of the configuration: none overlaps another, those of a
 * file are in their order, a change that is in force yields none and is not named. Made, and the configuration read again, the same
 * changes yield none. undefined when one of them cannot be made in the files: a Dockerfile or a base image that is not
 * known, a Compose service that others share, bubblewrap from a Feature or a lifecycle command, a text that does not parse.
 * Never throws.
 */
export function compile(changes: readonly Change[], configuration: Configuration): Compiled | undefined {
  const result = compileOrRefuse(changes, configuration);
  return 'why' in result ? undefined : result;
}

/** Why the changes cannot be made in the files: completes "The fix cannot be written, because …". undefined: they can. */
export function refusalOf(changes: readonly Change[], configuration: Configuration): string | undefined {
  const result = compileOrRefuse(changes, configuration);
  return 'why' in result ? result.why : undefined;
}

function compileOrRefuse(changes: readonly Change[], configuration: Configuration): Compiled | Refusal {
  const { container, texts, file } = configuration;
  const { bwrap } = container;
  const options: OptionChange[] = [];
  const dockerfile: DockerfileChange[] = [];
  const edits: TextEdit[] = [];
  const made: Made[] = [];
  const edit = (change: Change, own: readonly TextEdit[]): void => {
    edits.push(...own);
    if (own.length > 0) made.push({ change, bwrap, files: own.map((each) => each.file) });
  };
  for (const change of changes) {
    switch (change.kind) {
      case 'create-file': {
        const existing = texts.get(change.file);
        if (existing !== undefined && existing !== change.text)
          return { why: `${change.file} exists with other content` };
        if (existing === undefined) edit(change, [creationOf(change.file, change.text)]);
        break;
      }
      case 'allow-calls':
      case 'tailor-profile': {
        const text = texts.get(change.file) ?? '';
        const own =
          change.kind === 'allow-calls' ? allowCalls(text, change.calls) : tailorRules(text, change.tailoring);
        if (!own) return { why: `edits cannot keep the layout of ${change.file}` };
        edit(change, toTextEdits(change.file, text, own));
        break;
      }
      case 'install-bwrap':
      case 'copy-bwrap':
      case 'remove-bwrap':
      case 'remove-setuid':
        // As the whole container has it: a Feature or a lifecycle command may have done it.
        if (isInForce(bwrap, change)) break;
        if (change.kind === 'copy-bwrap' && !bringsBwrap(configuration))
          return { why: 'the files do not show an installation of Codex that brings its own bubblewrap' };
        if (change.kind === 'copy-bwrap' && isByLifecycle(configuration)) {
          const copy = copyInLifecycle(configuration);
          if ('why' in copy) return copy;
          edit(change, copy);
        } else dockerfile.push(change);
        break;
      default:
        options.push(change);
    }
  }
  const build: BuildEdits | undefined = dockerfile.length > 0 ? editBuild(dockerfile, configuration) : { edits: [] };
  if (!build) return { why: whyNotBuilt(configuration, dockerfile) };
  made.push(...madeInBuild(build, dockerfile, configuration));
  let difference: Difference = { adds: [], removes: [] };
  if (options.length > 0 || build.dockerfile !== undefined || build.compose) {
    const opened = openOptions(configuration);
    if ('why' in opened) return opened;
    const after = changeAll(opened.list, options);
    if (isRefused(after)) return after;
    const own = opened.edits(after, build);
    if (!own)
      return {
        why: build.compose ? IMAGE_TWICE : 'edits cannot keep the layout of a file that must change',
      };
    edits.push(...own);
    difference = optionsDifference(opened.list.options, after.options, profileFolder(configuration));
    made.push(
      ...after.steps.map((step) => ({
        ...step,
        bwrap,
        files: [...step.come, ...step.gone].flatMap((option) => opened.fileOf(option) ?? []),
      })),
    );
  }
  return {
    edits: inOrder([...build.edits, ...edits]),
    details: [
      ...[...made]
        .sort((a, b) => changes.indexOf(a.change) - changes.indexOf(b.change))
        .flatMap((m) => detailsOf(m, file)),
      ...detailsOfUse(build, configuration),
    ],
    adds: distinct([...difference.adds, ...made.flatMap((each) => fileDifference(each).adds)]),
    removes: distinct([...difference.removes, ...made.flatMap((each) => fileDifference(each).removes)]),
  };
}

const IMAGE_TWICE = 'several places name the image of the service, or an extended service names it';

function bringsBwrap({ container }: Configuration): boolean {
  return installOf(container, CODEX).value?.bundledBwrap === true;
}

/** Whether a command in devcontainer.json installs Codex, and not the image. */
function isByLifecycle({ container, file }: Configuration): boolean {
  return installOf(container, CODEX).places.some((place) => place.file === file);
}

function whyNotBuilt({ container: { definition } }: Configuration, changes: readonly DockerfileChange[]): string {
  if (changes.some(({ kind }) => kind === 'copy-bwrap'))
    return 'no Dockerfile here installs Codex so that its bubblewrap can be copied afterwards';
  return definition.kind === 'compose' && definition.image.kind === 'inline'
    ? 'the Dockerfile is inside the Compose file (dockerfile_inline)'
    : 'these files have no Dockerfile that can change the bubblewrap of the image';
}

function inOrder(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...edits].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character,
  );
}

/** What paths of seccomp profiles are relative to. */
function profileFolder({ container, service }: Configuration): string | undefined {
  return container.definition.kind === 'compose' ? service?.folder : '';
}

/** A Dockerfile that is edited, or the one that is made. */
function madeInBuild(
  { edits }: BuildEdits,
  changes: readonly DockerfileChange[],
  { container: { bwrap }, texts }: Configuration,
): readonly Made[] {
  const files = edits.map(({ file }) => file);
  const isNew = files.some((file) => !texts.has(file));
  // One installation that is setuid is all that is asked for.
  const makesSetuid = changes.some((change) => change.kind === 'install-bwrap' && change.setuid);
  return changes
    .filter((change) => !(makesSetuid && change.kind === 'install-bwrap' && !change.setuid))
    .map((change) => ({ change, bwrap, files, isNew, deleted: deletedBy(edits, texts) }));
}

/** What the edits take out of files that are there, as it stands in them. */
function deletedBy(edits: readonly TextEdit[], texts: Configuration['texts']): string {
  const parts = edits.map(({ file, range }) => {
    const text = texts.get(file) ?? '';
    const lines = linesOf(text, file);
    return text.slice(lines.offset(range.start), lines.offset(range.end));
  });
  return parts.join('\n');
}

/** A Dockerfile that is made has to be built. */
function detailsOfUse(
  { dockerfile, compose }: BuildEdits,
  { container: { definition }, file }: Configuration,
): readonly string[] {
  if (dockerfile !== undefined) return [detail('Builds the container from that Dockerfile', [], file)];
  const image = definition.kind === 'compose' && definition.image.kind === 'image' ? [definition.image.place.file] : [];
  return compose ? [detail('Builds the service from that Dockerfile', image, file)] : [];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
