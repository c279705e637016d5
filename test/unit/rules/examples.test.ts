import assert from 'node:assert/strict';
import { DEFAULT_HOSTS } from '../../../src/model/host.js';
import type { Example } from '../../../src/rules/engine/rule.js';
import { RULES } from '../../../src/rules/index.js';
import type { Judgement } from '../../../src/rules/judge.js';
import { applyAll } from '../appliedEdits.js';
import { judgedIn } from '../judged.js';
import { memoryFiles } from '../memoryFiles.js';

function rulesOf(judgement: Judgement): readonly string[] {
  return judgement.findings.map((f) => f.rule);
}

suite('every rule is shown by its examples', () => {
  for (const rule of RULES) {
    const judgedBad = (texts: Example): Promise<Judgement> =>
      judgedIn(memoryFiles(texts, Object.keys(rule.exampleLinks ?? {})), hosts.bad);
    const hosts = { bad: rule.exampleHosts?.bad ?? DEFAULT_HOSTS, good: rule.exampleHosts?.good ?? DEFAULT_HOSTS };

    test(`${rule.id}: the bad example has the finding, once, with a headline and what to do`, async () => {
      const { findings, fixesOf } = await judgedBad(rule.bad);
      const found = findings.filter((f) => f.rule === rule.id);
      assert.equal(found.length, 1, `findings of the rule: ${String(found.length)}`);
      assert.match(found[0]!.headline, /^["A-Za-z]/);
      assert.ok(found[0]!.details.length > 0, 'it does not say what to do');
      assert.ok(found[0]!.message.length < 600, 'too long to be understood in one reading');
      assert.ok(fixesOf(found[0]!).filter((f) => f.preferred).length <= 1, 'more than one preferred fix');
    });

    test(`${rule.id}: the good example is free of it`, async () => {
      assert.ok(!rulesOf(await judgedIn(memoryFiles(rule.good), hosts.good)).includes(rule.id));
    });

    test(`${rule.id}: each fix takes the finding away, or some of its hosts, and brings no other`, async () => {
      const before = await judgedBad(rule.bad);
      const found = before.findings.filter((f) => f.rule === rule.id);
      for (const { fix, severity } of found.flatMap((f) =>
        before.fixesOf(f).map((fix) => ({ fix, severity: f.severity })),
      )) {
        const texts = applyAll(new Map(Object.entries(rule.bad)), fix.edits);
        const after = await judgedBad(Object.fromEntries(texts));
        const left = after.findings.filter((f) => f.rule === rule.id).flatMap((f) => f.hosts);
        assert.ok(left.length < found.flatMap((f) => f.hosts).length || !rulesOf(after).includes(rule.id), fix.title);
        // Before a container can be created at all, nothing is said of what happens in it, nor of a sandbox that is off.
        if (before.predictions.some((p) => p.outcome === 'unknown') || rule.id === 'sandbox-off') continue;
        // That a container which works now could do with less is a remark, which only a fix of a remark must not bring.
        const fresh = after.findings
          .filter((f) => severity === 'info' || f.severity !== 'info')
          .map((f) => f.rule)
          .filter((r) => !rulesOf(before).includes(r));
        assert.deepEqual(fresh, [], `new after: ${fix.title}`);
      }
    });

    test(`${rule.id}: the last repair makes it work wherever it claims to`, async () => {
      const before = await judgedBad(rule.bad);
      for (const repair of before.repairs().fixes()) {
        const texts = applyAll(new Map(Object.entries(rule.bad)), repair.edits);
        const after = await judgedBad(Object.fromEntries(texts));
        const claimed = hosts.bad.filter((h) => repair.hosts?.includes(h));
        const failing = after.predictions.filter((p) => p.outcome === 'fails' && claimed.some((h) => h === p.host));
        assert.deepEqual(failing, [], repair.title);
        assert.ok(claimed.length > 0, repair.title);
      }
    });
  }
});
