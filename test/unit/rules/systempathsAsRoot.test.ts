import assert from 'node:assert/strict';
import { DEFAULT_HOSTS, HOSTS, type Host } from '../../../src/model/host.js';
import { judge } from '../../../src/rules/judge.js';
import type { Example, Fix } from '../../../src/rules/engine/rule.js';
import { systempathsAsRoot } from '../../../src/rules/systempathsAsRoot.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../appliedEdits.js';
import { memoryFiles } from '../memoryFiles.js';
import { asked, type Asked } from './asked.js';
import { judgedAndAsked } from '../judged.js';

const FILE = '.devcontainer/devcontainer.json';
const UNMASKED = '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]';

function errors({ findings }: Asked): Asked['findings'] {
  return findings.filter(({ rule }) => rule === 'systempaths-as-root');
}

function withUser(user: string, more = UNMASKED): Example {
  const { bad } = systempathsAsRoot;
  return { ...bad, [FILE]: `{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "${user}", ${more} }\n` };
}

function edited(files: Example, fix: Fix): Example {
  return Object.fromEntries(applyAll(new Map(Object.entries(files)), fix.edits));
}

suite('systempaths=unconfined for root', () => {
  test('is an error where the sandbox works, at the option, in every spelling of root', async () => {
    for (const user of ['root', '0', '0:0', 'root:dev', '00', '+0', ':1000']) {
      const judgement = await judgedAndAsked(withUser(user));
      const [error, ...others] = errors(judgement);
      assert.deepEqual(others, []);
      assert.equal(error?.severity, 'error', user);
      assert.equal(error.gate, undefined);
      assert.deepEqual(error.hosts, DEFAULT_HOSTS);
      assert.match(error.message, /^As root, systempaths=unconfined lets every command take over the host$/m);
      assert.ok(judgement.findings.every(({ rule }) => rule !== 'systempaths-unconfined-needless'));
    }
  });

  test('none for another user, for one that is not known, under privileged, and where root is not the host’s', async () => {
    assert.deepEqual(errors(await judgedAndAsked(withUser('vscode'))), []);
    assert.deepEqual(errors(await judgedAndAsked(withUser('${localEnv:WHO}'))), []);
    assert.deepEqual(errors(await judgedAndAsked(withUser('root', `"privileged": true, ${UNMASKED}`))), []);
    assert.deepEqual(errors(await judgedAndAsked(withUser('root'), ['podman'])), []);
    assert.deepEqual(errors(await judgedAndAsked(withUser('root'), ['podman', 'podman-rootful']))[0]?.hosts, [
      'podman-rootful',
    ]);
  });

  test('the fix and the repair of the whole container remove it and leave the newer bubblewrap out', async () => {
    const files = withUser('root');
    const before = await judgedAndAsked(files);
    const [fix] = errors(before)[0]?.fixes ?? [];
    assert.equal(fix?.preferred, true);
    assert.deepEqual(fix.relaxations, ['bwrap-removed']);
    for (const each of [fix, before.repairs.at(-1)]) {
      assert.ok(each);
      const after = await judgedAndAsked(edited(files, each));
      assert.deepEqual(errors(after), []);
      assert.equal(after.configuration.container.maskedPaths.value, true);
      assert.deepEqual(
        after.predictions.map(({ outcome }) => outcome),
        // Without a bubblewrap of the package the sandbox is lost on Ubuntu 25.04 and later, which decides nothing unless it is named.
        before.predictions.map(({ host, outcome }) => (host === 'docker-ubuntu-bwrap-profile' ? 'fails' : outcome)),
      );
    }
    assert.ok(before.repairs.at(-1)?.details.some((line) => line.startsWith('Removes systempaths=unconfined')));
  });

  test('where the hosts on which Ubuntu’s profile is loaded are named, only another user helps', async () => {
    const [error] = errors(await judgedAndAsked(withUser('root'), ['docker-ubuntu-bwrap-profile']));
    assert.deepEqual(error?.fixes, []);
    assert.match(error.message, /^Run Codex as a user other than root/m);
  });

  test('where another gate is closed first, the fix does not trade it for a failure at /proc', async () => {
    const files = withUser('root', '"securityOpt": ["systempaths=unconfined"]');
    const [fix] = errors(await judgedAndAsked(files))[0]?.fixes ?? [];
    assert.deepEqual(fix?.relaxations, ['bwrap-removed']);
    assert.ok((await judgedAndAsked(edited(files, fix))).findings.every(({ rule }) => rule !== 'masked-proc'));
  });

  test('this machine counts where no user namespace lies between its root and the container’s', async () => {
    const [configuration] = await readConfigurations(memoryFiles(withUser('root')));
    assert.ok(configuration);
    for (const rootIsHosts of [true, false]) {
      const local: Host = { ...HOSTS['podman-rootful'], name: 'local', rootIsHosts };
      assert.equal(errors(asked(judge(configuration, { hosts: [local] }))).length, rootIsHosts ? 1 : 0);
    }
  });

  test('nothing but the option goes where nothing needs it', async () => {
    const files = { ...withUser('root'), '.devcontainer/Dockerfile': 'FROM debian:12\n' };
    const [fix] = errors(await judgedAndAsked(files))[0]?.fixes ?? [];
    assert.equal(fix?.title, 'Remove systempaths=unconfined');
    assert.deepEqual(
      fix.edits.map(({ file }) => file),
      [FILE],
    );
  });

  test('where only the option keeps the sandbox working, nothing removes it: another user is the way', async () => {
    const files = {
      [FILE]: `{ "image": "debian:13", ${UNMASKED}, "onCreateCommand": "apt-get install -y bubblewrap" }`,
    };
    const { findings, repairs } = await judgedAndAsked(files);
    const [error] = findings.filter(({ rule }) => rule === 'systempaths-as-root');
    assert.deepEqual(error?.fixes, []);
    assert.match(error.message, /^Run Codex as a user other than root \(remoteUser\)/m);
    assert.deepEqual(repairs, []);
  });

  test('what a published Feature or an image sets is named, and nothing pretends to remove it', async () => {
    const files = { ...memoryFiles({ [FILE]: '{ "image": "corp/dev:1" }' }) };
    const metadata = { securityOpt: ['systempaths=unconfined'] };
    const image = () => Promise.resolve({ user: 'root', metadata });
    const [configuration] = await readConfigurations({ ...files, image });
    assert.ok(configuration);
    const judgement = asked(judge(configuration, { hosts: [HOSTS['docker-desktop']] }));
    const [error] = errors(judgement);
    assert.match(error?.message ?? '', /comes with the image or the published Feature that is named here/);
    assert.deepEqual(error?.fixes, []);
    assert.ok(judgement.repairs.every(({ title }) => !title.includes('systempaths')));
  });

  test('Podman’s own word for it is named, and Docker hosts create no such container', async () => {
    const unmask = '"runArgs": ["--security-opt=unmask=ALL"]';
    const judgement = await judgedAndAsked(withUser('root', unmask), ['docker-desktop', 'podman', 'podman-rootful']);
    const [error] = errors(judgement);
    assert.deepEqual(error?.hosts, ['podman-rootful']);
    assert.match(error.message, /^As root, unmask lets every command .*\nRun Codex as a user other than root/);
    assert.deepEqual(error.fixes, []);
  });

  test('stays an error while Codex’s sandbox is switched off: it is about the host', async () => {
    const files = { ...withUser('root'), '.codex/config.toml': 'sandbox_mode = "danger-full-access"\n' };
    assert.equal(errors(await judgedAndAsked(files))[0]?.severity, 'error');
  });
});
