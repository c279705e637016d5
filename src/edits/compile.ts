import { installOf } from '../model/agent/request.js';
import { CODEX } from '../model/agents/codex/agent.js';
import type { Configuration } from '../sources/configuration/configuration.js';
import { editBuild, type BuildEdits } from './build.js';
import { creationOf, type Change, type TextEdit } from './changes/change.js';
import { changeAll, type OptionChange } from './changes/options.js';
import { isInForce, type DockerfileChange } from './dockerfile/edit.js';
import { isRefused, type Refusal } from './changes/optionList.js';
import { copyInLifecycle } from './json/lifecycleCopy.js';
import { allowCalls } from './json/seccompCalls.js';
import { openOptions } from './openOptions.js';
import { toTextEdits } from './text/textEdits.js';

/**
 * The edits that make all the changes at once, against the texts of the configuration: none overlaps another, those of a
 * file are in their order, a change that is in force yields none. Made, and the configuration read again, the same
 * changes yield none. undefined when one of them cannot be made in the files: a Dockerfile or a base image that is not
 * known, a Compose service that others share, bubblewrap from a Feature or a lifecycle command, a text that does not parse.
 * Never throws.
 */
export function compile(changes: readonly Change[], configuration: Configuration): readonly TextEdit[] | undefined {
  const result = compileOrRefuse(changes, configuration);
  return 'why' in result ? undefined : result.edits;
}

/** Why the changes cannot be made in the files: completes "The fix cannot be written, because …". undefined: they can. */
export function refusalOf(changes: readonly Change[], configuration: Configuration): string | undefined {
  const result = compileOrRefuse(changes, configuration);
  return 'why' in result ? result.why : undefined;
}

function compileOrRefuse(
  changes: readonly Change[],
  configuration: Configuration,
): { readonly edits: readonly TextEdit[] } | Refusal {
  const options: OptionChange[] = [];
  const dockerfile: DockerfileChange[] = [];
  const edits: TextEdit[] = [];
  for (const change of changes) {
    switch (change.kind) {
      case 'create-file': {
        const existing = configuration.texts.get(change.file);
        if (existing !== undefined && existing !== change.text)
          return { why: `${change.file} exists with other content` };
        if (existing === undefined) edits.push(creationOf(change.file, change.text));
        break;
      }
      case 'allow-calls': {
        const text = configuration.texts.get(change.file);
        const own = text === undefined ? undefined : allowCalls(text, change.calls);
        if (text === undefined || !own) return { why: `${change.file} is laid out in a way that edits cannot keep` };
        edits.push(...toTextEdits(change.file, text, own));
        break;
      }
      case 'install-bwrap':
      case 'copy-bwrap':
      case 'remove-bwrap':
      case 'remove-setuid':
        // As the whole container has it: a Feature or a lifecycle command may have done it.
        if (isInForce(configuration.container.bwrap, change)) break;
        if (change.kind === 'copy-bwrap' && !bringsBwrap(configuration))
          return { why: 'no file here shows that Codex is installed with a bubblewrap of its own' };
        if (change.kind === 'copy-bwrap' && isByLifecycle(configuration)) {
          const copy = copyInLifecycle(configuration);
          if ('why' in copy) return copy;
          edits.push(...copy);
        } else dockerfile.push(change);
        break;
      default:
        options.push(change);
    }
  }
  const build: BuildEdits | undefined = dockerfile.length > 0 ? editBuild(dockerfile, configuration) : { edits: [] };
  if (!build) return { why: whyNotBuilt(configuration, dockerfile) };
  if (options.length > 0 || build.dockerfile !== undefined || build.compose) {
    const opened = openOptions(configuration);
    if ('why' in opened) return opened;
    const after = changeAll(opened.list, options);
    if (isRefused(after)) return after;
    const own = opened.edits(after, build);
    if (!own)
      return {
        why: build.compose ? IMAGE_TWICE : 'a file that has to change is laid out in a way that edits cannot keep',
      };
    edits.push(...own);
  }
  return { edits: inOrder([...build.edits, ...edits]) };
}

const IMAGE_TWICE = 'the image of the service is named in several places, or in a service that this one extends';

function bringsBwrap({ container }: Configuration): boolean {
  return installOf(container, CODEX).value?.bundledBwrap === true;
}

/** Whether a command in devcontainer.json installs Codex, and not the image. */
function isByLifecycle({ container, file }: Configuration): boolean {
  return installOf(container, CODEX).places.some((place) => place.file === file);
}

function whyNotBuilt({ container: { definition } }: Configuration, changes: readonly DockerfileChange[]): string {
  if (changes.some(({ kind }) => kind === 'copy-bwrap'))
    return 'no Dockerfile here installs Codex in a way that a copy of its bubblewrap can be put behind';
  return definition.kind === 'compose' && definition.image.kind === 'inline'
    ? 'the Dockerfile is inside the Compose file (dockerfile_inline)'
    : 'these files have no Dockerfile in which the bubblewrap of the image can be changed';
}

function inOrder(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...edits].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character,
  );
}
