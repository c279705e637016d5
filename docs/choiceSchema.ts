import { HOST_CHOICES, HOST_NAMES } from '../src/model/host.js';
import { RULES } from '../src/rules/index.js';
import { CHOSEN_LEVELS } from '../src/rules/invalidChoice.js';
import { sentence } from '../src/rules/engine/wording.js';
import { CHOICE_KEY, type CHOICE_KEYS } from '../src/sources/devcontainer/choice.js';

/** A schema of JSON Schema draft 7, which VS Code reads. */
type Schema = Readonly<Record<string, unknown>>;

/** By rule, the level of its findings: in the settings and in devcontainer.json alike. */
export function ruleLevels(): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    RULES.map(({ id, title }) => [
      id,
      { type: 'string', enum: CHOSEN_LEVELS, default: 'default', description: `${title}.` },
    ]),
  );
}

/** Proposes the values of a schema and refuses none: the rule invalid-choice says what is wrong, also where no schema is loaded. */
function proposed({ description, default: byDefault, ...values }: Schema): Schema {
  return {
    ...(description === undefined ? {} : { description }),
    ...(byDefault === undefined ? {} : { default: byDefault }),
    anyOf: [values, {}],
  };
}

const PROPERTIES: Readonly<Record<(typeof CHOICE_KEYS)[number], Schema>> = {
  hosts: {
    description: 'Hosts that this dev container must work on.',
    uniqueItems: true,
    minItems: 1,
    items: proposed({
      type: 'string',
      enum: HOST_NAMES,
      enumDescriptions: HOST_NAMES.map((name) =>
        sentence(HOST_CHOICES.find((choice) => choice.name === name)?.description ?? name),
      ),
    }),
  },
  rules: {
    description: 'The level of a rule in this repository.',
    properties: Object.fromEntries(Object.entries(ruleLevels()).map(([rule, level]) => [rule, proposed(level)])),
  },
  codexVersion: { description: 'The version of Codex to assume, such as 0.169.0.' },
  sandbox: {
    description: "Codex's sandbox is off on purpose in this container: off, a colon and the reason.",
    defaultSnippets: [
      { label: 'off', description: 'The sandbox is off on purpose.', body: 'off: ${1:the container is the boundary}' },
    ],
  },
};

/** What devcontainer.json may hold for this check. The rest of the file has a schema of its own. */
export function choiceSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: {
      customizations: {
        type: 'object',
        properties: {
          [CHOICE_KEY]: {
            description: 'How Codex Sandbox Check checks this repository.',
            properties: PROPERTIES,
          },
        },
      },
    },
  };
}
