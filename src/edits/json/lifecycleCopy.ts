import { installOf } from '../../model/agent/request.js';
import { CODEX } from '../../model/agents/codex/agent.js';
import { isRoot, type Container } from '../../model/container/container.js';
import type { Configuration } from '../../sources/configuration/configuration.js';
import { imageReference } from '../../sources/image/reference.js';
import { boundBy, type Bound } from '../../sources/shell/bound.js';
import { scanShell } from '../../sources/shell/readShell.js';
import { property, readJsonc, valueOffsets, type Node } from '../../sources/text/jsonc.js';
import type { TextEdit } from '../changes/change.js';
import type { Refusal } from '../changes/optionList.js';
import { toTextEdits } from '../text/textEdits.js';
import { npmRoot } from './npmRoot.js';

const WHY_BOUND: Readonly<Record<Bound, string>> = {
  pipe: 'the output of the command that installs Codex goes into a pipe',
  condition: 'the command that installs Codex is negated, or in a condition, a loop or a function',
};

/** Behind `&&` npm would no longer end such a script. */
const STOPS_AT_ERRORS = /\bset\s+(?:-\S+\s+)*-\w*e|\berrexit\b/;

/**
 * Appends to the npm command by which a lifecycle command installs Codex: a copy of the bubblewrap that comes with it, to where
 * the distribution's would be, whose file it overwrites (measured: the copy works all the same).
 */
export function copyInLifecycle(configuration: Configuration): readonly TextEdit[] | Refusal {
  const { container, file, texts } = configuration;
  const text = texts.get(file) ?? '';
  const document = readJsonc(text.replace(/^\uFEFF/, ' '), file);
  const [place] = installOf(container, CODEX).places;
  const offset = place && document.lines.offset(place.range.start);
  if (offset !== undefined && isInCustomizations(document.root, offset))
    return { why: 'Codex comes with a VS Code extension, which the editor installs after the container starts' };
  const node = document.root && offset !== undefined ? scriptAt(document.root, offset) : undefined;
  if (!node) return { why: 'the command that installs Codex is a list of words and no shell runs it' };

  const script = String(node.value);
  const installation = scanShell(script).findLast(({ kind }) => kind === 'install-codex');
  const command = installation && script.slice(installation.command.start, installation.command.end);
  const npm = /^(sudo (?:-\S+ )*)?(?:\w+=\S* )*npm\s/.exec(command ?? '');
  if (!installation || !npm)
    return { why: 'npm does not install Codex there, so the place of its bubblewrap is unknown' };
  const root = npmRoot(command ?? '');
  if (root === undefined) return { why: 'the place where npm installs Codex is unknown' };
  const sudo = npm[1] !== undefined || needsSudo(container, script);
  if (sudo === undefined)
    return { why: 'the copy needs sudo, and the files do not show that the lifecycle command may use it' };

  const { start, end } = installation.command;
  const at = valueOffsets(document, node)[end];
  if (at === undefined || isQuoted(script.slice(0, start)))
    return { why: 'the command that installs Codex is in quotes or in a here-document' };
  const bound = installation.likelihood === 'always' ? boundBy(script, installation.command) : 'condition';
  if (bound) return { why: WHY_BOUND[bound] };
  if (STOPS_AT_ERRORS.test(script) || /^-\w*e/.test(shellOption(node)))
    return {
      why: 'the script that installs Codex stops at errors (set -e), and the copy would change that',
    };
  const added = ` && ${copyCommand(sudo, root)}`;
  return toTextEdits(file, text, [{ start: at, end: at, newText: JSON.stringify(added).slice(1, -1) }]);
}

/** Extensions are listed there: no command that the files show installs them. */
function isInCustomizations(root: Node | undefined, offset: number): boolean {
  const customizations = property(root, 'customizations')?.node;
  return customizations !== undefined && inNode(customizations, offset);
}

function inNode({ offset: start, length }: Node, offset: number): boolean {
  return start <= offset && offset < start + length;
}

/** Whether what follows is in quotes or in a here-document, where an outer shell would run what is added. */
function isQuoted(before: string): boolean {
  return before.includes('<<') || [/'/g, /"/g].some((quote) => (before.match(quote) ?? []).length % 2 === 1);
}

/** The text of a shell's script that holds the offset: a property's value, or what `bash -c` gets. */
function scriptAt(node: Node, offset: number): Node | undefined {
  const child = node.children?.find((each) => inNode(each, offset));
  if (child) return scriptAt(child, offset);
  if (node.type !== 'string' || !node.parent) return undefined;
  if (node.parent.type === 'property') return node;
  const isScript = node.parent.children?.indexOf(node) === 2 && /^-[a-z]*c$/.test(shellOption(node));
  return isScript ? node : undefined;
}

/** `-ec` of `["bash", "-ec", SCRIPT]`. */
function shellOption({ parent }: Node): string {
  return parent?.type === 'array' ? String(parent.children?.[1]?.value) : '';
}

/** undefined: another user than root, of whom the files do not show that sudo is there for. */
function needsSudo(container: Container, script: string): boolean | undefined {
  if (isRoot(container) === true) return false;
  return /(?:^|[;&|\s])sudo\s/.test(script) || isDevcontainerImage(container) ? true : undefined;
}

/** Their common-utils gives the user sudo without a password (devcontainers/features src/common-utils/main.sh). */
function isDevcontainerImage({ definition }: Container): boolean {
  const image = definition.kind === 'compose' ? definition.image : definition;
  return (
    image.kind === 'image' &&
    /^mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\//.test(imageReference(image.image).name)
  );
}

/** @param root says where npm has put Codex */
function copyCommand(sudo: boolean, root: string): string {
  return `${sudo ? 'sudo ' : ''}install -m 755 $(find $(${root})/@openai -path '*/codex-resources/bwrap') /usr/bin/bwrap`;
}
