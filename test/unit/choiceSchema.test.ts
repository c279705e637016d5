import assert from 'node:assert/strict';
import { choiceSchema } from '../../docs/choiceSchema.js';
import { CHOICE_KEY } from '../../src/sources/devcontainer/choice.js';

/** What a JSON Schema refuses a value by, among the keywords of ours. */
const REFUSING = ['enum', 'pattern', 'additionalProperties', 'required', 'type'];

/** The paths of what refuses a value. Of several schemas of which one allows everything none refuses anything. */
function refusals(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'properties') return Object.entries(value as object).flatMap(([key, one]) => refusals(one, key));
    if (name === 'items') return refusals(value, `${path}[]`);
    if (name === 'anyOf' && (value as readonly object[]).some((one) => Object.keys(one).length === 0)) return [];
    return REFUSING.includes(name) ? [`${path}: ${name}`] : [];
  });
}

suite('the schema of the choices in devcontainer.json', () => {
  const own = (choiceSchema() as { properties: { customizations: { properties: Readonly<Record<string, unknown>> } } })
    .properties.customizations.properties[CHOICE_KEY];

  test('refuses nothing: what is wrong is said by the rule invalid-choice, once', () => {
    assert.deepEqual(refusals(own, CHOICE_KEY), []);
  });

  test('still proposes hosts and levels', () => {
    const text = JSON.stringify(own);
    assert.match(text, /"anyOf":\[\{[^{}]*"enum":\["docker-desktop",[^{}]*\},\{\}\]/);
    assert.match(text, /"anyOf":\[\{[^{}]*"enum":\["default","off",[^{}]*\},\{\}\]/);
  });
});
