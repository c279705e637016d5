import assert from 'node:assert/strict';
import { HOSTS, type HostName } from '../../../src/model/host.js';
import { judge, type Judgement } from '../../../src/rules/judge.js';
import { concernOf } from '../../../src/rules/engine/sharedFiles.js';
import { withImages } from '../../../src/sources/workspace/files.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../appliedEdits.js';
import { memoryFiles } from '../memoryFiles.js';
import { judgedAll } from '../judged.js';

type Files = Readonly<Record<string, string>>;

const FILE = '.devcontainer/devcontainer.json';
const DOCKERFILE = { '.devcontainer/Dockerfile': 'FROM debian:13\nRUN useradd -m dev\n' };
const FEATURE = '.devcontainer/tools/devcontainer-feature.json';
const RELAXED = '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]';

function using(feature: string, more = ''): string {
  return `{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "dev", "features": { "${feature}": {} }${more} }`;
}

async function judgedWith(files: Files, ...hosts: readonly HostName[]): Promise<readonly Judgement[]> {
  return judgedAll({ ...DOCKERFILE, ...files }, hosts);
}

function ruleIds({ findings }: Judgement): readonly string[] {
  return findings.map(({ rule }) => rule);
}

suite('relaxations of local Features', () => {
  const needless: Readonly<Record<string, readonly [host: HostName, feature: string, own: string]>> = {
    'capability-in-vain': ['docker-desktop', '"capAdd": ["SYS_ADMIN"]', `, ${RELAXED}`],
    'privileged-needless': ['docker-desktop', '"privileged": true', ''],
    'apparmor-unconfined-needless': [
      'docker-desktop',
      '"securityOpt": ["apparmor=unconfined"]',
      ', "securityOpt": ["seccomp=./x.json"]',
    ],
    'seccomp-unconfined-needless': ['podman', '"securityOpt": ["seccomp=unconfined"]', ''],
    'systempaths-unconfined-needless': ['docker-desktop', '"securityOpt": ["systempaths=unconfined"]', `, ${RELAXED}`],
  };
  for (const [rule, [host, said, own]] of Object.entries(needless)) {
    test(`${rule}: the fix removes it from the Feature and says so`, async () => {
      const files: Files = {
        [FILE]: using('./tools', own),
        [FEATURE]: `{ "id": "tools", ${said} }`,
        '.devcontainer/x.json': '{ "defaultAction": "SCMP_ACT_ALLOW" }',
        'x.json': '{ "defaultAction": "SCMP_ACT_ALLOW" }',
      };
      const [before] = await judgedWith(files, host);
      const finding = before?.findings.find((each) => each.rule === rule);
      assert.ok(finding, JSON.stringify(before?.findings, null, 1));
      assert.equal(finding.place.file, FEATURE);
      const [fix] = before!.fixesOf(finding);
      assert.ok(fix);
      assert.ok(
        fix.details.some((line) => line.endsWith(`(${FEATURE}).`) || line.includes(`, ${FEATURE}`)),
        String(fix.details),
      );
      const [after] = await judgedWith(Object.fromEntries(applyAll(new Map(Object.entries(files)), fix.edits)), host);
      assert.ok(after && !ruleIds(after).includes(rule));
      assert.equal(after.predictions[0]?.outcome, 'works');
    });
  }

  test('the repair leaves the Feature alone where nothing in it is in the way', async () => {
    const files = { [FILE]: using('./tools'), [FEATURE]: '{ "id": "tools", "capAdd": ["SYS_ADMIN"] }' };
    const [before] = await judgedWith(files, 'docker-desktop');
    const repair = before?.repairs().fixes().at(-1);
    assert.ok(repair);
    assert.deepEqual(
      [repair.removes, repair.edits.filter(({ file }) => file === FEATURE)],
      [['default seccomp profile'], []],
    );
    const [after] = await judgedWith(
      Object.fromEntries(applyAll(new Map(Object.entries(files)), repair.edits)),
      'docker-desktop',
    );
    assert.equal(after?.predictions[0]?.outcome, 'works');
  });

  test('what an image adds is said to stay, and has no fix', async () => {
    const files = {
      [FILE]: `{ "image": "debian:13", "features": { "./tools": {} }, ${RELAXED} }`,
      [FEATURE]: '{ "id": "tools", "capAdd": ["SYS_ADMIN"] }',
    };
    const labelled = withImages(memoryFiles(files), () =>
      Promise.resolve({ user: 'root', metadata: { capAdd: ['SYS_ADMIN'] } }),
    );
    const [configuration] = await readConfigurations(labelled);
    assert.ok(configuration);
    const judgement = judge(configuration, { hosts: [HOSTS['docker-desktop']] });
    const finding = judgement.findings.find(({ rule }) => rule === 'capability-in-vain');
    assert.ok(finding);
    assert.match(finding.message, /It comes with the image or the published Feature that is named here/);
    assert.deepEqual(judgement.fixesOf(finding), []);
    assert.deepEqual(
      finding.related.map(({ place }) => place.file),
      [FEATURE],
    );
  });

  test('a finding in a Feature says which configurations use it, be it that one overrules it', async () => {
    const [a, b] = ['.devcontainer/a/devcontainer.json', '.devcontainer/b/devcontainer.json'];
    const using = (more: string): string =>
      `{ "image": "debian:12", "features": { "../tools": {} }, "remoteUser": "root"${more} }`;
    const judgements = await judgedWith(
      {
        [a]: using(''),
        [b]: using(', "securityOpt": ["seccomp=builtin"]'),
        [FEATURE]: '{ "id": "tools", "securityOpt": ["seccomp=unconfined"] }',
      },
      'docker-desktop',
    );
    const finding = judgements[0]?.findings.find(({ place }) => place.file === FEATURE);
    assert.ok(finding);
    assert.equal(concernOf(finding, judgements)?.sentence, `This concerns ${a}. It does not concern ${b}.`);
  });
});
