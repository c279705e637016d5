import type { DeclaredDefinition, Declaration } from './devcontainer.js';
import { properties, property, readJsonc, stringOf } from './jsonc.js';
import type { ConfigurationReader } from './reader.js';

/** What makes a folder the source of a dev container template (containers.dev, "Templates"). */
const TEMPLATE = 'devcontainer-template.json';

/** As the dev container CLI finds it when it applies a template. */
const OPTION = /\$\{templateOption:\s*(\w+?)\s*\}/g;

/**
 * In the source of a template, what the container is made of with the default of every option: it must work as it is
 * proposed. An option without a default stays as it is written, and what it leads to is not known.
 */
export async function withTemplateOptions(declaration: Declaration, reader: ConfigurationReader): Promise<Declaration> {
  const { definition } = declaration;
  if (!textsOf(definition).some((text) => text.includes('${templateOption:'))) return declaration;
  const answer = await reader.read(TEMPLATE);
  if (answer.kind !== 'text') return declaration;
  const defaults = defaultsOf(answer.text);
  const chosen = (text: string): string =>
    text.replace(OPTION, (whole: string, name: string) => defaults.get(name) ?? whole);
  return { ...declaration, definition: mapped(definition, chosen) };
}

function textsOf(definition: DeclaredDefinition): readonly string[] {
  if (definition.kind === 'image') return [definition.image];
  if (definition.kind !== 'dockerfile') return [];
  return [definition.path, definition.target ?? '', ...Object.values(definition.args)];
}

function mapped(definition: DeclaredDefinition, chosen: (text: string) => string): DeclaredDefinition {
  if (definition.kind === 'image') return { ...definition, image: chosen(definition.image) };
  if (definition.kind !== 'dockerfile') return definition;
  const { path, target, args } = definition;
  return {
    ...definition,
    path: chosen(path),
    target: target === undefined ? undefined : chosen(target),
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, chosen(value)])),
  };
}

/** What is wrong with the template's own file is not ours to say. */
function defaultsOf(text: string): ReadonlyMap<string, string> {
  const options = property(readJsonc(text, TEMPLATE).root, 'options')?.value;
  return new Map(
    properties(options).flatMap(({ key, value }) => {
      const node = property(value, 'default')?.value;
      const written = node?.type === 'boolean' ? String(node.value) : stringOf(node);
      return written === undefined ? [] : [[key, written] as const];
    }),
  );
}
