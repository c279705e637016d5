import assert from 'node:assert/strict';
import { setProperty } from '../../../../src/edits/json/setProperty.js';
import { applyEdits } from '../../../../src/edits/text/textEdits.js';

const PATH = ['customizations', 'codex-sandbox-check', 'rules', 'a-rule'];

function after(text: string, path: readonly string[] = PATH, value: string | readonly string[] = 'off'): string {
  const edits = setProperty(text, 'devcontainer.json', path, value);
  assert(edits);
  return applyEdits(text, edits);
}

suite('A property of a JSON text', () => {
  test('comes with the objects on the way to it, in the layout of the author', () => {
    assert.equal(
      after('{\n    // kept\n    "image": "debian:12", // too\n}\n'),
      `{
    // kept
    "image": "debian:12", // too
    "customizations": {
        "codex-sandbox-check": {
            "rules": {
                "a-rule": "off"
            }
        }
    },
}
`,
    );
  });

  test('joins those that are there, and takes the place of another value', () => {
    const text =
      '{\n  "customizations": {\n    "vscode": {}, // kept\n    "codex-sandbox-check": { "rules": { "b": "off" } }\n  }\n}\n';
    const joined = after(text);
    assert(joined.includes('"rules": { "b": "off", "a-rule": "off" }'), joined);
    assert(joined.includes('"vscode": {}, // kept'));
    assert.equal(after(joined, PATH, 'info'), joined.replace('"a-rule": "off"', '"a-rule": "info"'));
    assert.equal(after(joined), joined);
  });

  test('may be a list', () => {
    assert.equal(after('{}', ['hosts'], ['a', 'b']), '{\n  "hosts": ["a", "b"]\n}');
  });

  test('is not set where the text is broken, or something on the way is not an object', () => {
    assert.equal(setProperty('{ "a": ', 'f', PATH, 'off'), undefined);
    assert.equal(setProperty('[]', 'f', PATH, 'off'), undefined);
    assert.equal(setProperty('{ "customizations": [] }', 'f', PATH, 'off'), undefined);
  });
});
