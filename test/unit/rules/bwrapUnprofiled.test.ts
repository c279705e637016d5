import assert from 'node:assert/strict';
import { HOSTS, type HostName } from '../../../src/model/host.js';
import { known } from '../../../src/model/container/container.js';
import type { Example, Finding } from '../../../src/rules/engine/rule.js';
import { judge } from '../../../src/rules/judge.js';
import { example, PLAIN_DOCKERFILE, RELAXED } from '../../../src/rules/shared/examples.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../appliedEdits.js';
import { judged, judgedAndAsked } from '../judged.js';
import { memoryFiles } from '../memoryFiles.js';

const UBUNTU = 'docker-ubuntu-bwrap-profile';
const WITHOUT = 'bwrap-unprofiled';

function withBwrap(release: string, more = ''): Example {
  const dockerfile = `${PLAIN_DOCKERFILE.replace('debian:12', release)}RUN apt-get update && apt-get install -y bubblewrap\n${more}`;
  return example(RELAXED, dockerfile);
}

async function closed(files: Example, hosts?: readonly HostName[]): Promise<readonly Finding[]> {
  return (await judged(files, hosts)).findings.filter(({ gate }) => gate !== undefined);
}

async function rules(files: Example, hosts?: readonly HostName[]): Promise<readonly string[]> {
  return (await closed(files, hosts)).map(({ rule }) => rule);
}

// test/ground-truth/rows/docker-ubuntu-bwrap-profile.jsonl
suite('hosts with an AppArmor profile for /usr/bin/bwrap', () => {
  test('a plain bubblewrap of the image: no finding; none in the image: one, at the image', async () => {
    assert.deepEqual(await rules(withBwrap('debian:12'), [UBUNTU]), []);
    const { findings } = await judgedAndAsked(example(RELAXED), [UBUNTU]);
    const [found] = findings;
    assert.equal(found?.rule, WITHOUT);
    assert.equal(found.gate, 'loopback');
    assert.equal(found.headline, 'Codex cannot start: the host restricts user namespaces');
    assert.deepEqual(found.details.slice(0, 4), [
      'Use bubblewrap from the distribution, then rebuild the container.',
      'Or on the host: load an AppArmor profile for the bubblewrap that comes with Codex.',
      'The AppArmor profile of these hosts is for /usr/bin/bwrap.',
      'The image has none, so Codex starts its own.',
    ]);
    assert.deepEqual(
      found.fixes.map(({ relaxations, preferred }) => [relaxations, preferred]),
      [[['bwrap-installed'], true]],
    );
  });

  test('elsewhere than where packages put it: the place is named', async () => {
    const [configuration] = await readConfigurations(memoryFiles(withBwrap('debian:12')));
    assert.ok(configuration);
    const at = (path: string): string => {
      const { container } = configuration;
      const moved = { ...container, bwrap: { ...container.bwrap, path: known(path) } };
      const { findings } = judge({ ...configuration, container: moved }, { hosts: [HOSTS[UBUNTU]] });
      return findings.find(({ rule }) => rule === WITHOUT)?.message ?? '';
    };
    assert.match(
      at('/usr/local/bin/bwrap'),
      /^On the host: load an AppArmor profile[^]*^The image has it at \/usr\/local\/bin\/bwrap\.$/m,
    );
    assert.equal(at('/usr/bin/bwrap'), '');
  });

  test('a version of Codex that always starts its own', async () => {
    const { findings } = await judged(withBwrap('debian:12'), [UBUNTU], '0.115.0');
    assert.match(findings.find(({ rule }) => rule === WITHOUT)?.message ?? '', /^Codex starts another one\.$/m);
  });

  test('a package of 0.12 is no way out: it would stop at /proc, also where the sandbox works', async () => {
    const files = example(RELAXED, PLAIN_DOCKERFILE.replace('debian:12', 'debian:13'));
    const hosts = ['docker-linux', UBUNTU] as const;
    const found = (await judgedAndAsked(files, hosts)).findings.find(({ rule }) => rule === WITHOUT);
    assert.ok(found);
    assert.deepEqual(found.fixes, []);
    assert.equal(found.details[0], 'On the host: load an AppArmor profile for the bubblewrap that comes with Codex.');
    const npm = `${PLAIN_DOCKERFILE.replace('debian:12', 'debian:13')}RUN apt-get update && apt-get install -y npm && npm install -g @openai/codex@0.169.0\n`;
    const copied = (await judgedAndAsked(example(RELAXED, npm), hosts)).findings.find(({ rule }) => rule === WITHOUT);
    assert.deepEqual(
      copied?.fixes.map(({ relaxations }) => relaxations),
      [['bwrap-copied']],
    );
  });

  test('the profile runc is offered where all hosts have it, and not instead of apparmor=unconfined', async () => {
    const dockerfile = PLAIN_DOCKERFILE.replace('debian:12', 'debian:13');
    const confined = example('"securityOpt": ["seccomp=unconfined"]', dockerfile);
    assert.deepEqual(
      (await judgedAndAsked(confined, ['docker-ubuntu'])).onRequest.repairs.map(({ relaxations }) => relaxations),
      [['bwrap-installed', 'apparmor-unconfined', 'systempaths-unconfined'], ['apparmor-runc']],
    );
    const { findings, onRequest, repairs } = await judgedAndAsked(example(RELAXED, dockerfile), [UBUNTU]);
    assert.deepEqual([findings[0]?.fixes, onRequest.repairs], [[], []]);
    assert.deepEqual(
      repairs.map(({ relaxations }) => relaxations),
      [['bwrap-installed', 'systempaths-unconfined']],
    );
    assert.match(findings[0]?.message ?? '', /^On the host: load an AppArmor profile for the bubblewrap/m);
  });
});

suite('a setuid bit that keeps the profile from attaching', () => {
  const SETUID = 'RUN chmod u+s /usr/bin/bwrap\n';

  test('named alone: an error that says so, and the fix takes the bit away', async () => {
    const files = withBwrap('debian:12', SETUID);
    const { findings, predictions } = await judgedAndAsked(files, [UBUNTU]);
    assert.equal(predictions[0]?.outcome, 'fails');
    const [found, ...others] = findings.filter(({ gate }) => gate !== undefined);
    assert.deepEqual(others, []);
    assert.equal(found?.rule, 'setuid-without-capabilities');
    assert.equal(found.severity, 'error');
    assert.equal(found.headline, 'Codex cannot start: bubblewrap is setuid');
    assert.equal(found.details[0], 'Delete the command that sets the setuid bit, then rebuild the container.');
    assert.deepEqual(
      found.fixes.map(({ relaxations, preferred }) => [relaxations, preferred]),
      [[['bwrap-not-setuid'], true]],
    );
    const after = Object.fromEntries(applyAll(new Map(Object.entries(files)), found.fixes[0]!.edits));
    assert.equal((await judged(after, [UBUNTU])).predictions[0]?.outcome, 'works');
  });

  test('beside hosts that need none it is a warning, and by default the information about Ubuntu says it', async () => {
    const files = withBwrap('debian:12', SETUID);
    const [warned, ...others] = await closed(files, ['docker-desktop', UBUNTU]);
    assert.deepEqual([warned?.rule, warned?.severity, others.length], ['setuid-without-capabilities', 'warning', 0]);
    const [found, ...more] = await closed(files);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [found?.rule, found?.severity, found?.hosts],
      ['ubuntu-userns', 'info', ['docker-ubuntu', UBUNTU]],
    );
    assert.match(found?.message ?? '', /^Ubuntu 25\.04 and later: remove the setuid bit from bubblewrap/m);
    const [named] = await closed(files, ['docker-ubuntu', UBUNTU]);
    assert.match(named?.message ?? '', /^Ubuntu 25\.04 and later need bubblewrap without setuid\.$/m);
  });

  test('for root, under no-new-privileges and with its capabilities it does no harm', async () => {
    const [, json = ''] = Object.entries(withBwrap('debian:12'))[0] ?? [];
    assert.ok(json.includes('"vscode"'));
    const root = {
      ...withBwrap('debian:12', SETUID),
      '.devcontainer/devcontainer.json': json.replace('"vscode"', '"root"'),
    };
    assert.deepEqual(await rules(root, [UBUNTU]), []);
    const inert = {
      ...root,
      '.devcontainer/devcontainer.json': json.replace('"seccomp=', '"no-new-privileges", "seccomp='),
    };
    assert.deepEqual(await rules(inert, [UBUNTU]), []);
  });

  test('of a 0.12 the bit is not taken away: Codex’s own takes its place, where the files install it', async () => {
    const files = withBwrap('debian:13', SETUID);
    const [found] = (await judgedAndAsked(files, [UBUNTU])).findings.filter(({ rule }) => rule === 'setuid-refused');
    assert.match(found?.message ?? '', /^Replace it with the bubblewrap that comes with Codex, then rebuild/m);
    assert.deepEqual(found?.fixes, []);
    const npm = withBwrap('debian:13', `${SETUID}RUN apt-get install -y npm && npm install -g @openai/codex@0.169.0\n`);
    const [copied] = (await judgedAndAsked(npm, [UBUNTU])).findings.filter(({ rule }) => rule === 'setuid-refused');
    assert.deepEqual(
      copied?.fixes.map(({ relaxations }) => relaxations),
      [['bwrap-copied']],
    );
  });
});
