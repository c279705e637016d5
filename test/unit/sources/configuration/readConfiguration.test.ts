import assert from 'node:assert/strict';
import type { Configuration } from '../../../../src/sources/configuration/configuration.js';
import { MAX_FILE_BYTES, type FileText, type WorkspaceFiles } from '../../../../src/sources/workspace/files.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';
import { excerpt } from '../excerpt.js';

const FILE = '.devcontainer/devcontainer.json';

/** Reads one configuration; `others` are further files, or what the file system answers for them. */
async function read(
  devcontainer: unknown,
  others: Readonly<Record<string, string | FileText>> = {},
): Promise<Configuration> {
  const text = typeof devcontainer === 'string' ? devcontainer : JSON.stringify(devcontainer);
  const texts = Object.entries(others).flatMap(([path, content]) =>
    typeof content === 'string' ? [[path, content]] : [],
  );
  const files = memoryFiles({ [FILE]: text, ...(Object.fromEntries(texts) as Record<string, string>) });
  const withAnswers: WorkspaceFiles = {
    read: (path) => {
      const other = others[path];
      return typeof other === 'object' ? Promise.resolve(other) : files.read(path);
    },
    folders: (path) => files.folders(path),
  };
  const [configuration] = await readConfigurations(withAnswers, FILE);
  assert.ok(configuration);
  return configuration;
}

function kinds({ problems }: Configuration): string[] {
  return problems.map((p) => p.kind);
}

const PROFILE = JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW' });

suite('sources/workspace', () => {
  suite('discovery', () => {
    const tree = {
      '.devcontainer/devcontainer.json': '{"image":"debian:12"}',
      '.devcontainer.json': '{"image":"debian:13"}',
      '.devcontainer/b/devcontainer.json': '{"image":"debian:12"}',
      '.devcontainer/a/devcontainer.json': '{"image":"debian:12"}',
      '.devcontainer/a/deeper/devcontainer.json': '{"image":"debian:12"}',
      '.devcontainer/empty/README.md': '',
    };

    test('finds the three places, one level deep', async () => {
      const found = await readConfigurations(memoryFiles(tree));
      assert.deepEqual(
        found.map((c) => c.file),
        [
          '.devcontainer/devcontainer.json',
          '.devcontainer.json',
          '.devcontainer/a/devcontainer.json',
          '.devcontainer/b/devcontainer.json',
        ],
      );
    });

    test('finds nothing where there is nothing', async () => {
      assert.deepEqual(await readConfigurations(memoryFiles({ 'README.md': '' })), []);
      assert.deepEqual(await readConfigurations(memoryFiles({}), FILE), []);
    });

    test('reads the one that is asked for', async () => {
      for (const only of [
        '.devcontainer/a/devcontainer.json',
        './.devcontainer/a/devcontainer.json',
        '.devcontainer\\a\\devcontainer.json',
      ]) {
        const found = await readConfigurations(memoryFiles(tree), only);
        assert.deepEqual(
          found.map((c) => c.file),
          ['.devcontainer/a/devcontainer.json'],
        );
      }
    });
  });

  suite('a plain image', () => {
    test('has the defaults of the engine, without places', async () => {
      const { container, network, problems } = await read({ image: 'debian:12' });
      assert.deepEqual(problems, []);
      assert.equal(container.definition.kind === 'image' && container.definition.image, 'debian:12');
      assert.deepEqual(container.privileged, { value: false, places: [] });
      assert.deepEqual(container.seccomp, { value: { kind: 'default' }, places: [] });
      assert.deepEqual(container.apparmor, { value: { kind: 'default' }, places: [] });
      assert.deepEqual(container.readOnlyRoot.value, false);
      assert.equal(container.maskedPaths.value, true);
      assert.equal(container.user.value, 'root');
      assert.deepEqual(container.distro.value, { id: 'debian', version: '12' });
      assert.equal(container.bwrap.presence.value, 'absent');
      assert.deepEqual(network, { value: 'restricted', places: [] });
    });

    test('that is unknown is no problem', async () => {
      const { container, problems } = await read({ image: 'registry.example.com/team/base:1' });
      assert.deepEqual(problems, []);
      assert.deepEqual(
        [container.distro.value, container.user.value, container.bwrap.presence.value],
        [undefined, undefined, undefined],
      );
    });

    test('may have a label that sets anything which nobody sets after it', async () => {
      const image = 'registry.example.com/team/base:1';
      const { container } = await read({ image });
      assert.deepEqual(
        [container.privileged.value, container.seccomp.value, container.apparmor.value, container.capAdd[0]?.value],
        Array(4).fill(undefined),
      );
      const runArgs = ['--security-opt=seccomp=unconfined', '--user=dev'];
      const set = await read({ image, runArgs, securityOpt: ['apparmor=unconfined'], remoteUser: 'dev' });
      assert.deepEqual(
        [set.container.seccomp.value?.kind, set.container.apparmor.value?.kind, set.container.user.value],
        ['unconfined', 'unconfined', 'dev'],
      );
      assert.equal((await read({ image, runArgs })).container.user.value, undefined);
    });
  });

  test('an image whose name depends on the machine is unknown, one whose tag does is not', async () => {
    const name = await read({ image: '${localEnv:IMAGE}' });
    assert.equal(name.container.distro.why, '${localEnv:IMAGE} depends on the machine');
    const tag = await read({ image: 'debian:${localEnv:TAG}' });
    assert.deepEqual(tag.container.distro.value, { id: 'debian', version: undefined });
  });

  suite('merging', () => {
    test('privileged true anywhere wins', async () => {
      const { container } = await read({
        image: 'debian:12',
        privileged: false,
        runArgs: ['--privileged=false'],
        features: { 'ghcr.io/devcontainers/features/docker-in-docker:2': {} },
      });
      assert.equal(container.privileged.value, true);
      assert.equal(container.privileged.places.length, 1);
    });

    test('capabilities are united, those of runArgs first', async () => {
      const { container } = await read({
        image: 'debian:12',
        capAdd: ['SYS_PTRACE'],
        runArgs: ['--cap-add=NET_ADMIN', '--cap-drop=ALL'],
        features: { 'ghcr.io/devcontainers/features/go:1': {} },
      });
      assert.deepEqual(
        container.capAdd.map((c) => c.value),
        ['NET_ADMIN', 'SYS_PTRACE', 'SYS_PTRACE'],
      );
      assert.deepEqual(
        container.capDrop.map((c) => c.value),
        ['ALL'],
      );
    });

    test("a Feature's seccomp beats the one in runArgs, and devcontainer.json's beats both", async () => {
      const go = { image: 'debian:12', features: { 'ghcr.io/devcontainers/features/go:1': {} } };
      const runArgs = ['--security-opt', 'seccomp=p.json'];
      const first = await read({ ...go, runArgs }, { 'p.json': PROFILE });
      assert.equal(first.container.seccomp.value?.kind, 'unconfined');
      const second = await read({ ...go, runArgs, securityOpt: ['seccomp=p.json'] }, { 'p.json': PROFILE });
      assert.equal(second.container.seccomp.value?.kind, 'custom');
    });

    test('an entry that stands twice keeps its first place in the order, as in the dev container CLI', async () => {
      const { container } = await read({
        image: 'debian:12',
        features: { 'ghcr.io/devcontainers/features/go:1': {} },
        securityOpt: ['seccomp=builtin', 'seccomp=unconfined'],
      });
      assert.deepEqual(container.seccomp.value, { kind: 'default' });
    });

    for (const [properties, user] of [
      [{}, 'root'],
      [{ containerUser: 'c' }, 'c'],
      [{ containerUser: 'c', runArgs: ['-u', 'r'] }, 'r'],
      [{ containerUser: 'c', runArgs: ['-u', 'r'], remoteUser: 'me' }, 'me'],
    ] as const) {
      test(`the user of ${JSON.stringify(properties)} is ${user}`, async () => {
        assert.equal((await read({ image: 'debian:12', ...properties })).container.user.value, user);
      });
    }

    for (const [what, dockerfile, properties, user] of [
      ['USER', 'RUN useradd -o -u 0 bob\nUSER bob', {}, 'root'],
      ['USER with a group', 'RUN useradd -o -u 0 bob\nUSER bob:dev', {}, 'root:dev'],
      ['remoteUser', 'RUN useradd -o -u 0 bob', { remoteUser: 'bob' }, 'root'],
      ['--user', 'RUN useradd -o -u 0 bob', { runArgs: ['--user=bob'] }, 'root'],
      ['a lifecycle command', '', { remoteUser: 'bob', onCreateCommand: 'usermod -o -u 0 bob' }, 'root'],
      ['under a condition', 'RUN id bob || useradd -o -u 0 bob', { remoteUser: 'bob' }, undefined],
      ['another name', 'RUN useradd -o -u 0 bob', { remoteUser: 'amy' }, 'amy'],
      ['a name of every object', 'RUN useradd -o -u 0 bob', { remoteUser: 'constructor' }, 'constructor'],
    ] as const) {
      test(`a user who has root's number is root: ${what}`, async () => {
        const { container } = await read(
          { build: { dockerfile: 'Dockerfile' }, ...properties },
          { '.devcontainer/Dockerfile': `FROM debian:12\n${dockerfile}\n` },
        );
        assert.equal(container.user.value, user);
        if (what === 'under a condition') assert.match(container.user.why ?? '', /^the user bob may be root: /);
      });
    }

    test("the image's remoteUser holds unless devcontainer.json has one", async () => {
      const image = 'mcr.microsoft.com/devcontainers/base:debian';
      assert.equal((await read({ image })).container.user.value, 'vscode');
      assert.equal((await read({ image, containerUser: 'c' })).container.user.value, 'vscode');
      assert.equal((await read({ image, remoteUser: 'root' })).container.user.value, 'root');
    });

    test("the image's label relaxes what it says", async () => {
      const { container } = await read({ image: 'mcr.microsoft.com/devcontainers/go:1' });
      assert.equal(container.seccomp.value?.kind, 'unconfined');
      assert.deepEqual(
        container.capAdd.map((c) => c.value),
        ['SYS_PTRACE'],
      );
    });

    test('tmpfs of runArgs and mounts, devices, read-only root', async () => {
      const { container } = await read({
        image: 'debian:12',
        runArgs: ['--read-only', '--tmpfs=/tmp', '--device', '/dev/fuse'],
        mounts: ['type=tmpfs,target=/home/me'],
      });
      assert.deepEqual(
        container.tmpfs.map((t) => t.value),
        ['/tmp', '/home/me'],
      );
      assert.deepEqual(
        container.devices.map((d) => d.value),
        ['/dev/fuse'],
      );
      assert.equal(container.readOnlyRoot.value, true);
    });
  });

  suite('Dockerfile', () => {
    const dockerfile =
      'FROM debian:12 AS base\nRUN apt-get update && apt-get install -y bubblewrap\nFROM base AS dev\nUSER me\n';

    for (const [file, path, expected] of [
      [FILE, 'Dockerfile', '.devcontainer/Dockerfile'],
      [FILE, '../Dockerfile', 'Dockerfile'],
      [FILE, '..\\docker\\Dockerfile', 'docker/Dockerfile'],
      [FILE, './a/./../Dockerfile', '.devcontainer/Dockerfile'],
      ['.devcontainer.json', 'Dockerfile', 'Dockerfile'],
      ['.devcontainer/x/devcontainer.json', '../../Dockerfile', 'Dockerfile'],
    ] as const) {
      test(`${path} in ${file} is ${expected}`, async () => {
        const text = JSON.stringify({ build: { dockerfile: path } });
        const [configuration] = await readConfigurations(memoryFiles({ [file]: text, [expected]: dockerfile }), file);
        assert.deepEqual(configuration?.problems, []);
        const { definition, bwrap, user } = configuration.container;
        assert.ok(definition.kind === 'dockerfile');
        assert.equal(definition.file, expected);
        assert.equal(excerpt(dockerfile, definition.stage), 'FROM base AS dev');
        assert.deepEqual([bwrap.presence.value, user.value], ['present', 'me']);
        assert.deepEqual([...configuration.texts.keys()].sort(), [file, expected].sort());
      });
    }

    test('target and args reach it', async () => {
      const { container } = await read(
        { build: { dockerfile: 'Dockerfile', target: 'base', args: { V: '13' } } },
        { '.devcontainer/Dockerfile': 'ARG V=12\nFROM debian:$V AS base\nFROM alpine\nUSER x\n' },
      );
      assert.deepEqual(container.distro.value, { id: 'debian', version: '13' });
      assert.equal(container.definition.kind === 'dockerfile' && container.definition.target, 'base');
    });

    test('an argument that depends on the machine leaves the image unknown', async () => {
      const { container } = await read(
        { build: { dockerfile: 'Dockerfile', args: { V: '${localEnv:V}' } } },
        { '.devcontainer/Dockerfile': 'ARG V=12\nFROM debian:$V\n' },
      );
      assert.equal(container.distro.value?.version, undefined);
    });

    test('that is missing is a problem at the reference', async () => {
      const text = '{ "build": { "dockerfile": "Dockerfil" } }';
      const configuration = await read(text);
      assert.deepEqual(kinds(configuration), ['missing']);
      assert.equal(excerpt(text, configuration.problems[0]?.place), '"Dockerfil"');
      assert.match(
        configuration.problems[0]?.message ?? '',
        /^The image cannot be built: "\.devcontainer\/Dockerfil" does not exist\n/,
      );
      assert.equal(configuration.container.definition.kind, 'unknown');
      assert.equal(configuration.container.bwrap.presence.value, undefined);
      assert.equal(configuration.container.seccomp.value, undefined);
    });

    for (const path of ['../../Dockerfile', '/etc/Dockerfile', 'C:\\Dockerfile']) {
      test(`${path} lies outside and is not read`, async () => {
        const configuration = await read({ dockerFile: path });
        assert.deepEqual(kinds(configuration), ['outside']);
        assert.match(configuration.problems[0]?.message ?? '', /is outside the workspace folder\n/);
        assert.equal(configuration.container.user.value, undefined);
      });
    }

    test('behind a link that leads out, too large, or not readable is said to be so', async () => {
      for (const [answer, kind] of [
        [{ kind: 'outside' }, 'outside'],
        [{ kind: 'too-large', bytes: MAX_FILE_BYTES + 1 }, 'unreadable'],
        [{ kind: 'unreadable', reason: 'it is a directory' }, 'unreadable'],
      ] as const) {
        const configuration = await read({ dockerFile: 'Dockerfile' }, { '.devcontainer/Dockerfile': answer });
        assert.deepEqual(kinds(configuration), [kind]);
        assert.equal(configuration.container.distro.value, undefined);
      }
    });

    test('whose path depends on the machine is unknown and no problem', async () => {
      const configuration = await read({ dockerFile: '${localEnv:D}/Dockerfile' });
      assert.deepEqual(kinds(configuration), []);
      assert.equal(configuration.container.distro.why, '${localEnv:D} depends on the machine');
    });
  });

  suite('seccomp profile', () => {
    for (const [written, path] of [
      ['${localWorkspaceFolder}/.devcontainer/p.json', '.devcontainer/p.json'],
      ['.devcontainer/p.json', '.devcontainer/p.json'],
      ['./p.json', 'p.json'],
      ['${localWorkspaceFolder}\\p.json', 'p.json'],
    ] as const) {
      test(`seccomp=${written} is ${path}`, async () => {
        const { container, problems, texts } = await read(
          { image: 'debian:12', securityOpt: [`seccomp=${written}`] },
          { [path]: PROFILE },
        );
        assert.deepEqual(problems, []);
        const seccomp = container.seccomp.value;
        assert.ok(seccomp?.kind === 'custom');
        assert.deepEqual(
          [seccomp.file, seccomp.profile?.defaultAction, seccomp.problem],
          [path, 'SCMP_ACT_ALLOW', undefined],
        );
        assert.equal(texts.get(path), PROFILE);
      });
    }

    test('that is broken keeps the container from starting', async () => {
      for (const profile of ['{', '[]', '{"syscalls": 3}']) {
        const text = '{ "image": "debian:12", "runArgs": ["--security-opt", "seccomp=p.json"] }';
        const configuration = await read(text, { 'p.json': profile });
        const seccomp = configuration.container.seccomp.value;
        assert.ok(seccomp?.kind === 'custom' && seccomp.problem !== undefined && seccomp.profile === undefined);
        assert.equal(excerpt(text, configuration.container.seccomp.places[0]), '"--security-opt", "seccomp=p.json"');
        assert.deepEqual(kinds(configuration), [], 'a rule of its own reports it');
      }
    });

    test('that is missing keeps the container from starting', async () => {
      const configuration = await read({ image: 'debian:12', securityOpt: ['seccomp=p.json'] });
      const seccomp = configuration.container.seccomp.value;
      assert.equal(seccomp?.kind === 'custom' && seccomp.problem, 'it does not exist');
      assert.deepEqual(kinds(configuration), [], 'a rule of its own reports it');
    });

    test('outside the workspace is not read, so it is not known and no error', async () => {
      const configuration = await read({ image: 'debian:12', securityOpt: ['seccomp=/etc/p.json'] });
      assert.deepEqual(configuration.container.seccomp.value, {
        kind: 'custom',
        file: '/etc/p.json',
        profile: undefined,
      });
      assert.deepEqual(kinds(configuration), ['outside']);
    });

    test('that loses to a later option is not read', async () => {
      const configuration = await read({ image: 'debian:12', securityOpt: ['seccomp=p.json', 'seccomp=unconfined'] });
      assert.deepEqual(kinds(configuration), []);
    });

    test('whose path depends on the machine is unknown', async () => {
      const { container } = await read({ image: 'debian:12', securityOpt: ['seccomp=${localEnv:P}'] });
      assert.equal(container.seccomp.value, undefined);
    });
  });

  suite('Features', () => {
    test('an unknown one makes unknown what it can change and nothing decides', async () => {
      const { container, problems } = await read({
        image: 'debian:12',
        features: { 'ghcr.io/acme/f/x:1': {} },
        runArgs: ['--security-opt=apparmor=unconfined', '--cap-drop=ALL'],
        securityOpt: ['seccomp=unconfined', 'systempaths=unconfined'],
        remoteUser: 'me',
      });
      assert.deepEqual(problems, []);
      assert.equal(container.privileged.value, undefined);
      assert.match(container.privileged.why ?? '', /"ghcr.io\/acme\/f\/x:1"/);
      assert.deepEqual(
        container.capAdd.map((c) => c.value),
        [undefined],
      );
      assert.deepEqual(
        container.capDrop.map((c) => c.value),
        ['ALL'],
      );
      assert.equal(container.seccomp.value?.kind, 'unconfined');
      assert.equal(container.apparmor.value?.kind, 'unconfined', 'Features relax, and what is relaxed stays so');
      assert.equal(container.maskedPaths.value, false);
      assert.deepEqual([container.user.value, container.readOnlyRoot.value], ['me', false]);
      assert.deepEqual([container.bwrap.presence.value, container.agents['codex']?.value], [undefined, undefined]);
      assert.deepEqual(container.distro.value, { id: 'debian', version: '12' });
    });

    test('with it, privileged true is still known', async () => {
      const { container } = await read({ image: 'debian:12', privileged: true, features: { 'x/y/z': {} } });
      assert.equal(container.privileged.value, true);
    });

    test('a local one is read, with its installation and what it depends on', async () => {
      const { container, problems, texts } = await read(
        { image: 'debian:12', features: { './sandbox': {} } },
        {
          '.devcontainer/sandbox/devcontainer-feature.json': JSON.stringify({
            id: 'sandbox',
            capAdd: ['NET_ADMIN'],
            securityOpt: ['apparmor=unconfined'],
            remoteUser: 'not-for-features',
            dependsOn: { 'ghcr.io/devcontainers/features/rust:1': {} },
          }),
          '.devcontainer/sandbox/install.sh': '#!/bin/sh\nset -e\napt-get install -y bubblewrap\n',
        },
      );
      assert.deepEqual(problems, []);
      assert.deepEqual(
        container.capAdd.map((c) => c.value),
        ['SYS_PTRACE', 'NET_ADMIN'],
      );
      assert.equal(container.capAdd[1]?.places[0]?.file, '.devcontainer/sandbox/devcontainer-feature.json');
      assert.equal(container.apparmor.value?.kind, 'unconfined');
      assert.equal(container.bwrap.presence.value, 'present');
      assert.equal(container.bwrap.presence.places[0]?.file, '.devcontainer/sandbox/install.sh');
      assert.equal(container.user.value, 'root');
      assert.equal(texts.size, 3);
    });

    test('a local one that is missing or broken is a problem, and unknown', async () => {
      const missing = await read({ image: 'debian:12', features: { './x': {} } });
      assert.deepEqual(kinds(missing), ['missing']);
      assert.equal(missing.container.privileged.value, undefined);
      const broken = await read(
        { image: 'debian:12', features: { './x': {} } },
        { '.devcontainer/x/devcontainer-feature.json': '' },
      );
      assert.deepEqual(kinds(broken), ['syntax']);
      assert.equal(broken.container.privileged.value, undefined);
    });
  });

  suite('Compose', () => {
    test('that is missing leaves everything unknown that it may set', async () => {
      const text = '{ "dockerComposeFile": ["a.yml"], "service": "x", "runArgs": ["--privileged"] }';
      const { container, problems } = await read(text);
      assert.deepEqual(
        problems.map((p) => [p.kind, excerpt(text, p.place)]),
        [['missing', '"a.yml"']],
      );
      assert.equal(container.definition.kind, 'compose');
      const { privileged, seccomp, apparmor, noNewPrivileges, maskedPaths, readOnlyRoot, user, distro } = container;
      for (const value of [privileged, seccomp, apparmor, noNewPrivileges, maskedPaths, readOnlyRoot, user, distro]) {
        assert.equal(value.value, undefined);
        assert.equal(value.why, 'the Compose files cannot be read');
      }
      for (const list of [container.capAdd, container.capDrop])
        assert.deepEqual(
          list.map((c) => c.value),
          [undefined],
        );
    });

    test('but what devcontainer.json says is known', async () => {
      const { container } = await read({
        dockerComposeFile: 'a.yml',
        privileged: true,
        capAdd: ['SYS_ADMIN'],
        securityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
        remoteUser: 'me',
      });
      assert.deepEqual(
        [
          container.privileged.value,
          container.seccomp.value?.kind,
          container.apparmor.value?.kind,
          container.user.value,
        ],
        [true, 'unconfined', 'unconfined', 'me'],
      );
      assert.deepEqual(
        container.capAdd.map((c) => c.value),
        [undefined, 'SYS_ADMIN'],
      );
    });
  });

  suite('lifecycle commands', () => {
    test('may install bubblewrap', async () => {
      const text = '{ "image": "debian:12", "postCreateCommand": "sudo apt-get install -y bubblewrap" }';
      const { container } = await read(text);
      assert.equal(container.bwrap.presence.value, 'present');
      assert.ok(excerpt(text, container.bwrap.presence.places[0]).includes('bubblewrap'));
    });

    for (const command of [
      'bash .devcontainer/setup.sh',
      'sudo ./.devcontainer/setup.sh --fast && echo done',
      '. ${containerWorkspaceFolder}/.devcontainer/setup.sh',
      ['bash', '-c', '.devcontainer/setup.sh'],
      ['.devcontainer/setup.sh'],
    ]) {
      test(`may start a script that does: ${JSON.stringify(command)}`, async () => {
        const script = '#!/bin/bash\napt-get update\napt-get install -y bubblewrap\n';
        const { container, problems } = await read(
          { image: 'debian:12', postCreateCommand: command },
          { '.devcontainer/setup.sh': script },
        );
        assert.deepEqual(problems, []);
        assert.equal(container.bwrap.presence.value, 'present');
        assert.equal(container.bwrap.presence.places[0]?.file, '.devcontainer/setup.sh');
      });
    }

    test('may name a script without starting it', async () => {
      const { container } = await read(
        { image: 'debian:12', postCreateCommand: 'echo setup.sh; cp setup.sh /tmp; (cd x; bash other.sh)' },
        { 'setup.sh': 'apt-get install -y bubblewrap' },
      );
      assert.equal(container.bwrap.presence.value, 'absent');
    });

    test('a script that is not in the workspace is no problem', async () => {
      const { container, problems } = await read({
        image: 'debian:12',
        postCreateCommand: '/opt/x.sh && y.sh ../../z.sh',
      });
      assert.deepEqual(problems, []);
      assert.equal(container.bwrap.presence.value, 'absent');
    });
  });

  suite('Codex configuration', () => {
    test('decides about the network', async () => {
      const { network, sandbox, texts } = await read(
        { image: 'debian:12' },
        {
          '.codex/config.toml': 'sandbox_mode = "workspace-write"\n[sandbox_workspace_write]\nnetwork_access = true\n',
        },
      );
      assert.deepEqual([network.value, sandbox?.value?.on], ['full', true]);
      assert.ok(texts.has('.codex/config.toml'));
    });

    test('that does not parse is a problem', async () => {
      const configuration = await read({ image: 'debian:12' }, { '.codex/config.toml': 'a = 1\na = 2\n' });
      assert.deepEqual(kinds(configuration), ['syntax']);
      assert.equal(configuration.network.value, 'restricted');
      assert.equal(configuration.sandbox, undefined);
    });

    test('that cannot be read leaves the network unknown', async () => {
      const { network } = await read({ image: 'debian:12' }, { '.codex/config.toml': { kind: 'outside' } });
      assert.equal(network.value, undefined);
    });
  });

  suite('bad input', () => {
    for (const [name, text] of [
      ['an empty file', ''],
      ['an array', '[]'],
      ['a string', '"x"'],
      ['a number', '7'],
      ['an empty object', '{}'],
      ['a megabyte of brackets', '['.repeat(MAX_FILE_BYTES)],
    ] as const) {
      test(`${name} is one problem and leaves everything unknown`, async () => {
        const configuration = await read(text);
        assert.equal(configuration.problems.length, 1);
        const { definition, privileged, seccomp, user, bwrap } = configuration.container;
        assert.equal(definition.kind, 'unknown');
        for (const { value, why } of [privileged, seccomp, user, bwrap.presence]) {
          assert.equal(value, undefined);
          assert.ok(why);
        }
      });
    }

    test('half a file judges what is there', async () => {
      const configuration = await read('{ "image": "debian:12", "privileged": true, "runArgs": ["--cap-add=SYS_ADM');
      assert.deepEqual([...new Set(kinds(configuration))], ['syntax']);
      assert.equal(configuration.container.privileged.value, true);
      assert.deepEqual(configuration.container.distro.value, { id: 'debian', version: '12' });
    });

    test('a byte order mark does not count', async () => {
      const text = '\uFEFF{"image":"debian:12"}';
      const configuration = await read(text, { '.codex/config.toml': '\uFEFFsandbox_mode = "read-only"' });
      assert.deepEqual(configuration.problems, []);
      assert.equal(configuration.texts.get(FILE), text.slice(1));
      assert.deepEqual(configuration.container.definition.place.range.start, { line: 0, character: 1 });
    });

    test('a configuration that lies behind a link, is too large or not readable is one problem', async () => {
      for (const answer of [
        { kind: 'outside' },
        { kind: 'too-large', bytes: MAX_FILE_BYTES + 1 },
        { kind: 'unreadable', reason: 'permission denied' },
      ] as const) {
        const configuration = await read('', { [FILE]: answer });
        assert.deepEqual(kinds(configuration), [answer.kind === 'outside' ? 'outside' : 'unreadable']);
        assert.equal(configuration.container.seccomp.value, undefined);
      }
    });

    test('a Dockerfile of comments', async () => {
      const configuration = await read({ dockerFile: 'Dockerfile' }, { '.devcontainer/Dockerfile': '# one\n# two\n' });
      assert.ok(configuration.problems.length > 0);
      assert.equal(configuration.container.definition.kind, 'unknown');
    });
  });
});
