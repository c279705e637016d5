import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ComposeDefinition } from '../../../../src/model/container/container.js';
import type { Place } from '../../../../src/model/place.js';
import type { Configuration } from '../../../../src/sources/configuration/configuration.js';
import type { WorkspaceFiles } from '../../../../src/sources/workspace/files.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';
import { excerpt } from '../excerpt.js';
import { cases } from '../../cases.js';

const FILE = '.devcontainer/devcontainer.json';

interface Read extends Configuration {
  readonly definition: ComposeDefinition & { readonly place: Place };
  /** What stands at each place, with the file's name before it. */
  readonly at: (places: readonly Place[]) => readonly string[];
  /** Kind of each problem and what it is about. */
  readonly said: readonly (readonly [string, string])[];
}

/** The files that define the service, in the order in which they are merged. */
function filesOf(service: Configuration['service']): readonly string[] {
  return service?.layers.map(({ place }) => place.file) ?? [];
}

async function readFrom(files: WorkspaceFiles): Promise<Read> {
  const [configuration] = await readConfigurations(files, FILE);
  assert.ok(configuration);
  const { definition } = configuration.container;
  assert.ok(definition.kind === 'compose');
  const show = (place: Place): string => `${place.file}: ${excerpt(configuration.texts.get(place.file) ?? '', place)}`;
  return {
    ...configuration,
    definition,
    at: (places) => places.map(show),
    said: configuration.problems.map((p) => [p.kind, show(p.place)]),
  };
}

/** Reads a dev container of the service `app` in docker-compose.yml, next to devcontainer.json unless `more` says otherwise. */
function read(
  compose: string,
  more: { readonly json?: object; readonly files?: Readonly<Record<string, string>> } = {},
): Promise<Read> {
  const json = { dockerComposeFile: 'docker-compose.yml', service: 'app', ...more.json };
  return readFrom(
    memoryFiles({
      [FILE]: JSON.stringify(json),
      '.devcontainer/docker-compose.yml': compose,
      ...more.files,
    }),
  );
}

const DEBIAN = 'services:\n  app:\n    image: debian:12\n';

suite('sources/compose', () => {
  test('what a service says is the container’s, each value at its place', async () => {
    const { container, definition, said, at, service } = await read(
      DEBIAN +
        '    privileged: true\n    cap_add:\n      - CAP_SYS_ADMIN # why\n    cap_drop: [all]\n' +
        '    security_opt: ["seccomp:unconfined", no-new-privileges:true]\n    user: "1000:1000"\n    read_only: yes\n' +
        '    tmpfs: /tmp\n    devices: ["/dev/fuse:/dev/fuse"]\n',
    );
    assert.deepEqual(said, []);
    const { privileged, capAdd, capDrop, seccomp, noNewPrivileges, user, readOnlyRoot, tmpfs, devices } = container;
    const values = [privileged, ...capAdd, ...capDrop, noNewPrivileges, user, readOnlyRoot, ...tmpfs, ...devices];
    assert.deepEqual(
      values.map((v) => v.value),
      [true, 'SYS_ADMIN', 'ALL', true, '1000:1000', true, '/tmp', '/dev/fuse'],
    );
    assert.equal(seccomp.value?.kind, 'unconfined');
    assert.deepEqual(
      values.flatMap((v) => at(v.places)),
      [
        'privileged: true',
        'CAP_SYS_ADMIN',
        'all',
        'no-new-privileges:true',
        'user: "1000:1000"',
        'read_only: yes',
        '/tmp',
        '"/dev/fuse:/dev/fuse"',
      ].map((text) => `.devcontainer/docker-compose.yml: ${text}`),
    );
    assert.deepEqual(container.distro.value, { id: 'debian', version: '12' });
    assert.deepEqual(at(container.distro.places), ['.devcontainer/docker-compose.yml: image: debian:12']);
    assert.deepEqual(filesOf(service), ['.devcontainer/docker-compose.yml']);
    assert.equal(service?.layers[0]?.folder, '.devcontainer');
    assert.deepEqual(at(service.layers.map(({ place }) => place)), ['.devcontainer/docker-compose.yml: app']);
    assert.deepEqual(definition.image.kind === 'image' && definition.image.image, 'debian:12');
    assert.deepEqual(at([definition.place]), [`${FILE}: "dockerComposeFile":"docker-compose.yml"`]);
  });

  test('devcontainer.json adds to the service, runArgs do nothing', async () => {
    const { container, said } = await read(
      `${DEBIAN}    user: bin\n    cap_add: [SYS_PTRACE]\n    security_opt: [seccomp:unconfined]\n`,
      {
        json: {
          runArgs: ['--privileged', '--user=root', '--cap-drop=ALL', '--no such flag'],
          capAdd: ['SYS_ADMIN', 'SYS_PTRACE'],
          securityOpt: ['seccomp=profile.json', 'apparmor=unconfined'],
          containerUser: 'daemon',
        },
        files: { '.devcontainer/profile.json': '{"defaultAction":"SCMP_ACT_ALLOW"}' },
      },
    );
    assert.deepEqual(said, []);
    assert.equal(container.privileged.value, false);
    assert.equal(container.user.value, 'daemon');
    assert.deepEqual(container.capDrop, []);
    assert.deepEqual(
      container.capAdd.map((c) => c.value),
      ['SYS_PTRACE', 'SYS_ADMIN', 'SYS_PTRACE'],
    );
    // The last one wins, and its path is relative to the project directory.
    assert.equal(
      container.seccomp.value?.kind === 'custom' && container.seccomp.value.file,
      '.devcontainer/profile.json',
    );
    assert.equal(container.apparmor.value?.kind, 'unconfined');
  });

  test('the user is remoteUser, containerUser, the service’s, the image’s', async () => {
    const user = async (service: string, json: object): Promise<string | undefined> =>
      (await read(DEBIAN + service, { json })).container.user.value;
    assert.equal(await user('', {}), 'root');
    assert.equal(await user('    user: one\n', {}), 'one');
    assert.equal(await user('    user: one\n', { containerUser: 'two' }), 'two');
    assert.equal(await user('    user: one\n', { containerUser: 'two', remoteUser: 'three' }), 'three');
    assert.equal(await user('    user: ""\n', {}), 'root');
  });

  test('an option that devcontainer.json repeats is refused by Compose', async () => {
    const { said } = await read(`${DEBIAN}    security_opt: [seccomp=unconfined]\n    cap_add: [SYS_ADMIN]\n`, {
      json: { securityOpt: ['seccomp=unconfined'], capAdd: ['SYS_ADMIN'] },
    });
    assert.deepEqual(said, [['type', `${FILE}: "seccomp=unconfined"`]]);
    const spelt = await read(`${DEBIAN}    security_opt: [seccomp:unconfined]\n`, {
      json: { securityOpt: ['seccomp=unconfined'] },
    });
    assert.deepEqual(spelt.said, []);
    const twice = await read(`${DEBIAN}    security_opt: [seccomp=unconfined, "seccomp=unconfined"]\n`);
    assert.deepEqual(twice.said, [['type', '.devcontainer/docker-compose.yml: "seccomp=unconfined"']]);
  });

  suite('files', () => {
    test('are relative to devcontainer.json, the project directory is the first one’s', async () => {
      const { definition, container, said, service } = await read('', {
        json: { dockerComposeFile: ['../sub/a.yml', 'b.yml'], service: 'app' },
        files: {
          'sub/a.yml': 'services:\n  app:\n    build: .\n    security_opt: [seccomp=p.json]\n',
          'sub/.env': 'USER_NAME=me\n',
          'sub/p.json': '{"defaultAction":"SCMP_ACT_ALLOW"}',
          'sub/Dockerfile': 'FROM debian:13\n',
          '.devcontainer/b.yml': 'services:\n  app:\n    user: $USER_NAME\n    build: {args: {A: "1"}}\n',
        },
      });
      assert.deepEqual(said, []);
      assert.deepEqual(filesOf(service), ['sub/a.yml', '.devcontainer/b.yml']);
      assert.equal(service?.layers[0]?.folder, 'sub');
      assert.equal(container.user.value, 'me');
      assert.equal(container.seccomp.value?.kind === 'custom' && container.seccomp.value.file, 'sub/p.json');
      assert.deepEqual(container.distro.value, { id: 'debian', version: '13' });
      assert.equal(definition.image.kind === 'build' && definition.image.dockerfile.file, 'sub/Dockerfile');
    });

    test('a service of a profile that nothing makes active is not started', async () => {
      const compose = 'services:\n  app: {image: debian, profiles: [dev, "${OTHER:-x}"]}\n';
      const json = { dockerComposeFile: 'docker-compose.yml', service: 'app' };
      const kinds = async (more: object, environment = ''): Promise<unknown> =>
        (await read(compose, { json: { ...json, ...more }, files: { '.devcontainer/.env': environment } })).said;
      assert.deepEqual(await kinds({}), [['type', '.devcontainer/docker-compose.yml: dev']]);
      assert.deepEqual(await kinds({ runServices: [] }), [['type', '.devcontainer/docker-compose.yml: dev']]);
      assert.deepEqual(await kinds({ runServices: ['db'] }), []);
      assert.deepEqual(await kinds({}, 'COMPOSE_PROFILES=a, dev'), []);
      assert.deepEqual(await kinds({}, 'COMPOSE_PROFILES=*'), []);
      assert.deepEqual(await kinds({}, 'COMPOSE_PROFILES=x'), []);
      assert.deepEqual(await kinds({}, 'COMPOSE_PROFILES=y'), [['type', '.devcontainer/docker-compose.yml: dev']]);
    });

    test('volumes that can be written to count under a read-only root', async () => {
      const volumes =
        '["${V}:/a", "./b:/b:ro,z", /c, "C:\\\\x:/d:rw", {type: bind, source: ., target: /e, read_only: true}, {type: volume, target: /f}]';
      const { container } = await read(`${DEBIAN}    read_only: true\n    volumes: ${volumes}\n`);
      assert.deepEqual(
        container.tmpfs.map(({ value }) => value),
        ['/a:volume', '/c:volume', '/d:volume', '/f:volume'],
      );
    });

    test('a volume inside of /proc is refused, but for what lxcfs puts there', async () => {
      const volumes =
        '["./a:/proc/acpi", "./b:/proc/cpuinfo:ro", "/proc:/host/proc", {type: bind, source: ., target: /proc/x/}]';
      const { said } = await read(`${DEBIAN}    volumes: ${volumes}\n`);
      assert.deepEqual(said, [
        ['type', '.devcontainer/docker-compose.yml: "./a:/proc/acpi"'],
        ['type', '.devcontainer/docker-compose.yml: /proc/x/'],
      ]);
    });

    test('an empty list means what COMPOSE_FILE in .env names, whose variables count there too', async () => {
      const files = {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": [], "service": "app" }',
        '.env': 'CAP=KILL\r\nCOMPOSE_FILE= sub/a.yml:b.yml \r\nCOMPOSE_PROJECT_NAME=x\r\nCOMPOSE_PROFILES=none\r\n',
        'sub/.env': 'CAP=CHOWN\n',
        'sub/a.yml': 'services:\n  app: {image: debian:12, cap_add: ["${CAP}"]}\n',
        'b.yml': 'services:\n  app: {user: me}\n',
        'docker-compose.yml': 'services:\n  app: {image: debian:13}\n',
      };
      const [configuration] = await readConfigurations(memoryFiles(files));
      assert.ok(configuration);
      const { container, problems, options } = configuration;
      assert.deepEqual(problems, []);
      assert.ok(container.definition.kind === 'compose');
      assert.deepEqual(filesOf(configuration.service), ['sub/a.yml', 'b.yml']);
      assert.equal(configuration.service?.layers[0]?.folder, 'sub');
      assert.deepEqual(
        container.capAdd.map(({ value }) => value),
        ['KILL'],
      );
      assert.deepEqual(
        options.filter(({ flag }) => flag === 'cap-add').map(({ value }) => value),
        ['KILL'],
      );
    });

    test('a file that COMPOSE_FILE names and that does not exist is a problem in .env', async () => {
      const [configuration] = await readConfigurations(
        memoryFiles({
          '.devcontainer.json': '{ "dockerComposeFile": [], "service": "app" }',
          '.env': 'A=b\nCOMPOSE_FILE=no.yml\n',
        }),
      );
      const [problem] = configuration?.problems ?? [];
      assert.equal(problem?.kind, 'missing');
      assert.deepEqual(problem.place, {
        file: '.env',
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 19 } },
      });
    });

    test('an empty list means docker-compose.yml and its override in the workspace folder', async () => {
      const { container, service } = await read('', {
        json: { dockerComposeFile: [], service: 'app' },
        files: {
          'docker-compose.yml': 'services:\n  app: {image: "debian:${TAG}"}\n',
          'docker-compose.override.yml': 'services:\n  app: {user: me}\n',
          '.env': 'TAG=12',
        },
      });
      assert.deepEqual(filesOf(service), ['docker-compose.yml', 'docker-compose.override.yml']);
      assert.deepEqual(container.distro.value, { id: 'debian', version: '12' });
      assert.equal(container.user.value, 'me');
    });

    test('one that is missing is a problem, the others are judged', async () => {
      const { said, container } = await read(`${DEBIAN}    privileged: true\n`, {
        json: { dockerComposeFile: ['docker-compose.yml', 'no.yml'] },
      });
      assert.deepEqual(said, [['missing', `${FILE}: "no.yml"`]]);
      assert.equal(container.privileged.value, true);
      assert.equal(container.user.value, 'root');
    });

    test('one outside the workspace folder may set anything', async () => {
      const { said, container } = await read(`${DEBIAN}    security_opt: [apparmor=unconfined]\n    user: me\n`, {
        json: { dockerComposeFile: ['docker-compose.yml', '/etc/other.yml'], securityOpt: ['seccomp=unconfined'] },
      });
      assert.deepEqual(said, [['outside', `${FILE}: "/etc/other.yml"`]]);
      assert.equal(container.privileged.value, undefined);
      assert.equal(container.apparmor.value, undefined);
      assert.equal(container.user.value, undefined);
      assert.equal(container.seccomp.value?.kind, 'unconfined');
    });

    test('one of the wrong type, and a service that is not named, are problems', async () => {
      const wrong = await read(DEBIAN, { json: { dockerComposeFile: 7 } });
      assert.equal(wrong.said[0]?.[0], 'type');
      assert.equal(wrong.container.privileged.value, undefined);
      const unnamed = await read(DEBIAN, { json: { service: undefined } });
      assert.deepEqual(unnamed.said, [['type', `${FILE}: "dockerComposeFile":"docker-compose.yml"`]]);
      assert.equal(unnamed.container.privileged.value, undefined);
    });

    test('a service that they lack is a problem at its name', async () => {
      const { said, container, service } = await read(DEBIAN, { json: { service: 'other' } });
      assert.deepEqual(said, [['missing', `${FILE}: "other"`]]);
      assert.equal(service, undefined);
      assert.equal(container.seccomp.value, undefined);
    });

    test('CRLF and a byte order mark change nothing', async () => {
      const { said, container, at } = await read(
        `\uFEFF${DEBIAN}    cap_add:\n      - SYS_ADMIN\n      - NET_ADMIN\n`.replaceAll('\n', '\r\n'),
      );
      assert.deepEqual(said, []);
      assert.deepEqual(
        container.capAdd.flatMap((c) => at(c.places)),
        ['.devcontainer/docker-compose.yml: SYS_ADMIN', '.devcontainer/docker-compose.yml: NET_ADMIN'],
      );
    });

    test('all that is read is among the texts', async () => {
      const { texts } = await read(
        'include: [inc.yml]\nservices:\n  app: {extends: {file: base.yml, service: x}, build: ctx}\n',
        {
          files: {
            '.devcontainer/inc.yml': 'services: {}\n',
            '.devcontainer/base.yml': 'services: {x: {user: me}}\n',
            '.devcontainer/.env': 'A=b',
            '.devcontainer/ctx/Dockerfile': 'FROM debian:12',
          },
        },
      );
      assert.deepEqual([...texts.keys()].sort(), [
        '.devcontainer/.env',
        '.devcontainer/base.yml',
        '.devcontainer/ctx/Dockerfile',
        FILE,
        '.devcontainer/docker-compose.yml',
        '.devcontainer/inc.yml',
      ]);
    });
  });

  suite('build', () => {
    const build = (text: string, files: Readonly<Record<string, string>>): Promise<Read> =>
      read(`services:\n  app:\n    build:\n${text}`, { files });

    test('finds the Dockerfile from the context, with target and arguments', async () => {
      const { container, definition, said, at } = await build(
        '      context: ..\n      dockerfile: docker/dev.Dockerfile\n      target: dev\n      args: {V: 12}\n',
        { 'docker/dev.Dockerfile': 'ARG V=13\nFROM debian:$V AS dev\nUSER me\nFROM alpine\n' },
      );
      assert.deepEqual(said, []);
      assert.deepEqual(container.distro.value, { id: 'debian', version: '12' });
      assert.equal(container.user.value, 'me');
      assert.ok(definition.image.kind === 'build');
      assert.equal(definition.image.dockerfile.target, 'dev');
      assert.deepEqual(at([definition.image.dockerfile.stage]), ['docker/dev.Dockerfile: FROM debian:$V AS dev']);
      assert.deepEqual(at([definition.image.place]), ['.devcontainer/docker-compose.yml: build']);
    });

    test('goes before image, which then is the name of what is built', async () => {
      const { container } = await build('      context: .\n    image: alpine\n', {
        '.devcontainer/Dockerfile': 'FROM debian:12\n',
      });
      assert.equal(container.distro.value?.id, 'debian');
    });

    test('a Dockerfile that is missing, outside or on the network leaves the image unknown', async () => {
      const missing = await build('      context: x\n', {});
      assert.deepEqual(missing.said, [['missing', '.devcontainer/docker-compose.yml: context: x']]);
      assert.equal(missing.container.distro.value, undefined);
      assert.equal(missing.definition.image.kind, 'unknown');
      const outside = await build('      context: /srv\n', {});
      assert.deepEqual(outside.said, [['outside', '.devcontainer/docker-compose.yml: context: /srv']]);
      const remote = await build('      context: https://example.com/a.git\n', {});
      assert.deepEqual(remote.said, []);
      assert.match(remote.container.distro.why ?? '', /outside the workspace folder/);
      const variable = await build('      context: $WHERE\n', {});
      assert.deepEqual(variable.said, []);
      assert.match(variable.container.distro.why ?? '', /\$\{WHERE\} depends on the machine/);
    });

    test('one that stands in the Compose file is read there, although the CLI refuses it', async () => {
      const text =
        '      dockerfile_inline: |\n\n        FROM debian:12\n        RUN apt-get update && \\\n          apt-get install -y bubblewrap\n        USER $${ME:-me}\n';
      const { container, definition, said, at } = await build(text, {});
      assert.deepEqual(
        said.map(([kind]) => kind),
        ['type'],
      );
      assert.equal(definition.image.kind, 'inline');
      assert.deepEqual(at(container.distro.places), ['.devcontainer/docker-compose.yml: debian:12']);
      assert.deepEqual(at(container.bwrap.presence.places), ['.devcontainer/docker-compose.yml: bubblewrap']);
      const folded = await build('      dockerfile_inline: "FROM debian:12\\nUSER me"\n', {});
      assert.equal(folded.container.user.value, 'me');
      assert.deepEqual(folded.at(folded.container.user.places), [
        '.devcontainer/docker-compose.yml: dockerfile_inline: "FROM debian:12\\nUSER me"'.replace(
          'dockerfile_inline: ',
          '',
        ),
      ]);
    });

    test('a service without image and build is a problem', async () => {
      const { said, container } = await read('services:\n  app:\n    user: me\n');
      assert.deepEqual(said, [['type', '.devcontainer/docker-compose.yml: app']]);
      assert.equal(container.distro.value, undefined);
    });
  });

  suite('variables', () => {
    test('of .env are put in; what neither has nor defaults to a value depends on the machine', async () => {
      const { container, said } = await read(
        'services:\n  app:\n    image: ${NAME:-debian}:${TAG}\n    user: "${WHO}"\n    privileged: ${PRIVILEGED:?}\n' +
          '    cap_add: ["${CAP}"]\n    security_opt: ["seccomp=${PROFILE}", "apparmor=${AA:-unconfined}"]\n',
      );
      assert.deepEqual(said, []);
      assert.equal(container.user.why, '${WHO} depends on the machine');
      assert.equal(container.privileged.value, undefined);
      assert.deepEqual(
        container.capAdd.map((c) => c.value),
        [undefined],
      );
      assert.equal(container.seccomp.value, undefined);
      assert.equal(container.apparmor.value?.kind, 'unconfined');
      assert.equal(container.noNewPrivileges.value, false);
      assert.equal(container.distro.value?.id, 'debian');
      assert.equal(container.distro.value.version, undefined);
    });

    test('what begins like one and is none is refused', async () => {
      const { said } = await read('services:\n  app:\n    image: debian:12\n    user: "${1}"\n');
      assert.deepEqual(said, [['type', '.devcontainer/docker-compose.yml: "${1}"']]);
    });
  });

  suite('extends', () => {
    test('keeps the places of what it brings', async () => {
      const { container, at, definition, service } = await read(
        'services:\n  app:\n    extends: {file: ../base.yml, service: dev}\n    cap_add: [NET_ADMIN]\n',
        {
          files: {
            'base.yml': 'services:\n  dev:\n    build: ctx\n    cap_add: [SYS_ADMIN]\n',
            'ctx/Dockerfile': 'FROM debian:12\n',
          },
        },
      );
      assert.deepEqual(
        container.capAdd.flatMap((c) => at(c.places)),
        ['base.yml: SYS_ADMIN', '.devcontainer/docker-compose.yml: NET_ADMIN'],
      );
      assert.equal(definition.image.kind === 'build' && definition.image.dockerfile.file, 'ctx/Dockerfile');
      assert.deepEqual(filesOf(service), ['.devcontainer/docker-compose.yml']);
    });

    test('in a circle, of no service and of the wrong type is one problem', async () => {
      const circle = await read('services:\n  app: {image: debian, extends: b}\n  b: {extends: app, user: me}\n');
      assert.deepEqual(circle.said, [['syntax', '.devcontainer/docker-compose.yml: extends']]);
      assert.equal(circle.container.user.value, 'me');
      const missing = await read(`${DEBIAN}    extends: {service: nobody}\n`);
      assert.deepEqual(missing.said, [['missing', '.devcontainer/docker-compose.yml: extends']]);
      const file = await read(`${DEBIAN}    extends: {service: x, file: no.yml}\n`);
      assert.deepEqual(file.said, [['missing', '.devcontainer/docker-compose.yml: no.yml']]);
      const type = await read(`${DEBIAN}    extends: [x]\n`);
      assert.deepEqual(type.said, [['type', '.devcontainer/docker-compose.yml: extends']]);
    });

    test('of a file outside the workspace folder may bring anything', async () => {
      const { said, container } = await read(`${DEBIAN}    extends: {service: x, file: /srv/base.yml}\n`);
      assert.deepEqual(said, [['outside', '.devcontainer/docker-compose.yml: /srv/base.yml']]);
      assert.equal(container.privileged.value, undefined);
    });
  });

  suite('include', () => {
    // Docker Compose 2.26 refuses both; the newest compose-go (loader/include.go) does it so.
    test('brings services to extend, and goes under those of the same name', async () => {
      const { container, said } = await read(
        'include: [inc.yml]\nservices:\n  app: {extends: base, cap_add: [NET_ADMIN]}\n  db: {user: me}\n',
        { files: { '.devcontainer/inc.yml': 'services:\n  base: {image: debian:12, cap_add: [SYS_ADMIN]}\n' } },
      );
      assert.deepEqual(said, []);
      assert.deepEqual(
        container.capAdd.map((c) => c.value),
        ['SYS_ADMIN', 'NET_ADMIN'],
      );
      const same = await read('include: [inc.yml]\nservices:\n  app: {user: me}\n', {
        files: { '.devcontainer/inc.yml': 'services:\n  app: {image: debian:12, user: other, privileged: true}\n' },
      });
      assert.deepEqual([same.container.user.value, same.container.privileged.value], ['me', true]);
    });

    test('in a circle, and from the network, is a problem', async () => {
      const circle = await read(`include: [docker-compose.yml]\n${DEBIAN}`);
      assert.deepEqual(circle.said, [['syntax', '.devcontainer/docker-compose.yml: docker-compose.yml']]);
      const remote = await read(`include: ["https://example.com/a.git"]\n${DEBIAN}`);
      assert.deepEqual(remote.said, [['not-judged', '.devcontainer/docker-compose.yml: "https://example.com/a.git"']]);
      assert.equal(remote.container.privileged.value, false);
      const service = await read('include: ["oci://example.com/a"]\nservices: {db: {image: x}}\n');
      assert.deepEqual(
        service.said.map(([kind]) => kind),
        ['not-judged'],
      );
      assert.equal(service.container.privileged.value, undefined);
    });

    test('of many files that include many ends', async () => {
      const files: Record<string, string> = {};
      for (let i = 0; i < 15; i++) {
        files[`.devcontainer/f${i}.yml`] =
          `include: [f${i + 1}.yml, ./f${i + 1}.yml, ././f${i + 1}.yml]\nservices: {}\n`;
      }
      files['.devcontainer/f15.yml'] = 'services: {}\n';
      const { said } = await read(`include: [f0.yml]\n${DEBIAN}`, { files });
      assert.deepEqual([...new Set(said.map(([kind]) => kind))], ['unreadable']);
    });
  });

  suite('broken files', () => {
    const COMPLETE =
      '# all\nx-s: &s\n  security_opt: &o [seccomp:unconfined]\nservices:\n  base: {image: "debian:${T:-12}", <<: *s}\n' +
      '  app:\n    extends: {service: base, file: ./b.yml}\n    cap_add: [A, "${B}"]\n    tmpfs: /tmp\n    privileged: !override yes\n' +
      '    build: {context: ., dockerfile_inline: "FROM debian:12\\nUSER me", args: {A: 1}}\n    security_opt: *o\n' +
      '    volumes: [{type: tmpfs, target: /x, tmpfs: {mode: 01777}}]\n    devices: [/dev/fuse]\ninclude: [c.yml, {path: d.yml}]\n';
    const PIECES = [
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '*s',
      '&s ',
      '<<: ',
      '"',
      '|\n',
      '~',
      '!reset ',
      '\t',
      '${',
      '$$',
      '😀',
    ];

    test('never throw, and every place is in a file that was read', async () => {
      const mutation = fc.record({
        at: fc.nat(COMPLETE.length),
        length: fc.nat(30),
        piece: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES), fc.string({ maxLength: 3 })),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
          const text = mutations.reduce((t, m) => t.slice(0, m.at) + m.piece + t.slice(m.at + m.length), COMPLETE);
          const { problems, texts, container } = await read(text, {
            files: {
              '.devcontainer/b.yml': COMPLETE,
              '.devcontainer/c.yml': text,
              '.devcontainer/d.yml': 'services: {other: {}}',
            },
          });
          const values = [
            container.privileged,
            container.user,
            container.seccomp,
            ...container.capAdd,
            container.distro,
          ];
          for (const { file, range } of [...problems.map((p) => p.place), ...values.flatMap((v) => v.places)]) {
            const lines = texts.get(file)?.split(/\r\n|\r|\n/);
            assert.ok(lines && range.end.line < lines.length, `${file} ${range.end.line}`);
            assert.ok(range.end.character <= (lines[range.end.line] ?? '').length);
          }
        }),
        { numRuns: cases(150) },
      );
    });
  });

  suite('values that Compose refuses', () => {
    test('are one problem each where they stand, and the rest is judged', async () => {
      const { said, container } = await read(
        `${DEBIAN}    privileged: maybe\n    cap_add: SYS_ADMIN\n    cap_drop: [1, {a: b}]\n    user: 1000\n    read_only: [true]\n` +
          '    capDrop: [ALL]\n    sysctls: {kernel.unprivileged_userns_clone: 1, net.core.somaxconn: 1}\n    tmpfs: {a: b}\n    init: true\n',
      );
      assert.deepEqual(new Set(said.map(([kind]) => kind)), new Set(['type']));
      assert.deepEqual(said.map(([, text]) => text.replace('.devcontainer/docker-compose.yml: ', '')).sort(), [
        '1',
        '1000',
        'SYS_ADMIN',
        '[true]',
        'capDrop',
        'kernel.unprivileged_userns_clone: 1',
        'maybe',
        '{a: b}',
        '{a: b}',
      ]);
      assert.equal(container.privileged.value, undefined);
      assert.equal(container.user.value, '1000');
      assert.deepEqual(container.capAdd, []);
    });

    test('a service or services of the wrong type', async () => {
      assert.deepEqual((await read('services:\n  app: [x]\n')).said[0], [
        'type',
        '.devcontainer/docker-compose.yml: app',
      ]);
      assert.deepEqual((await read('services: [app]\n')).said, [['missing', `${FILE}: "app"`]]);
    });
  });
});
