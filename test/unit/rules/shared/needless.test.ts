import assert from 'node:assert/strict';
import type { HostName } from '../../../../src/model/host.js';
import { example, PLAIN_DOCKERFILE } from '../../../../src/rules/shared/examples.js';
import type { Example } from '../../../../src/rules/engine/rule.js';
import { applyAll } from '../../appliedEdits.js';
import type { Asked } from '../asked.js';
import { judgedAndAsked } from '../../judged.js';

async function needless(files: Example, hosts?: readonly HostName[]): Promise<Asked['findings']> {
  return (await judgedAndAsked(files, hosts)).findings.filter((f) => f.rule.endsWith('-needless'));
}

async function rules(files: Example, hosts?: readonly HostName[]): Promise<readonly string[]> {
  return (await needless(files, hosts)).map((f) => f.rule);
}

const install = (packages: string): string =>
  `${PLAIN_DOCKERFILE}RUN apt-get update && apt-get install -y ${packages}\n`;

const RELAXED = '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]';

suite('needless relaxations', () => {
  test('privileged gives way to the plan for the hosts on which it works, and these still work', async () => {
    const files = example('"privileged": true // once and for all');
    const [found, ...others] = await needless(files);
    assert.deepEqual(others, []);
    assert.equal(found?.rule, 'privileged-needless');
    assert.equal(found.severity, 'info');
    assert.deepEqual(found.hosts, ['docker-desktop', 'docker-linux']);
    assert.deepEqual(found.fixes[0]?.relaxations, ['seccomp-tailored', 'apparmor-unconfined']);
    const fixed = await judgedAndAsked(
      Object.fromEntries(applyAll(new Map(Object.entries(files)), found.fixes[0].edits)),
    );
    assert.equal(fixed.configuration.container.privileged.value, false);
    const works = fixed.predictions.filter((p) => p.outcome === 'works').map((p) => p.host);
    assert.deepEqual(works, ['docker-desktop', 'docker-linux']);
  });

  test('for the hosts that matter only what they need takes its place', async () => {
    const [found] = await needless(example('"privileged": true'), ['docker-desktop']);
    assert.deepEqual(found?.fixes[0]?.relaxations, ['seccomp-tailored']);
    const [podman] = await needless(example('"privileged": true'), ['podman']);
    assert.deepEqual(podman?.fixes[0]?.relaxations, []);
    assert.equal(podman.fixes[0].title, 'Remove privileged');
  });

  test('privileged stays without a word where the files show another reason', async () => {
    for (const files of [
      example('"privileged": true,\n"features": { "ghcr.io/devcontainers/features/docker-in-docker:2": {} }'),
      example('"privileged": true,\n"runArgs": ["--device=/dev/kvm"]'),
      example('"privileged": true,\n"mounts": ["source=/dev,target=/dev,type=bind"]'),
      example('"privileged": true', install('docker.io')),
      example('"privileged": true', install('iptables')),
      example('"privileged": true', install('gdb')),
      example('"features": { "ghcr.io/devcontainers/features/docker-in-docker:2": {} }'),
    ]) {
      assert.deepEqual(await rules(files), [], JSON.stringify(files));
    }
  });

  test('seccomp=unconfined in runArgs is replaced where it stands', async () => {
    const files = example('"runArgs": ["--security-opt", "seccomp=unconfined", "--security-opt=apparmor=unconfined"]');
    const [found] = await needless(files);
    assert.equal(found?.rule, 'seccomp-unconfined-needless');
    const after = applyAll(new Map(Object.entries(files)), found.fixes[0]!.edits);
    assert.match(
      after.get('.devcontainer/devcontainer.json')!,
      /"--security-opt", "seccomp=\$\{localWorkspaceFolder\}/,
    );
    assert.ok(after.has('.devcontainer/seccomp-bwrap.json'));
  });

  test('seccomp=unconfined stays without a word for debuggers, for engines and where it stands elsewhere', async () => {
    for (const files of [
      example(`${RELAXED},\n"capAdd": ["SYS_PTRACE"]`),
      example(RELAXED, install('strace')),
      example(RELAXED, install('podman')),
      example('"securityOpt": ["apparmor=unconfined"],\n"features": { "ghcr.io/devcontainers/features/go:1": {} }'),
    ]) {
      assert.deepEqual(await rules(files), [], JSON.stringify(files));
    }
  });

  test('nothing is called needless where the sandbox works on no target host', async () => {
    assert.deepEqual(await rules(example(RELAXED), ['docker-ubuntu', 'docker-no-userns']), []);
  });

  test('apparmor=unconfined is needed as soon as one target host has AppArmor, even one that fails', async () => {
    const seccomp = ['seccomp-unconfined-needless'];
    assert.deepEqual(await rules(example(RELAXED), ['docker-desktop']), [...seccomp, 'apparmor-unconfined-needless']);
    assert.deepEqual(await rules(example(RELAXED), ['docker-desktop', 'docker-linux']), seccomp);
    assert.deepEqual(await rules(example(RELAXED), ['docker-desktop', 'docker-ubuntu']), seccomp);
    assert.deepEqual(await rules(example(RELAXED, install('sshfs')), ['docker-desktop']), seccomp);
  });

  test('systempaths=unconfined that a bubblewrap 0.12 needs gives way to Codex’s own', async () => {
    const properties = '"securityOpt": ["apparmor=unconfined", "seccomp=unconfined", "systempaths=unconfined"]';
    const newer = install('bubblewrap').replace('debian:12', 'debian:13');
    const insteadOf = async (dockerfile: string, hosts?: readonly HostName[]) =>
      (await needless(example(properties, dockerfile), hosts)).find((f) => f.rule === 'systempaths-unconfined-needless')
        ?.fixes[0]?.relaxations;
    assert.deepEqual(await insteadOf(newer, ['docker-desktop', 'docker-linux']), ['bwrap-removed']);
    // Ubuntu 25.04 and later let only a bubblewrap at the package's path work, so it has to stay there.
    assert.equal(await insteadOf(newer), undefined);
    const npm = `${newer}RUN apt-get update && apt-get install -y npm && npm install -g @openai/codex@0.169.0\n`;
    assert.deepEqual(await insteadOf(npm), ['bwrap-copied']);
    assert.deepEqual(await rules(example(properties, install('podman'))), []);
  });

  test('a setuid bubblewrap is needed as soon as one target host restricts user namespaces', async () => {
    const setuid = `${install('bubblewrap')}RUN chmod u+s /usr/bin/bwrap\n`;
    const files = example(`${RELAXED},\n"capAdd": ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"]`, setuid);
    assert.ok((await rules(files, ['docker-desktop', 'docker-linux'])).includes('setuid-needless'));
    assert.ok(!(await rules(files)).includes('setuid-needless'));
    // Half of what docker-ubuntu needs: the other half is the finding there.
    assert.ok(!(await rules(example(RELAXED, setuid))).includes('setuid-needless'));
  });
});
