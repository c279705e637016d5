import assert from 'node:assert/strict';
import { overlay } from '../../../src/cli/repair.js';
import { reaches } from '../../../src/cli/threshold.js';
import type { ImageMetadata } from '../../../src/sources/image/facts.js';
import type { WorkspaceFiles } from '../../../src/sources/workspace/files.js';
import type { Judgement } from '../../../src/rules/judge.js';
import { applyAll } from '../appliedEdits.js';
import { judged, judgedIn } from '../judged.js';
import { memoryFiles } from '../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';
const IMAGE = 'ghcr.io/acme/dev:1';
const UNLESS = 'unless the image sets options of its own';
const PRIVATE = { [FILE]: `{ "image": "${IMAGE}", "remoteUser": "dev" }` };

function outcomes({ predictions }: Judgement): readonly string[] {
  return predictions.map(({ host, outcome, gate, condition }) =>
    [host, outcome, gate, condition].filter(Boolean).join(' '),
  );
}

function found({ findings }: Judgement): readonly string[] {
  return findings.map(({ rule, severity }) => `${severity} ${rule}`);
}

suite('verdicts under a condition', () => {
  test('an image that is in no table fails at seccomp, unless it sets options of its own', async () => {
    const judgement = await judged(PRIVATE, ['docker-desktop', 'docker-linux']);
    assert.deepEqual(outcomes(judgement), [
      `docker-desktop fails seccomp-userns ${UNLESS}`,
      `docker-linux fails seccomp-userns ${UNLESS}`,
    ]);
    assert.deepEqual(found(judgement), ['warning seccomp-profile', 'warning apparmor-profile'], 'no error, said once');
    for (const { details } of judgement.findings) {
      assert.deepEqual(details.slice(-2), [`This holds ${UNLESS}.`, 'Reason: the image ghcr.io/acme/dev is unknown.']);
    }
    assert.ok(reaches(judgement, 'warning', true));
    assert.ok(!reaches(judgement, 'error', true));
  });

  test('what only a host that nobody named closes stays information', async () => {
    const findings = found(await judged(PRIVATE));
    assert.deepEqual(findings, ['warning seccomp-profile', 'warning apparmor-profile', 'info ubuntu-userns']);
  });

  test('a known image has no condition and is an error', async () => {
    const judgement = await judged({ [FILE]: '{ "image": "debian:12", "remoteUser": "dev" }' }, ['docker-desktop']);
    assert.deepEqual(outcomes(judgement), ['docker-desktop fails seccomp-userns']);
    assert.deepEqual(found(judgement), ['error seccomp-profile']);
    assert.doesNotMatch(judgement.findings[0]?.message ?? '', /unless/);
  });

  test('an image whose name is up to the machine, or to a build argument', async () => {
    const json = '{ "image": "${localEnv:IMAGE}" }';
    assert.deepEqual(outcomes(await judged({ [FILE]: json }, ['docker-desktop'])), [
      'docker-desktop fails seccomp-userns unless the image sets options of its own',
    ]);
    const built = {
      [FILE]: '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile': 'ARG BASE\nFROM $BASE\n',
    };
    assert.deepEqual(outcomes(await judged(built, ['docker-desktop'])), [
      'docker-desktop fails seccomp-userns unless the image sets options of its own',
    ]);
  });

  test('several unknowns are one condition', async () => {
    const json = `{ "image": "${IMAGE}", "features": { "ghcr.io/acme/features/a:1": {} } }`;
    const [prediction] = (await judged({ [FILE]: json }, ['docker-desktop'])).predictions;
    assert.equal(prediction?.condition, 'unless the image or a Feature sets options of its own');
  });

  test('where it works under a condition, a hint says so at what sets the condition', async () => {
    const json =
      '{\n  "image": "mcr.microsoft.com/devcontainers/base:bookworm",\n  "features": {\n    "ghcr.io/acme/features/a:1": {} } }';
    const judgement = await judged({ [FILE]: json }, ['podman']);
    const unless = 'unless a Feature sets options of its own';
    assert.deepEqual(outcomes(judgement), [`podman works ${unless}`]);
    assert.deepEqual(found(judgement), ['hint not-judged']);
    const [hint] = judgement.findings;
    assert.ok(hint);
    assert.equal(hint.headline, `Codex works here ${unless}`);
    assert.ok(hint.details.includes('Reason: the Feature "ghcr.io/acme/features/a:1" is unknown.'));
    assert.equal(hint.place.range.start.line, 3);
  });

  test('files that cannot be read are not assumed away', async () => {
    const missing = await judged({ [FILE]: '{ "build": { "dockerfile": "Dockerfile" } }' }, ['docker-desktop']);
    assert.deepEqual(outcomes(missing), ['docker-desktop unknown']);
    assert.deepEqual(found(missing), ['error unreadable-file']);
    const compose = { [FILE]: '{ "dockerComposeFile": "compose.yml", "service": "app" }' };
    assert.deepEqual(outcomes(await judged(compose, ['docker-desktop'])), ['docker-desktop unknown']);
  });

  test('a user that the image may set is not assumed: no fix that is dangerous for root', async () => {
    const files = {
      [FILE]:
        '{ "build": { "dockerfile": "Dockerfile" }, "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"] }',
      '.devcontainer/Dockerfile': `FROM ${IMAGE}\nRUN apt-get install -y bubblewrap=0.12.0-1\nUSER dev\n`,
    };
    const { findings, fixesOf, repairs } = await judged(files, ['docker-desktop']);
    const fixes = [...findings.flatMap(fixesOf), ...repairs().fixes(), ...repairs().otherWays()];
    assert.ok(findings.some(({ gate }) => gate === 'proc-mount'));
    assert.deepEqual(
      fixes.filter(({ relaxations }) => relaxations.includes('systempaths-unconfined')),
      [],
    );
  });

  test('nothing is called needless for what is only assumed', async () => {
    const json = `{
      "image": "mcr.microsoft.com/devcontainers/base:bookworm",
      "features": { "ghcr.io/acme/features/a:1": {} },
      "securityOpt": ["seccomp=unconfined"],
      "capAdd": ["NET_ADMIN"]
    }`;
    const judgement = await judged({ [FILE]: json }, ['docker-desktop']);
    assert.deepEqual(outcomes(judgement), ['docker-desktop works']);
    assert.deepEqual(found(judgement), []);
  });

  const labels: readonly ImageMetadata[] = [
    {},
    { privileged: true },
    { securityOpt: ['seccomp=unconfined', 'apparmor=unconfined'] },
    { securityOpt: ['seccomp=/etc/other.json'] },
    { capAdd: ['SYS_ADMIN', 'SYS_PTRACE'], remoteUser: 'root' },
  ];
  for (const metadata of labels) {
    test(`the repair works as well where the image sets ${JSON.stringify(metadata)}`, async () => {
      const before = await judged(PRIVATE, ['docker-desktop', 'docker-linux']);
      const repair = before.repairs().fixes().at(-1);
      assert.ok(repair);
      assert.deepEqual([...repair.relaxations].sort(), ['apparmor-unconfined', 'seccomp-tailored']);
      const files: WorkspaceFiles = {
        ...overlay(memoryFiles(PRIVATE), applyAll(before.configuration.texts, repair.edits)),
        image: (reference) => Promise.resolve(reference === IMAGE ? { user: 'root', metadata } : undefined),
      };
      const after = await judgedIn(files, ['docker-desktop', 'docker-linux']);
      const failing = after.predictions.filter(({ outcome }) => outcome === 'fails');
      assert.deepEqual(failing, []);
    });
  }
});
