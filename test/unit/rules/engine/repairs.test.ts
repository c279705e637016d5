import assert from 'node:assert/strict';
import { DEFAULT_HOSTS, HOSTS, type HostName } from '../../../../src/model/host.js';
import { HOST_CHANGES } from '../../../../src/model/plan/hostChange.js';
import { judge } from '../../../../src/rules/judge.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';
import { example, PLAIN_DOCKERFILE, RELAXED } from '../../../../src/rules/shared/examples.js';
import type { Example, Fix } from '../../../../src/rules/engine/rule.js';
import { applyAll } from '../../appliedEdits.js';
import type { Asked } from '../asked.js';
import { judgedAndAsked } from '../../judged.js';

function titles(fixes: readonly Fix[]): readonly string[] {
  return fixes.map((fix) => fix.title);
}

/** The hosts on which it works with the fix. */
async function workingWith(fix: Fix, files: Example, hosts: readonly HostName[]): Promise<readonly string[]> {
  const after = await judgedAndAsked(Object.fromEntries(applyAll(new Map(Object.entries(files)), fix.edits)), hosts);
  return after.predictions.filter((p) => p.outcome === 'works').map((p) => p.host);
}

const FILTER = 'system-call filter (seccomp) for this container.';

/** The hosts that are judged by default, but named: in another order. */
const NAMED: readonly HostName[] = ['docker-linux', 'docker-desktop', 'docker-ubuntu', 'docker-ubuntu-bwrap-profile'];

suite('repairs of the whole container and other ways to the same', () => {
  test('where one host costs much more, the cheaper repair comes first and says for which hosts it is', async () => {
    const { repairs } = await judgedAndAsked(example(''), ['docker-desktop', 'podman-rootful']);
    assert.deepEqual(titles(repairs), [
      'Make Codex work on Docker Desktop (2 changes)',
      'Make Codex work here (3 changes)',
    ]);
    assert.deepEqual(
      repairs.map(({ relaxations }) => relaxations),
      [['seccomp-tailored'], ['seccomp-tailored', 'apparmor-unconfined']],
    );
    assert.deepEqual(
      repairs.map(({ hosts }) => hosts),
      [['docker-desktop'], ['docker-desktop', 'podman-rootful']],
    );
  });

  test('the same stages whether the hosts were named or not', async () => {
    const decide = ['docker-desktop', 'docker-linux'] as const;
    const [named, unnamed] = [await judgedAndAsked(example(''), decide), await judgedAndAsked(example(''))];
    assert.deepEqual(titles(named.repairs), titles(unnamed.repairs));
    assert.equal(named.repairs.length, 2);
  });

  test('a title counts the changes that the details name', async () => {
    const { repairs } = await judgedAndAsked(example(''), ['docker-desktop']);
    const [{ title, details } = { title: '', details: [] }] = repairs;
    assert.equal(title, `Make Codex work here (${details.length} changes)`);
  });

  test('what Ubuntu alone needs of SYS_ADMIN and setuid is offered where Ubuntu was named, by its price', async () => {
    const files = example('');
    const { repairs, otherWays, onRequest: unnamed } = await judgedAndAsked(files, DEFAULT_HOSTS);
    assert.deepEqual(repairs.at(-1)?.relaxations, ['seccomp-tailored', 'apparmor-unconfined']);
    assert.deepEqual([unnamed.hosts, unnamed.repairs, unnamed.otherWays], [[], [], []]);
    assert.ok([...repairs, ...otherWays].every(({ relaxations }) => !relaxations.includes('cap-SYS_ADMIN')));

    const { onRequest } = await judgedAndAsked(files, NAMED);
    assert.deepEqual(onRequest.hosts, ['docker-ubuntu']);
    const [dearest, ...others] = onRequest.repairs;
    assert.deepEqual(others, []);
    assert.equal(dearest?.title, 'Also on Ubuntu 24.04 hosts (adds SYS_ADMIN and setuid)');
    assert.equal(dearest.needsReview, true);
    assert.ok(dearest.details.includes('Makes root in the container nearly root on the host.'));
    assert.deepEqual(dearest.hosts, NAMED);
    assert.deepEqual(await workingWith(dearest, files, NAMED), NAMED);
  });

  test('a change of the host comes before what gives root more power, and says what it is', async () => {
    const { repairs, onRequest } = await judgedAndAsked(example(''), ['docker-ubuntu']);
    assert.deepEqual(repairs, []);
    const [first, second] = onRequest.repairs;
    assert.equal(first?.title, 'On Ubuntu 24.04 hosts (with a command on the host)');
    assert.equal(first.needsReview, false);
    assert.ok(first.details.some((line) => line.startsWith('On the host: load the AppArmor profile ')));
    assert.equal(second?.onHost, undefined);
    // Where the files are ready for it, the repair that is made anyway says so.
    const plain = `${PLAIN_DOCKERFILE}RUN apt-get update && apt-get install -y bubblewrap\n`;
    const ready = await judgedAndAsked(example('', plain), ['docker-linux', 'docker-ubuntu']);
    assert.equal(ready.repairs.at(-1)?.onHost, HOST_CHANGES.systemBwrap);
    assert.ok(ready.onRequest.repairs.every(({ onHost }) => onHost === undefined));
  });

  test('hosts that nobody named decide nothing: neither a severity nor what is repaired unasked', async () => {
    const severities = async (hosts: readonly HostName[]): Promise<readonly string[]> => {
      const { findings } = await judgedAndAsked(example(RELAXED), hosts);
      return findings.filter(({ gate }) => gate !== undefined).map(({ rule, severity }) => `${severity} ${rule}`);
    };
    assert.deepEqual(await severities(DEFAULT_HOSTS), ['info ubuntu-userns']);
    assert.deepEqual(await severities(['docker-desktop', 'docker-ubuntu-bwrap-profile']), ['warning bwrap-unprofiled']);
    assert.deepEqual(await severities(['docker-ubuntu-bwrap-profile']), ['error bwrap-unprofiled']);
    const reversed = [...DEFAULT_HOSTS].reverse();
    assert.deepEqual(await severities(reversed), ['warning bwrap-unprofiled', 'warning setuid-missing']);
    const [configuration] = await readConfigurations(memoryFiles(example('"securityOpt": ["apparmor=unconfined"]')));
    assert.ok(configuration);
    for (const [hostsNamed, hosts] of [
      [undefined, ['docker-desktop', 'docker-linux']],
      [false, ['docker-desktop', 'docker-linux']],
      [true, ['docker-desktop', 'docker-linux', 'docker-ubuntu-bwrap-profile']],
    ] as const) {
      const judgement = judge(configuration, { hosts: DEFAULT_HOSTS.map((name) => HOSTS[name]), hostsNamed });
      // What every host that decides fails at is an error, whatever the others do.
      assert.equal(judgement.findings.find(({ rule }) => rule === 'seccomp-profile')?.severity, 'error');
      const [fix] = judgement.repairs().fixes();
      assert.deepEqual(fix?.hosts, hosts);
      assert.equal(judgement.isRepairable(), true);
    }
  });

  test('where the deciding hosts work, nothing is repaired unasked', async () => {
    const { repairs, isRepairable, onRequest } = await judgedAndAsked(example(RELAXED));
    assert.deepEqual([titles(repairs), isRepairable(), onRequest.repairs], [[], false, []]);
  });

  test('the profile runc, where every host that was named has it, says what it needs', async () => {
    const files = example('');
    const both = ['docker-ubuntu', 'docker-ubuntu-bwrap-profile'] as const;
    const { repairs, onRequest } = await judgedAndAsked(files, both);
    assert.deepEqual(titles(repairs), ['Make Codex work on Ubuntu 25.04 and later (4 changes)']);
    const fix = onRequest.repairs.at(-1);
    assert.equal(fix?.title, 'Also on Ubuntu 24.04 hosts (needs AppArmor 4)');
    assert.deepEqual(fix.relaxations, ['seccomp-tailored', 'apparmor-runc']);
    assert.deepEqual(await workingWith(fix, files, both), both);
  });

  test('where no-new-privileges is in the way, what needs its removal says so', async () => {
    const linux = await judgedAndAsked(example('"securityOpt": ["no-new-privileges"]'), [
      'docker-linux',
      'docker-ubuntu',
    ]);
    const fix = linux.onRequest.repairs.at(-1);
    assert.ok(fix);
    assert.ok(fix.relaxations.includes('no-new-privileges-removed'));
    assert.ok(fix.removes.includes('no-new-privileges'));
    assert.ok(fix.details.includes('Lets setuid programs gain privileges.'));
  });

  test('each other way says what it gives away beyond the repair; the recipe that people know comes last', async () => {
    const files = example('');
    const { otherWays: modest } = await judgedAndAsked(files, DEFAULT_HOSTS);
    assert.deepEqual(titles(modest), ['Use seccomp=unconfined instead']);
    assert.ok(
      modest.every(({ needsReview, details }) => needsReview && details.includes(`Disables Docker's ${FILTER}`)),
    );
    const { otherWays } = (await judgedAndAsked(files, NAMED)).onRequest;
    assert.deepEqual(titles(otherWays), [
      'Use seccomp=unconfined instead',
      "Use OpenAI's secure profile instead (adds SYS_ADMIN)",
    ]);
    for (const way of otherWays) {
      assert.deepEqual([way.preferred, way.needsReview], [false, true]);
      assert.deepEqual(await workingWith(way, files, NAMED), NAMED);
    }
  });

  test('no recipe for hosts that do not ask for it, and no other way where nothing is to do', async () => {
    const desktop = await judgedAndAsked(example(''), ['docker-desktop']);
    assert.deepEqual(titles(desktop.otherWays), ['Use seccomp=unconfined instead']);
    assert.deepEqual((await judgedAndAsked(example(''), ['podman'])).otherWays, []);
    assert.deepEqual((await judgedAndAsked(example(''), ['docker-no-userns'])).otherWays, []);
  });

  test('says why the bubblewrap of Codex is not copied, where that would need no capability', async () => {
    const files = {
      '.devcontainer/devcontainer.json':
        '{ "image": "alpine:3.22", "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"], "onCreateCommand": "for i in 1; do npm install -g @openai/codex; done" }',
    };
    const { onRequest } = await judgedAndAsked(files, ['docker-desktop', 'docker-ubuntu-bwrap-profile']);
    const refused = /^A copy of the bubblewrap of Codex is not possible: .+\.$/;
    assert.ok(onRequest.repairs.some(({ details }) => details.some((line) => refused.test(line))));
  });

  test('what is still not known is counted', async () => {
    const files = {
      '.devcontainer/devcontainer.json': '{ "image": "alpine", "onCreateCommand": "apk add bubblewrap" }',
    };
    const [repair] = (await judgedAndAsked(files, ['docker-desktop'])).repairs;
    assert.equal(repair?.title, 'Fix the known problems (1 unknown remains)');
  });

  test('a capability that does no harm stays: its own finding is about it', async () => {
    const files = example('"capAdd": ["NET_ADMIN"]');
    const { findings, repairs } = await judgedAndAsked(files, ['docker-desktop']);
    const own = findings.find(({ rule }) => rule === 'capability-in-vain');
    assert.deepEqual(
      own?.fixes.map(({ removes }) => removes),
      [['capability NET_ADMIN']],
    );
    for (const { removes, adds } of repairs) {
      assert.deepEqual(
        [...removes, ...adds].filter((what) => what.startsWith('capability')),
        [],
      );
    }
  });
});

suite('what a Compose service shares with others', () => {
  const files = {
    '.devcontainer/devcontainer.json':
      '{ "dockerComposeFile": "compose.yaml", "service": "app", "remoteUser": "vscode" }\n',
    '.devcontainer/compose.yaml': 'services:\n  app:\n    extends: { file: common.yaml, service: base }\n',
    '.devcontainer/common.yaml':
      'services:\n  base:\n    image: mcr.microsoft.com/devcontainers/base:bookworm\n    cap_add: [SYS_ADMIN]\n',
  };

  test('a capability that is of no use and cannot be taken back does not keep the rest from being repaired', async () => {
    const before = await judgedAndAsked(files, ['docker-desktop']);
    assert.equal(before.predictions[0]?.gate, 'pivot-root');
    assert.ok(before.findings.some(({ rule }) => rule === 'capability-in-vain'));
    const [repair] = before.repairs;
    assert.ok(repair, 'there is a repair');
    assert.deepEqual(await workingWith(repair, files, ['docker-desktop']), ['docker-desktop']);
    assert.ok(repair.edits.every(({ file }) => file !== '.devcontainer/common.yaml'));
  });
});

suite('added capabilities under Podman', () => {
  const hosts = ['podman'] as const;
  /** The container itself runs as the user, which a remoteUser alone does not bring about. */
  const OWN = '"containerUser": "vscode"';
  const found = ({ findings }: Asked): Asked['findings'][number] => {
    const [finding, ...others] = findings.filter((f) => f.rule === 'podman-added-capabilities');
    assert.ok(finding);
    assert.deepEqual(others, []);
    return finding;
  };

  test('the repair and the finding’s own fix take them out, wherever devcontainer.json adds them', async () => {
    for (const properties of ['"capAdd": ["SYS_PTRACE", "cap_bpf"]', '"runArgs": ["--cap-add", "SYS_PTRACE"]']) {
      assert.deepEqual((await judgedAndAsked(example(properties), hosts)).repairs, []);
      const files = example(`${OWN},\n${properties}`);
      const judgement = await judgedAndAsked(files, hosts);
      assert.deepEqual(
        judgement.repairs.map(({ relaxations }) => relaxations),
        [['capabilities-removed']],
      );
      const [fix] = found(judgement).fixes;
      assert.equal(fix?.preferred, true);
      for (const each of [fix, judgement.repairs[0]!]) {
        assert.deepEqual(await workingWith(each, files, hosts), ['podman']);
      }
    }
  });

  test('what a program of these files needs is taken out by nobody but its user', async () => {
    const files = example(
      `${OWN},\n"capAdd": ["NET_ADMIN"]`,
      `${PLAIN_DOCKERFILE}RUN apt-get update && apt-get install -y iptables\n`,
    );
    const judgement = await judgedAndAsked(files, hosts);
    const { message, fixes } = found(judgement);
    assert.match(message, /^Remove NET_ADMIN, then rebuild the container\.\nIptables in these files needs them\.$/m);
    assert.deepEqual(
      fixes.map(({ preferred }) => preferred),
      [false],
    );
    assert.ok(judgement.repairs.every((r) => !r.relaxations.includes('capabilities-removed')));
  });

  test('what a Feature adds cannot be taken out', async () => {
    const feature = example(`${OWN}, "features": { "ghcr.io/devcontainers/features/go:1": {} }, "capAdd": ["BPF"]`);
    const judgement = await judgedAndAsked(feature, hosts);
    const { message, fixes } = found(judgement);
    assert.match(message, /^Use a base image or Feature that does not add .+, then rebuild the container\.$/m);
    assert.deepEqual(fixes, []);
    assert.ok(judgement.repairs.every((r) => !r.relaxations.includes('capabilities-removed')));
  });
});
