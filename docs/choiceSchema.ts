import { CODEX_VERSION } from '../src/model/agents/codex/versions.js';
import { HOST_CHOICES, HOST_NAMES } from '../src/model/host.js';
import { RULES } from '../src/rules/index.js';
import { CHOSEN_LEVELS } from '../src/rules/invalidChoice.js';
import { sentence } from '../src/rules/engine/wording.js';
import { CHOICE_KEY, SANDBOX_OFF, type CHOICE_KEYS } from '../src/sources/devcontainer/choice.js';

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

const PROPERTIES: Readonly<Record<(typeof CHOICE_KEYS)[number], Schema>> = {
  hosts: {
    type: 'array',
    description: 'Hosts that this dev container must work on.',
    uniqueItems: true,
    minItems: 1,
    items: {
      type: 'string',
      enum: HOST_NAMES,
      enumDescriptions: HOST_NAMES.map((name) =>
        sentence(HOST_CHOICES.find((choice) => choice.name === name)?.description ?? name),
      ),
    },
  },
  rules: {
    type: 'object',
    description: 'The level of a rule in this repository.',
    additionalProperties: false,
    properties: ruleLevels(),
  },
  codexVersion: {
    type: 'string',
    description: 'The version of Codex to assume, such as 0.169.0.',
    pattern: CODEX_VERSION.source,
    patternErrorMessage: 'Write a version such as 0.169.0.',
  },
  sandbox: {
    type: 'string',
    description: "Codex's sandbox is off on purpose in this container: off, a colon and the reason.",
    pattern: SANDBOX_OFF.source,
    patternErrorMessage: 'Write "off:" and the reason.',
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
            type: 'object',
            description: 'How Codex Sandbox Check checks this repository.',
            additionalProperties: false,
            properties: PROPERTIES,
          },
        },
      },
    },
  };
}
