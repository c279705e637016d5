import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { overlay } from '../../../src/cli/repair.js';
import { HOST_NAMES, HOSTS } from '../../../src/model/host.js';
import { judge } from '../../../src/rules/judge.js';
import { nodeFiles } from '../../../src/sources/workspace/nodeFiles.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../appliedEdits.js';
import { powersGained } from '../powers.js';

const SAMPLES = join(import.meta.dirname, '../../fixtures/samples');

suite('what is done unasked, whatever the hosts are (the corpus: corpus.test.ts)', () => {
  for (const { name } of readdirSync(SAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    test(`${name}: no repair and no preferred fix gives more power than there was`, async () => {
      const files = nodeFiles(join(SAMPLES, name));
      for (const before of await readConfigurations(files)) {
        const { repairs, findings, fixesOf } = judge(before, { hosts: HOST_NAMES.map((host) => HOSTS[host]) });
        for (const fix of [...repairs().fixes(), ...findings.flatMap(fixesOf).filter((f) => f.preferred)]) {
          const [after] = await readConfigurations(overlay(files, applyAll(before.texts, fix.edits)), before.file);
          assert.ok(after);
          assert.deepEqual(powersGained(before.container, after.container), [], `${before.file}: ${fix.title}`);
        }
      }
    });
  }
});
