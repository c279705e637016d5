import assert from 'node:assert/strict';
import type { Change } from '../../../../src/edits/changes/change.js';
import { compile } from '../../../../src/edits/compile.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../../appliedEdits.js';
import { memoryFiles } from '../../memoryFiles.js';

const DEVCONTAINER = '.devcontainer/devcontainer.json';
const COMPOSE = 'compose.yml';
const JSON_TEXT = '{ "dockerComposeFile": "../compose.yml", "service": "app" }';

type Files = Readonly<Record<string, string>>;

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

function service(...own: readonly string[]): string {
  return lines('services:', '  app:', ...own.map((line) => `    ${line}`));
}

/** The files after the change, which must not change them a second time. */
async function changed(files: Files, ...changes: readonly Change[]): Promise<Files | undefined> {
  const [before] = await readConfigurations(memoryFiles(files));
  const edits = before && compile(changes, before)?.edits;
  if (!edits) return undefined;
  const after = Object.fromEntries(applyAll(new Map(Object.entries(files)), edits));
  const [again] = await readConfigurations(memoryFiles(after));
  assert.deepEqual(again && compile(changes, again)?.edits, [], JSON.stringify(after, null, 2));
  return after;
}

const UNCONFINED: Change = { kind: 'security-opt', key: 'seccomp', value: 'unconfined' };
const NO_SYS_ADMIN: Change = { kind: 'remove-capability', capability: 'SYS_ADMIN' };
interface Case {
  readonly title: string;
  readonly compose: string;
  readonly change: Change;
  /** The Compose file afterwards; undefined: as before. */
  readonly after?: string;
  /** devcontainer.json before and afterwards; undefined: as before. */
  readonly json?: string;
  readonly jsonAfter?: string;
}

const CASES: readonly Case[] = [
  {
    title: 'what is added goes into devcontainer.json',
    compose: service('image: debian:12'),
    change: UNCONFINED,
    jsonAfter: JSON_TEXT.replace(' }', ', "securityOpt": ["seccomp=unconfined"] }'),
  },
  {
    title: 'no-new-privileges that others share is taken back in devcontainer.json',
    compose: lines(
      'services:',
      '  app:',
      '    extends: base',
      '  base:',
      '    image: debian:12',
      '    security_opt: ["no-new-privileges:true"]',
    ),
    change: { kind: 'remove-security-opt', key: 'no-new-privileges' },
    jsonAfter: JSON_TEXT.replace(' }', ', "securityOpt": ["no-new-privileges=false"] }'),
  },
  {
    title: 'a capability that is dropped is kept',
    compose: service('image: debian:12', 'cap_drop:', '  - NET_RAW', '  - SETFCAP'),
    change: { kind: 'keep-capability', capability: 'SETFCAP' },
    after: service('image: debian:12', 'cap_drop:', '  - NET_RAW'),
  },
  {
    title: 'options of runArgs go where they have an effect; what has no such place stays',
    compose: service('image: debian:12'),
    change: { kind: 'move-run-args' },
    json: JSON_TEXT.replace(
      ' }',
      ', "runArgs": ["--cap-add=SYS_PTRACE", "--security-opt", "seccomp=unconfined", "--read-only", "--cap-drop=ALL", "--cpus=2"] }',
    ),
    after: service('image: debian:12', 'read_only: true', 'cap_drop:', '  - ALL'),
    jsonAfter: JSON_TEXT.replace(
      ' }',
      ', "runArgs": ["--cpus=2"], "securityOpt": ["seccomp=unconfined"], "capAdd": ["SYS_PTRACE"] }',
    ),
  },
];

suite('edits with Compose', () => {
  for (const { title, compose, change, after, json = JSON_TEXT, jsonAfter = json } of CASES) {
    test(title, async () => {
      const result = await changed({ [DEVCONTAINER]: json, [COMPOSE]: compose }, change);
      assert.equal(result?.[COMPOSE], after ?? compose);
      const sorted = (text: string | undefined): unknown => JSON.parse(text ?? '');
      assert.deepEqual(sorted(result[DEVCONTAINER]), sorted(jsonAfter));
    });
  }

  test('an image gets a Dockerfile, and the service builds it: the image would be its name otherwise', async () => {
    const files = { [DEVCONTAINER]: JSON_TEXT, [COMPOSE]: service('image: debian:12 # the base', 'tty: true') };
    const after = await changed(files, { kind: 'install-bwrap', setuid: false });
    assert.equal(after?.[COMPOSE], service('build: .devcontainer # the base', 'tty: true'));
    assert.match(after['.devcontainer/Dockerfile'] ?? '', /^FROM debian:12\n\nRUN apt-get update/);
    assert.equal(after[DEVCONTAINER], JSON_TEXT);
  });

  test('the Dockerfile of the service is edited', async () => {
    const files = {
      [DEVCONTAINER]: JSON_TEXT,
      [COMPOSE]: service('build: docker'),
      'docker/Dockerfile': 'FROM debian:12\n',
    };
    const after = await changed(files, { kind: 'install-bwrap', setuid: false });
    assert.match(after?.['docker/Dockerfile'] ?? '', /install -y --no-install-recommends bubblewrap/);
  });

  test('the last file that has a key', async () => {
    const files = {
      [DEVCONTAINER]: '{ "dockerComposeFile": ["../compose.yml", "over.yml"], "service": "app" }',
      [COMPOSE]: service('image: debian:12', 'cap_add: [SYS_ADMIN]'),
      '.devcontainer/over.yml': service('cap_add:', '  - SYS_ADMIN', '  - NET_RAW'),
    };
    const after = await changed(files, NO_SYS_ADMIN);
    assert.equal(after?.[COMPOSE], service('image: debian:12'));
    assert.equal(after['.devcontainer/over.yml'], service('cap_add:', '  - NET_RAW'));
  });

  test('a file that is extended is found from the project directory, and what it extends from its own folder', async () => {
    const files = {
      [DEVCONTAINER]: '{ "dockerComposeFile": ["../compose.yml", "over.yml"], "service": "app" }',
      [COMPOSE]: service('image: debian:12'),
      '.devcontainer/over.yml': service('extends: { file: shared/base.yml, service: base }', 'cap_add: [SYS_ADMIN]'),
      'shared/base.yml': lines('services:', '  base:', '    extends: { file: more.yml, service: more }'),
      'shared/more.yml': lines('services:', '  more:', '    cap_add: [NET_RAW]'),
    };
    const after = await changed(files, NO_SYS_ADMIN);
    assert.deepEqual(after, {
      ...files,
      '.devcontainer/over.yml': service('extends: { file: shared/base.yml, service: base }'),
    });
    assert.equal(await changed(files, { kind: 'remove-capability', capability: 'NET_RAW' }), undefined);
  });

  test('build arguments of the Compose file count for the Dockerfile', async () => {
    const files = {
      [DEVCONTAINER]: JSON_TEXT,
      [COMPOSE]: service('build:', '  context: .', '  args: { START: tools }'),
      Dockerfile: lines(
        'ARG START=base',
        'FROM debian:12 AS base',
        'FROM base AS tools',
        'RUN apt-get update && apt-get install -y bubblewrap',
        'USER dev',
        'FROM ${START}',
        'CMD ["sleep", "infinity"]',
      ),
    };
    const after = await changed(files, { kind: 'install-bwrap', setuid: true });
    assert.equal(
      after?.['Dockerfile'],
      files.Dockerfile.replace('FROM ${START}\n', 'FROM ${START}\nUSER root\nRUN chmod u+s /usr/bin/bwrap\nUSER dev\n'),
    );
  });

  test('no security option stands in both files in the same spelling, which Compose refuses', async () => {
    const files = {
      [DEVCONTAINER]: JSON_TEXT.replace(' }', ', "securityOpt": ["seccomp=x.json"] }'),
      [COMPOSE]: lines(
        'services:',
        '  app: { extends: base }',
        '  base: { image: debian:12, security_opt: ["seccomp=unconfined"] }',
      ),
      '.devcontainer/x.json': '{}',
    };
    const after = await changed(files, UNCONFINED);
    assert.equal(after?.[COMPOSE], files[COMPOSE]);
    assert.deepEqual(JSON.parse(after[DEVCONTAINER] ?? ''), {
      ...(JSON.parse(JSON_TEXT) as object),
      securityOpt: ['seccomp:unconfined'],
    });
  });

  test('a hostile Compose file ends nothing', async () => {
    const files = { [DEVCONTAINER]: JSON_TEXT, [COMPOSE]: `services: ${'['.repeat(900_000)}` };
    assert.equal(await changed(files, UNCONFINED), undefined);
    assert.equal(await changed(files, { kind: 'install-bwrap', setuid: false }), undefined);
  });

  test('a file that is included is edited where it defines the service', async () => {
    const files = {
      [DEVCONTAINER]: JSON_TEXT,
      [COMPOSE]: 'include: [more.yml]\n',
      'more.yml': service('image: debian:12', 'cap_add: [SYS_ADMIN, SYS_PTRACE] # for gdb', 'privileged: true'),
    };
    assert.equal(
      (await changed(files, NO_SYS_ADMIN, { kind: 'remove-privileged' }))?.['more.yml'],
      service('image: debian:12', 'cap_add: [SYS_PTRACE] # for gdb'),
    );
  });

  test('each of several documents is edited where it says something', async () => {
    const first = service('image: debian:12 # base', 'cap_add: [SYS_ADMIN]');
    const files = {
      [DEVCONTAINER]: JSON_TEXT,
      [COMPOSE]: `${first}---\n${service('tty: true', 'cap_add: [SYS_ADMIN]')}`,
    };
    const after = await changed(files, NO_SYS_ADMIN, { kind: 'tmpfs', path: '/tmp' });
    assert.equal(
      after?.[COMPOSE],
      `${service('image: debian:12 # base')}---\n${service('tty: true', 'tmpfs:', '  - /tmp')}`,
    );
  });

  test('a long chain of services that extend each other stays, and the last one is edited', async () => {
    const chain = Array.from({ length: 30 }, (_, at) => `  s${at}: { extends: ${at === 29 ? 'base' : `s${at + 1}`} }`);
    const files = {
      [DEVCONTAINER]: JSON_TEXT,
      [COMPOSE]: lines(
        'services:',
        '  app: { extends: s0, cap_add: [SYS_ADMIN] }',
        ...chain,
        '  base: { image: debian:12 }',
      ),
    };
    const after = await changed(files, NO_SYS_ADMIN);
    assert.equal(after?.[COMPOSE], files[COMPOSE].replace(', cap_add: [SYS_ADMIN]', ''));
  });

  test('what several links of anchors lead to is edited where only this service uses it', async () => {
    const text = (...more: readonly string[]): string =>
      lines(
        'x-c: &c [SYS_ADMIN, KILL]',
        'x-a: &a { cap_add: *c }',
        'services:',
        '  app: { <<: *a, image: debian:12 }',
        ...more,
      );
    const files = { [DEVCONTAINER]: JSON_TEXT, [COMPOSE]: text() };
    assert.equal((await changed(files, NO_SYS_ADMIN))?.[COMPOSE], text().replace('SYS_ADMIN, ', ''));
    const shared = { [DEVCONTAINER]: JSON_TEXT, [COMPOSE]: text('  db: { <<: *a, image: debian:12 }') };
    assert.equal(await changed(shared, NO_SYS_ADMIN), undefined);
  });

  test('privileged of another file’s service of the same name is taken back here', async () => {
    const files = {
      [DEVCONTAINER]: JSON_TEXT,
      [COMPOSE]: lines('services:', '  app:', '    extends: { file: base.yml, service: app }'),
      'base.yml': service('image: debian:12', 'privileged: true'),
    };
    const after = await changed(files, { kind: 'remove-privileged' });
    assert.equal(after?.[COMPOSE], `${files[COMPOSE]}    privileged: false\n`);
  });

  test('an entry with a variable is known by what it comes to, and goes or is replaced as a whole', async () => {
    const compose = service(
      'image: debian:12',
      'privileged: ${PRIVILEGED:-yes}',
      'cap_add: ["${CAP}", "cap_${NAME:-net_admin}"] # two',
      'security_opt:',
      '  - seccomp=${PROFILE}',
      '  - "${APPARMOR:-apparmor}:unconfined"',
      '  - no-new-privileges:${UNSET}',
      'tmpfs: ${TMP:-/run}',
    );
    const files = { [DEVCONTAINER]: JSON_TEXT, [COMPOSE]: compose, '.env': 'CAP=SYS_ADMIN\n' };
    const after = async (change: Change): Promise<string | undefined> => (await changed(files, change))?.[COMPOSE];
    const without = (...gone: readonly string[]): string =>
      gone.reduce((text, each) => text.replace(each, ''), compose);
    assert.equal(await after(NO_SYS_ADMIN), without('"${CAP}", '));
    assert.equal(
      await after({ kind: 'remove-capability', capability: 'NET_ADMIN' }),
      without(', "cap_${NAME:-net_admin}"'),
    );
    assert.equal(await after(UNCONFINED), compose.replace('seccomp=${PROFILE}', 'seccomp=unconfined'));
    assert.equal(
      await after({ kind: 'remove-security-opt', key: 'apparmor' }),
      without('      - "${APPARMOR:-apparmor}:unconfined"\n'),
    );
    assert.equal(
      await after({ kind: 'remove-security-opt', key: 'no-new-privileges' }),
      without('      - no-new-privileges:${UNSET}\n'),
    );
    assert.equal(await after({ kind: 'remove-privileged' }), without('    privileged: ${PRIVILEGED:-yes}\n'));
    assert.equal(
      await after({ kind: 'tmpfs', path: '/tmp' }),
      compose.replace('tmpfs: ${TMP:-/run}', 'tmpfs: ["${TMP:-/run}", /tmp]'),
    );
    assert.equal(await after({ kind: 'tmpfs', path: '/run' }), compose);
  });

  test('a service that is extended by variables is found', async () => {
    const files = {
      [DEVCONTAINER]: JSON_TEXT,
      [COMPOSE]: service('extends: { file: "${DIR:-a}/base.yml", service: "$BASE" }', 'cap_add: [SYS_ADMIN]'),
      'a/base.yml': service('image: debian:12').replace('app', 'base'),
      '.env': 'BASE=base\n',
    };
    const after = await changed(files, NO_SYS_ADMIN);
    assert.equal(after?.[COMPOSE], files[COMPOSE].replace('    cap_add: [SYS_ADMIN]\n', ''));
  });

  const impossible: readonly (readonly [title: string, compose: string, change: Change])[] = [
    [
      'a list that another service uses too',
      lines('x-c: &c [SYS_ADMIN]', 'services:', '  app: { image: a, cap_add: *c }', '  db: { image: b, cap_add: *c }'),
      NO_SYS_ADMIN,
    ],
    [
      'a list of a service that this one extends',
      lines('services:', '  app: { extends: base }', '  base: { image: a, cap_add: [SYS_ADMIN] }'),
      NO_SYS_ADMIN,
    ],
    [
      'a security option that may be any, also the one that would come',
      service('image: a', 'security_opt: ["${OPTION}"]'),
      UNCONFINED,
    ],
    [
      'an image that the files do not tell',
      service('image: "debian:${RELEASE}"'),
      { kind: 'install-bwrap', setuid: false },
    ],
    ['broken YAML', 'services:\n  app: [\n', UNCONFINED],
  ];
  for (const [title, compose, change] of impossible) {
    test(`cannot be made: ${title}`, async () => {
      assert.equal(await changed({ [DEVCONTAINER]: JSON_TEXT, [COMPOSE]: compose }, change), undefined);
    });
  }

  suite('the seccomp profile of a Compose file stays there', () => {
    const PROFILE = {
      kind: 'security-opt',
      key: 'seccomp',
      value: '${localWorkspaceFolder}/.devcontainer/p.json',
    } as const;
    const written: readonly (readonly [where: string, before: string, after: string])[] = [
      ['compose.yml', 'seccomp:unconfined', 'seccomp:./.devcontainer/p.json'],
      ['compose.yml', 'seccomp=./a/old.json', 'seccomp=./.devcontainer/p.json'],
      ['compose.yml', 'seccomp:.devcontainer/old.json', 'seccomp:.devcontainer/p.json'],
      ['compose.yml', 'seccomp=builtin', 'seccomp=./.devcontainer/p.json'],
      ['.devcontainer/compose.yml', 'seccomp:old.json', 'seccomp:p.json'],
      ['docker/dev/compose.yml', 'seccomp=unconfined', 'seccomp=../../.devcontainer/p.json'],
    ];
    for (const [where, before, after] of written) {
      test(`${before} in ${where}`, async () => {
        const json = JSON_TEXT.replace('../compose.yml', `../${where}`);
        const compose = service('image: debian:12', 'security_opt:', `  - ${before} # why`, '  - label=disable');
        const files = await changed({ [DEVCONTAINER]: json, [where]: compose }, PROFILE);
        assert.deepEqual(files, { [DEVCONTAINER]: json, [where]: compose.replace(before, after) });
      });
    }

    test('but for a list that others share, and a file that another includes', async () => {
      const shared = lines(
        'x-s: &s ["seccomp=unconfined"]',
        'services:',
        '  app: { image: "debian:12", security_opt: *s }',
        '  db: { image: "debian:12", security_opt: *s }',
      );
      const compose = {
        [COMPOSE]: 'include: [sub/c.yml]\n',
        'sub/c.yml': service('image: debian:12', 'security_opt: ["seccomp=unconfined"]'),
      };
      for (const files of [{ [COMPOSE]: shared }, compose]) {
        const after = await changed({ [DEVCONTAINER]: JSON_TEXT, ...files }, PROFILE);
        assert.ok(
          after?.[DEVCONTAINER]?.includes('"securityOpt": ["seccomp=${localWorkspaceFolder}/'),
          JSON.stringify(after),
        );
      }
    });
  });

  suite('runArgs that move', () => {
    const MOVE: Change = { kind: 'move-run-args' };
    const moves: readonly (readonly [
      what: string,
      args: readonly string[],
      stays: readonly string[],
      ...own: string[],
    ])[] = [
      ['a user in a word with other letters', ['-itu', 'root'], ['-it'], 'user: root'],
      ['the same with the value in the word', ['-ituroot', '--cpus=2'], ['-it', '--cpus=2'], 'user: root'],
      ['the last user of several', ['--user=a', '--init=no', '-u', 'b'], ['--init=no'], 'user: b'],
      ['the last network of two spellings', ['--net=none', '--network', 'host'], [], 'network_mode: host'],
      [
        'what YAML 1.1 takes for no string',
        ['--user=1000:50', '--hostname=on'],
        [],
        'user: "1000:50"',
        'hostname: "on"',
      ],
    ];
    for (const [what, args, stays, ...own] of moves) {
      test(what, async () => {
        const json = (runArgs: readonly string[]): string =>
          `{ "dockerComposeFile": "../compose.yml", "service": "app"${runArgs.length === 0 ? '' : `, "runArgs": [${runArgs.map((arg) => JSON.stringify(arg)).join(', ')}]`} }`;
        const after = await changed({ [DEVCONTAINER]: json(args), [COMPOSE]: service('image: debian:12') }, MOVE);
        assert.equal(after?.[COMPOSE], service('image: debian:12', ...own));
        assert.equal(after[DEVCONTAINER], json(stays));
      });
    }

    test('and what goes or is set in the same compilation', async () => {
      const json = JSON_TEXT.replace(' }', ', "runArgs": ["--privileged", "--security-opt=seccomp=unconfined"] }');
      const files = { [DEVCONTAINER]: json, [COMPOSE]: service('image: debian:12', 'privileged: true') };
      const set: Change = { kind: 'security-opt', key: 'seccomp', value: 'builtin' };
      for (const changes of [
        [{ kind: 'remove-privileged' }, set, MOVE],
        [MOVE, set, { kind: 'remove-privileged' }],
      ] as const) {
        assert.deepEqual(await changed(files, ...changes), {
          [DEVCONTAINER]: JSON_TEXT.replace(' }', ', "securityOpt": ["seccomp=builtin"] }'),
          [COMPOSE]: service('image: debian:12'),
        });
      }
    });

    test('a tmpfs is the same with a slash behind it', async () => {
      const json = JSON_TEXT.replace(' }', ', "runArgs": ["--tmpfs=/tmp/"] }');
      const files = { [DEVCONTAINER]: json, [COMPOSE]: service('image: debian:12', 'tmpfs: [/tmp]') };
      assert.deepEqual(await changed(files, MOVE), { ...files, [DEVCONTAINER]: JSON_TEXT });
      const tmpfs: Change = { kind: 'tmpfs', path: '/tmp', options: 'exec' };
      const there = { [DEVCONTAINER]: JSON_TEXT, [COMPOSE]: service('image: debian:12', 'tmpfs: ["/tmp/"]') };
      assert.deepEqual(await changed(there, tmpfs), there);
    });
  });
});
