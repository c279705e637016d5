import { installOf } from '../../model/agent/request.js';
import { CODEX } from '../../model/agents/codex/agent.js';
import { isRoot, type Container } from '../../model/container/container.js';
import type { Configuration } from '../../sources/configuration/configuration.js';
import { imageReference } from '../../sources/image/reference.js';
import { scanShell } from '../../sources/shell/readShell.js';
import { readJsonc, valueOffsets, type Node } from '../../sources/text/jsonc.js';
import type { TextEdit } from '../changes/change.js';
import type { Refusal } from '../changes/optionList.js';
import { toTextEdits } from '../text/textEdits.js';

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
  const node = document.root && offset !== undefined ? scriptAt(document.root, offset) : undefined;
  if (!node) return { why: 'the command that installs Codex is a list of words and not a line for a shell' };

  const script = String(node.value);
  const installation = scanShell(script).findLast(({ kind }) => kind === 'install-codex');
  const command = installation && script.slice(installation.command.start, installation.command.end);
  const npm = /^(sudo (?:-\S+ )*)?(?:\w+=\S* )*npm\s/.exec(command ?? '');
  if (!installation || !npm)
    return { why: 'Codex is not installed by npm there, so it is not known where its bubblewrap is' };
  const sudo = npm[1] !== undefined || needsSudo(container, script);
  if (sudo === undefined)
    return { why: 'it is not known whether the user of the lifecycle command may use sudo, which the copy needs' };

  const { start, end } = installation.command;
  const at = valueOffsets(document, node)[end];
  if (at === undefined || isQuoted(script.slice(0, start)))
    return { why: 'the command that installs Codex is in quotes or in a here-document' };
  const added = ` && ${copyCommand(sudo, npm[1] !== undefined)}`;
  return toTextEdits(file, text, [{ start: at, end: at, newText: JSON.stringify(added).slice(1, -1) }]);
}

/** Whether what follows is in quotes or in a here-document, where an outer shell would run what is added. */
function isQuoted(before: string): boolean {
  return before.includes('<<') || [/'/g, /"/g].some((quote) => (before.match(quote) ?? []).length % 2 === 1);
}

/** The text of a shell's script that holds the offset: a property's value, or what `bash -c` gets. */
function scriptAt(node: Node, offset: number): Node | undefined {
  const child = node.children?.find((each) => each.offset <= offset && offset < each.offset + each.length);
  if (child) return scriptAt(child, offset);
  if (node.type !== 'string' || !node.parent) return undefined;
  if (node.parent.type === 'property') return node;
  const words = node.parent.children ?? [];
  return words.indexOf(node) === 2 && /^-[a-z]*c$/.test(String(words[1]?.value)) ? node : undefined;
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

/** Where npm has put Codex depends on whose npm it was. */
function copyCommand(sudo: boolean, npmWithSudo: boolean): string {
  const npm = npmWithSudo ? 'sudo npm' : 'npm';
  return `${sudo ? 'sudo ' : ''}install -m 755 $(find $(${npm} root -g)/@openai -path '*/codex-resources/bwrap') /usr/bin/bwrap`;
}
