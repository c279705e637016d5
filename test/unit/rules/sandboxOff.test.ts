import assert from 'node:assert/strict';
import { repair } from '../../../src/cli/repair.js';
import { notes } from '../../../src/cli/repairNotes.js';
import { verdictLine } from '../../../src/report/verdict.js';
import { applyAll } from '../appliedEdits.js';
import { memoryFiles } from '../memoryFiles.js';
import { judged, judgedIn } from '../judged.js';

const FILES = {
  '.devcontainer/devcontainer.json': '{ "image": "debian:12", "postCreateCommand": "bash .devcontainer/setup.sh" }\n',
  '.devcontainer/setup.sh': `cat > ~/.codex/config.toml <<EOF
# "danger-full-access" is meant: the container is the boundary
sandbox_mode = "danger-full-access"
EOF
`,
};

suite('rules/sandboxOff', () => {
  test('while it is off, it is the one remark, and nothing is said of what would fail', async () => {
    const { findings, predictions, repairs, isRepairable } = await judged(FILES);
    assert.deepEqual(
      findings.map((f) => `${f.severity} ${f.rule}`),
      ['info sandbox-off'],
    );
    assert.equal(findings[0]?.headline, 'Codex runs without its sandbox: .devcontainer/setup.sh turns it off');
    assert.ok(
      predictions.every((p) => p.outcome === 'fails'),
      'of the sandbox itself nothing else is predicted',
    );
    assert.deepEqual([repairs().fixes(), repairs().otherWays(), isRepairable()], [[], [], false]);
  });

  test('the command fix opens nothing for it, and says why', async () => {
    const done = await repair(memoryFiles(FILES), new Map(), async (files) => judgedIn(files));
    assert.equal(done.edited.size, 0);
    const { heading, lines } = notes(done, { verbose: false, failOn: 'warning', shown: (file) => file });
    assert.deepEqual([heading, ...lines], ['nothing to do (off: Codex runs without its sandbox)']);
  });

  test('switched on, the same is reported in full', async () => {
    const { findings, fixesOf } = await judged(FILES);
    const [fix] = findings.filter((f) => f.rule === 'sandbox-off').flatMap(fixesOf);
    assert.ok(fix);
    const texts = applyAll(new Map(Object.entries(FILES)), fix.edits);
    assert.equal(
      texts.get('.devcontainer/setup.sh'),
      FILES['.devcontainer/setup.sh'].replace('= "danger-full-access"', '= "workspace-write"'),
    );
    const after = (await judged(Object.fromEntries(texts))).findings;
    assert.deepEqual(
      after.map((f) => `${f.severity} ${f.rule}`),
      ['error seccomp-profile', 'warning apparmor-profile', 'info ubuntu-userns'],
    );
  });

  test('a repository that only says so turns nothing off', async () => {
    const sandbox = '"sandbox": "off: the container is the boundary"';
    const file = '.devcontainer/devcontainer.json';
    const judgement = await judged({
      [file]: `{ "image": "debian:12", "customizations": { "codex-sandbox-check": { ${sandbox} } } }\n`,
    });
    const [finding, another] = judgement.findings;
    assert.equal(another, undefined);
    assert.equal(finding?.headline, "This repository says that Codex's sandbox is off here");
    assert.ok(finding.details.includes('Reason: the container is the boundary.'));
    assert.doesNotMatch(finding.message + verdictLine(judgement), /turns it off|runs without/);
  });

  test('another mode changes nothing', async () => {
    const { findings } = await judged({ ...FILES, '.codex/config.toml': 'sandbox_mode = "read-only"\n' });
    assert.equal(findings[0]?.severity, 'error');
    assert.ok(findings.every((f) => f.rule !== 'sandbox-off'));
  });
});
