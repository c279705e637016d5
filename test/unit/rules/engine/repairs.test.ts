import assert from 'node:assert/strict';
import { DEFAULT_HOSTS, HOSTS, type HostName } from '../../../../src/model/host.js';
import { list } from '../../../../src/model/wordList.js';
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

suite('repairs of the whole container and other ways to the same', () => {
  test('where one host costs much more, the cheaper repair comes first and the dearer one says what it buys', async () => {
    const { repairs } = await judgedAndAsked(example(''), ['docker-desktop', 'podman-rootful']);
    assert.deepEqual(titles(repairs), [
      'Make Codex work here on docker-desktop: a tailored seccomp profile',
      'Make Codex work here on docker-desktop, also on podman-rootful: a tailored seccomp profile and apparmor=unconfined',
    ]);
  });

  test('what a host needs of SYS_ADMIN and setuid is an action of its own, which says so first', async () => {
    const files = example('');
    const { repairs, onRequest } = await judgedAndAsked(files, DEFAULT_HOSTS);
    assert.deepEqual(titles(repairs), [
      'Make Codex work here on docker-desktop and docker-linux: a tailored seccomp profile and apparmor=unconfined',
    ]);
    assert.deepEqual(onRequest.hosts, ['docker-ubuntu', 'docker-ubuntu-bwrap-profile']);
    assert.deepEqual(titles(onRequest.repairs), [
      'Also on docker-ubuntu-bwrap-profile: bubblewrap from the distribution, a tailored seccomp profile and apparmor=unconfined',
      'Also on docker-ubuntu and docker-ubuntu-bwrap-profile (adds a setuid bubblewrap and SYS_ADMIN): a tailored seccomp profile, apparmor=unconfined, a setuid bubblewrap and the capabilities NET_ADMIN, SYS_ADMIN and SYS_PTRACE',
    ]);
    const others = DEFAULT_HOSTS.filter((name) => name !== 'docker-ubuntu');
    for (const [index, working] of [others, DEFAULT_HOSTS].entries()) {
      const fix = onRequest.repairs[index];
      assert.ok(fix);
      assert.deepEqual(fix.hosts, working);
      assert.deepEqual(await workingWith(fix, files, DEFAULT_HOSTS), working);
    }
  });

  test('hosts that nobody named decide nothing: neither a severity nor what is repaired unasked', async () => {
    const severities = async (hosts: readonly HostName[]): Promise<readonly string[]> => {
      const { findings } = await judgedAndAsked(example(RELAXED), hosts);
      return findings.filter(({ gate }) => gate !== undefined).map(({ rule, severity }) => `${severity} ${rule}`);
    };
    assert.deepEqual(await severities(DEFAULT_HOSTS), ['info bwrap-unprofiled', 'info setuid-missing']);
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
      assert.ok(fix?.title.startsWith(`Make Codex work here on ${list(hosts)}: `), fix?.title);
      assert.equal(judgement.isRepairable(), true);
    }
  });

  test('where the deciding hosts work, nothing is repaired unasked', async () => {
    const { repairs, isRepairable, onRequest } = await judgedAndAsked(example(RELAXED));
    assert.deepEqual(titles(repairs), []);
    assert.equal(isRepairable(), false);
    assert.equal(onRequest.repairs.length, 2);
  });

  test('the profile runc, where every host that was named has it, says what it needs', async () => {
    const files = example('');
    const both = ['docker-ubuntu', 'docker-ubuntu-bwrap-profile'] as const;
    const { repairs, onRequest } = await judgedAndAsked(files, both);
    assert.deepEqual(titles(repairs), [
      'Make Codex work here on docker-ubuntu-bwrap-profile: bubblewrap from the distribution, a tailored seccomp profile and apparmor=unconfined',
    ]);
    assert.deepEqual(titles(onRequest.repairs), [
      'Also on docker-ubuntu (needs AppArmor 4’s own profile runc on the host): a tailored seccomp profile and apparmor=runc',
    ]);
    assert.deepEqual(await workingWith(onRequest.repairs[0]!, files, both), both);
  });

  test('where only such a host is asked for, and where no-new-privileges is in its way', async () => {
    const ubuntu = await judgedAndAsked(example('"securityOpt": ["no-new-privileges"]'), ['docker-ubuntu']);
    assert.deepEqual(titles(ubuntu.repairs), []);
    assert.deepEqual(
      titles(ubuntu.onRequest.repairs).map((title) => title.split(':')[0]),
      ['On docker-ubuntu (needs AppArmor 4’s own profile runc on the host)'],
    );
    const linux = await judgedAndAsked(example('"securityOpt": ["no-new-privileges"]'), [
      'docker-linux',
      'docker-ubuntu',
    ]);
    assert.deepEqual(
      titles(linux.onRequest.repairs).map((title) => title.split(':')[0]),
      ['Also on docker-ubuntu (adds a setuid bubblewrap and SYS_ADMIN, removes no-new-privileges)'],
    );
  });

  test('each other way says what it gives away beyond the repair; the recipe that people know comes last', async () => {
    const files = example('');
    const { otherWays: modest, onRequest } = await judgedAndAsked(files, DEFAULT_HOSTS);
    const { otherWays } = onRequest;
    assert.deepEqual(titles(modest), [
      'Or, on docker-desktop and docker-linux: apparmor=unconfined and seccomp=unconfined (which also gives away the whole system call filter (keyctl, userfaultfd, io_uring, AF_ALG, …))',
    ]);
    assert.deepEqual(titles(otherWays), [
      'Or, on docker-desktop, docker-linux, docker-ubuntu and docker-ubuntu-bwrap-profile: apparmor=unconfined, a setuid bubblewrap, seccomp=unconfined and the capabilities NET_ADMIN, SYS_ADMIN and SYS_PTRACE (which also gives away the whole system call filter (keyctl, userfaultfd, io_uring, AF_ALG, …))',
      'Or, on docker-desktop, docker-linux, docker-ubuntu and docker-ubuntu-bwrap-profile: OpenAI’s secure profile, that is a setuid bubblewrap, seven capabilities, no seccomp filter and no AppArmor (which also gives away the whole system call filter (keyctl, userfaultfd, io_uring, AF_ALG, …))',
    ]);
    for (const way of otherWays) {
      assert.equal(way.preferred, false);
      assert.deepEqual(await workingWith(way, files, DEFAULT_HOSTS), DEFAULT_HOSTS);
    }
  });

  test('no recipe for hosts that do not ask for it, and no other way where nothing is to do', async () => {
    const desktop = await judgedAndAsked(example(''), ['docker-desktop']);
    assert.deepEqual(titles(desktop.otherWays), [
      'Or, on docker-desktop: seccomp=unconfined (which also gives away the whole system call filter (keyctl, userfaultfd, io_uring, AF_ALG, …))',
    ]);
    assert.deepEqual((await judgedAndAsked(example(''), ['podman'])).otherWays, []);
    assert.deepEqual((await judgedAndAsked(example(''), ['docker-no-userns'])).otherWays, []);
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
      assert.deepEqual(titles(judgement.repairs), ['Make Codex work here on podman: the added capabilities removed']);
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
    assert.match(message, /Remove them, unless iptables in these files needs them, and recreate the container\.$/);
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
    assert.match(
      message,
      /Take the base image or published Feature that adds them away, and recreate the container\.$/,
    );
    assert.deepEqual(fixes, []);
    assert.ok(judgement.repairs.every((r) => !r.relaxations.includes('capabilities-removed')));
  });
});
