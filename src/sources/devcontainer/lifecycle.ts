import type { Place } from '../../model/place.js';
import { properties, valueOffsets, type JsonDocument, type Node } from '../text/jsonc.js';
import { TypedJson } from '../text/typedJson.js';

/** A shell script that a lifecycle command runs in the container, and where its parts are. */
export interface LifecycleScript {
  readonly script: string;
  /** Offsets are those of `script`. */
  readonly placeOf: (start: number, end: number) => Place;
}

/** In the order in which they run. initializeCommand is not among them: it runs on the host. */
const COMMANDS = [
  'onCreateCommand',
  'updateContentCommand',
  'postCreateCommand',
  'postStartCommand',
  'postAttachCommand',
] as const;

/** What the lifecycle commands run: each is a string for a shell, an array of arguments, or an object of both. */
export function readLifecycle(json: TypedJson, object: Node): readonly LifecycleScript[] {
  return commandsOf(json, object, COMMANDS);
}

/** What `initializeCommand` runs. What is wrong with it is not for this program to say: it changes no container. */
export function readInitialize(document: JsonDocument, object: Node): readonly LifecycleScript[] {
  return commandsOf(new TypedJson(document), object, ['initializeCommand']);
}

function commandsOf(json: TypedJson, object: Node, names: readonly string[]): readonly LifecycleScript[] {
  return names.flatMap((name) => {
    const node = json.value(object, name);
    if (!node) return [];
    if (node.type !== 'object') return readCommand(json, node, name);
    return properties(node).flatMap((p) => (p.value ? readCommand(json, p.value, `${name}.${p.key}`) : []));
  });
}

function readCommand(json: TypedJson, node: Node, name: string): LifecycleScript[] {
  if (node.type === 'string') return [scriptOfString(json.document, node)];
  if (node.type === 'array') return scriptOfArguments(json, node, name);
  json.wrong(`"${name}"`, node, 'a string, an array of strings or an object of them');
  return [];
}

function scriptOfString(document: JsonDocument, node: Node): LifecycleScript {
  const offsets = valueOffsets(document, node);
  const last = offsets.at(-1) ?? node.offset;
  return {
    script: String(node.value),
    placeOf: (start, end) => document.lines.place(offsets[start] ?? last, offsets[end] ?? last),
  };
}

const SHELL = /^(\/(usr\/)?bin\/)?(ba|da|z|k)?sh$/;

function scriptOfArguments(json: TypedJson, node: Node, name: string): LifecycleScript[] {
  const elements = json.elements(node, name);
  const [program, options, script] = elements;
  if (script && SHELL.test(program?.text ?? '') && /^-[a-z]*c$/.test(options?.text ?? '')) {
    return [scriptOfString(json.document, script.node)];
  }
  // No shell sees these, so what a shell would take apart is quoted.
  const words = elements.map((e) =>
    /^[\w@%+=:,./-]+$/.test(e.text) ? e.text : `'${e.text.replaceAll("'", `'\\''`)}'`,
  );
  const starts: number[] = [];
  words.reduce((at, word) => (starts.push(at), at + word.length + 1), 0);
  const elementAt = (offset: number): Node => {
    const index = Math.max(
      0,
      starts.findLastIndex((s) => s <= offset),
    );
    return elements[index]?.node ?? node;
  };
  return [
    {
      script: words.join(' '),
      placeOf: (start, end) => {
        const [first, last] = [elementAt(start), elementAt(Math.max(start, end - 1))];
        return json.document.lines.place(first.offset, last.offset + last.length);
      },
    },
  ];
}
