import assert from 'node:assert/strict';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';
import { excerpt } from '../excerpt.js';

const FILE = '.devcontainer.json';

/** Flag, value, what gives it, and what is written at its place. */
type Shown = readonly [flag: string, value: string | undefined, origin: string, written: string];

async function optionsOf(files: Readonly<Record<string, string>>): Promise<readonly Shown[]> {
  const [configuration] = await readConfigurations(memoryFiles(files), FILE);
  assert.ok(configuration);
  return configuration.options.map(({ flag, value, origin, place, inert }): Shown => {
    assert.ok(place);
    const text = excerpt(configuration.texts.get(place.file) ?? '', place);
    return [flag, value, `${inert ? 'inert ' : ''}${origin.kind}`, text];
  });
}

/** The options of a Compose service, however its files write them. */
async function serviceOptions(files: Readonly<Record<string, string>>, more = ''): Promise<readonly Shown[]> {
  return await optionsOf({ [FILE]: `{ "dockerComposeFile": "c.yml", "service": "app"${more} }`, ...files });
}

suite('options in the engine’s order', () => {
  test('runArgs, then Features, then devcontainer.json, each with its place', async () => {
    const shown = await optionsOf({
      [FILE]: `{
        "image": "debian:12", "remoteUser": "me", "securityOpt": ["seccomp=unconfined"], "privileged": false,
        "features": { "./f": {} }, "mounts": ["type=tmpfs,target=/tmp"],
        "runArgs": ["--cap-add", "SYS_PTRACE", "-u=root", "--init"]
      }`,
      'f/devcontainer-feature.json': '{ "id": "f", "capAdd": ["KILL"], "remoteUser": "no" }',
    });
    assert.deepEqual(shown, [
      ['cap-add', 'SYS_PTRACE', 'runArgs', '"--cap-add", "SYS_PTRACE"'],
      ['user', 'root', 'runArgs', '"-u=root"'],
      ['init', 'true', 'runArgs', '"--init"'],
      ['cap-add', 'KILL', 'localFeature', '"KILL"'],
      ['privileged', 'false', 'devcontainer', '"privileged": false'],
      ['security-opt', 'seccomp=unconfined', 'devcontainer', '"seccomp=unconfined"'],
      ['remote-user', 'me', 'devcontainer', '"me"'],
      ['mount', 'type=tmpfs,target=/tmp', 'devcontainer', '"type=tmpfs,target=/tmp"'],
    ]);
  });

  test('what an image’s label or a published Feature gives stands where that one is named', async () => {
    const shown = await optionsOf({
      [FILE]: '{ "image": "mcr.microsoft.com/devcontainers/go:1", "features": { "docker-in-docker": {} } }',
    });
    const at = (origin: string): readonly string[] =>
      shown
        .filter((option) => option[2] === origin)
        .map(([flag, value, , written]) => `${flag} ${value ?? ''} ${written}`);
    assert.ok(
      at('image').includes('cap-add SYS_PTRACE "image": "mcr.microsoft.com/devcontainers/go:1"'),
      String(shown),
    );
    assert.ok(at('feature').includes('privileged true "docker-in-docker": {}'), String(shown));
  });

  test('runArgs has no effect with Compose, and what is not read may set everything', async () => {
    const shown = await serviceOptions({}, ', "runArgs": ["--privileged"]');
    assert.deepEqual(shown[0], ['privileged', 'true', 'inert runArgs', '"--privileged"']);
    assert.deepEqual(
      shown.slice(1).map(([flag, value, origin]) => [flag, value, origin]),
      ['privileged', 'cap-add', 'cap-drop', 'security-opt', 'read-only', 'tmpfs', 'device'].map((flag) => [
        flag,
        undefined,
        'unread',
      ]),
    );
  });

  const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'in the service': { 'c.yml': 'services: { app: { image: "debian:12", cap_add: [KILL], privileged: true } }' },
    'by extends': {
      'c.yml': 'services: { app: { extends: base }, base: { image: "debian:12", cap_add: [KILL], privileged: true } }',
    },
    'by extends from another file': {
      'c.yml': 'services: { app: { extends: { file: d/b.yml, service: base } } }',
      'd/b.yml': 'services: { base: { image: "debian:12", cap_add: [KILL], privileged: true } }',
    },
    'by include': {
      'c.yml': 'include: [d/b.yml]',
      'd/b.yml': 'services: { app: { image: "debian:12", cap_add: [KILL], privileged: true } }',
    },
    'by an anchor': {
      'c.yml': 'x-c: &c [KILL]\nx-p: &p true\nservices: { app: { image: "debian:12", cap_add: *c, privileged: *p } }',
    },
    'by a merge key': {
      'c.yml': 'x-a: &a { cap_add: [KILL], privileged: true }\nservices: { app: { image: "debian:12", <<: *a } }',
    },
    'by a variable': {
      'c.yml': 'services: { app: { image: "debian:12", cap_add: ["${CAP}"], privileged: "${P:-true}" } }',
      '.env': 'CAP=KILL\n',
    },
    'in another document': {
      'c.yml':
        'services: { app: { image: "debian:12" } }\n---\nservices: { app: { cap_add: [KILL], privileged: true } }',
    },
  };
  for (const [way, files] of Object.entries(ways)) {
    test(`a Compose service has the same options ${way}`, async () => {
      const shown = await serviceOptions(files);
      assert.deepEqual(
        shown.map(([flag, value, origin]) => [flag, value, origin]),
        [
          ['privileged', 'true', 'service'],
          ['cap-add', 'KILL', 'service'],
        ],
      );
    });
  }

  test('privileged is there for each file that says it, and the last one decides', async () => {
    const [configuration] = await readConfigurations(
      memoryFiles({
        [FILE]: '{ "dockerComposeFile": ["c.yml", "d.yml"], "service": "app" }',
        'c.yml': 'services: { app: { image: "debian:12", privileged: true } }',
        'd.yml': 'services: { app: { privileged: false } }',
      }),
    );
    const said = configuration?.options.filter(({ flag }) => flag === 'privileged');
    assert.deepEqual(
      said?.map(({ value, place }) => [value, place?.file]),
      [
        ['true', 'c.yml'],
        ['false', 'd.yml'],
      ],
    );
    assert.equal(configuration?.container.privileged.value, false);
  });
});
