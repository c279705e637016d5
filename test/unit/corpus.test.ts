import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_HOSTS, HOSTS, type HostName } from '../../src/model/host.js';
import type { Prediction } from '../../src/model/sandbox/predict.js';
import { overlay } from '../../src/cli/repair.js';
import { judge, type Judgement } from '../../src/rules/judge.js';
import type { WorkspaceFiles } from '../../src/sources/workspace/files.js';
import { nodeFiles } from '../../src/sources/workspace/nodeFiles.js';
import { readConfigurations } from '../../src/sources/configuration/readConfiguration.js';
import { applyAll } from './appliedEdits.js';
import { sampleOf } from './cases.js';
import { hardeningLost, powersGained } from './powers.js';

const CORPUS = join(import.meta.dirname, '../fixtures/corpus');

/** A row of expected.jsonl: one configuration, what it shows and what was derived for it by hand. */
type Expected = Readonly<Record<HostName, string>> & {
  /** The folder below the corpus: one repository. */
  readonly name: string;
  /** The workspace folder in that repository; not there: the repository itself. */
  readonly root?: string;
  readonly file: string;
  readonly shows: string;
  /** `RULE FILE:LINE`, the line counted from 1, for the default hosts. */
  readonly findings: readonly string[];
};

const EXPECTED = readFileSync(join(CORPUS, 'expected.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Expected);

/** Those of which every fix is made and judged. */
const FIXED = sampleOf(EXPECTED, 20);

const HOST_NAMES = [...DEFAULT_HOSTS, 'podman'] as const;

/** `unless` is put behind what holds under a condition. */
function verdict({ outcome, gate, undecided, condition }: Prediction): string {
  return [outcome, gate ?? undecided, condition && 'unless'].filter(Boolean).join(' ');
}

/** What says that a file is no longer what it should be. */
const BROKEN = ['invalid-file', 'unreadable-file', 'seccomp-profile-invalid'];

async function judged(files: WorkspaceFiles, file: string): Promise<Judgement> {
  const [configuration] = await readConfigurations(files, file);
  assert.ok(configuration, `${file} is not found`);
  return judge(configuration, { hosts: DEFAULT_HOSTS.map((host) => HOSTS[host]) });
}

suite('the corpus of development containers', () => {
  test('has at least 100 of them, each in the table', () => {
    const folders = readdirSync(CORPUS, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    assert.ok(folders.length >= 100);
    assert.deepEqual([...new Set(EXPECTED.map(({ name }) => name))], folders.sort());
  });

  for (const expected of EXPECTED) {
    const { name, root = '', file, shows, findings } = expected;
    test(`${[name, root].filter(Boolean).join('/')} ${file}: ${shows}`, async () => {
      const judgement = await judged(nodeFiles(join(CORPUS, name, root)), file);
      const { predictions } = judge(judgement.configuration, { hosts: HOST_NAMES.map((host) => HOSTS[host]) });
      assert.deepEqual(
        {
          ...Object.fromEntries(predictions.map((prediction) => [prediction.host, verdict(prediction)])),
          findings: judgement.findings
            .map(({ rule, place }) => `${rule} ${place.file}:${place.range.start.line + 1}`)
            .sort(),
        },
        { ...Object.fromEntries(HOST_NAMES.map((host) => [host, expected[host]])), findings: [...findings].sort() },
      );
      const unexplained = judgement.predictions.filter(
        ({ outcome, gate, host }) =>
          outcome === 'fails' && !judgement.findings.some((f) => f.gate === gate && f.hosts.includes(host)),
      );
      assert.deepEqual(unexplained, [], 'a failure that no finding speaks of');
    });

    if (!FIXED.includes(expected)) continue;
    test(`${[name, root].filter(Boolean).join('/')} ${file}: no fix breaks anything, and the repairs do what they say`, async () => {
      const files = nodeFiles(join(CORPUS, name, root));
      const before = await judged(files, file);
      const { findings: found, configuration } = before;
      const { fixes, onRequest } = before.repairs();
      const unasked = fixes();
      assert.equal(before.isRepairable(), unasked.length > 0);
      const repairs = [...unasked, ...onRequest.fixes()];
      for (const fix of [...found.flatMap(before.fixesOf), ...repairs]) {
        const after = await judged(overlay(files, applyAll(configuration.texts, fix.edits)), file);
        const broken = after.findings.filter(
          ({ rule }) => BROKEN.includes(rule) && !found.some((f) => f.rule === rule),
        );
        assert.deepEqual(broken, [], fix.title);
        for (const { host, outcome } of after.predictions) {
          const worked = before.predictions.some((p) => p.host === host && p.outcome === 'works');
          const claimed = fix.onHost === undefined && fix.hosts?.includes(host) === true;
          const promised = claimed && !fix.title.startsWith('Fix the known problems');
          assert.ok(outcome === 'works' || !(worked || promised), `${host} after: ${fix.title}`);
          assert.ok(outcome !== 'fails' || !claimed, `${host} after: ${fix.title}`);
        }
        if (fix.preferred || unasked.includes(fix)) {
          const containers = [configuration.container, after.configuration.container] as const;
          assert.deepEqual(
            [...powersGained(...containers), ...hardeningLost(...containers)],
            [],
            `unasked: ${fix.title}`,
          );
        }
      }
    });
  }
});
