import assert from 'node:assert/strict';
import { GATE_RULES } from '../../../src/editor/gateRules.js';
import { RULES } from '../../../src/rules/index.js';

suite('the page of a gate', () => {
  test('is that of a rule that there is', () => {
    for (const [gate, id] of Object.entries(GATE_RULES)) {
      assert.ok(
        RULES.some((rule) => rule.id === id),
        `${gate}: ${id}`,
      );
    }
  });
});
