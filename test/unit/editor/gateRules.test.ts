import assert from 'node:assert/strict';
import { GATE_RULES } from '../../../src/editor/gateRules.js';
import { RULES } from '../../../src/rules/index.js';
import { judged } from '../judged.js';

suite('the page of a gate', () => {
  for (const [gate, id] of Object.entries(GATE_RULES)) {
    test(`${gate} is what ${id} is about`, async () => {
      const rule = RULES.find((one) => one.id === id);
      assert.ok(rule, 'there is such a rule');
      const { findings } = await judged(rule.bad, rule.exampleHosts?.bad);
      const gates = findings.filter((finding) => finding.rule === id).map((finding) => finding.gate);
      // Two gates print the texts of one rule each; a link is known to the file system alone.
      assert.ok(gates.length === 0 || gates.some((one) => one !== undefined), `${id}: ${gates.join()}`);
    });
  }
});
