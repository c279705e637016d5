import assert from 'node:assert/strict';
import type { Change } from '../../../src/edits/changes/change.js';
import { compile } from '../../../src/edits/compile.js';
import { applyAll } from '../appliedEdits.js';
import type { Configuration } from '../../../src/sources/configuration/configuration.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../memoryFiles.js';

type Files = Readonly<Record<string, string>>;

const FILE = '.devcontainer.json';
const COMPOSE = '{ "dockerComposeFile": "c.yml", "service": "app" }';
const TWICE = COMPOSE.replace('"c.yml"', '["c.yml", "c.yml"]');

async function read(files: Files): Promise<Configuration> {
  const [configuration] = await readConfigurations(memoryFiles(files), FILE);
  assert.ok(configuration);
  return configuration;
}

/** The configuration after the change, and the files; undefined: it is refused, which is right as well. */
async function after(
  files: Files,
  change: Change,
): Promise<{ readonly files: Files; readonly configuration: Configuration } | undefined> {
  const edits = compile([change], await read(files))?.edits;
  if (!edits) return undefined;
  const changed = Object.fromEntries(applyAll(new Map(Object.entries(files)), edits));
  const configuration = await read(changed);
  assert.deepEqual(compile([change], configuration)?.edits, [], JSON.stringify(changed, null, 2));
  return { files: changed, configuration };
}

const CHAIN = (key: string, value: string): string =>
  `x-l: &l [${value}]\nx-a: &a {${key}: *l, init: true}\nservices:\n  app:\n    <<: *a\n    image: debian:12\n`;

suite('counterexamples to the list of options', () => {
  test('a Dockerfile for an image that an included file in another folder names', async () => {
    const made = await after(
      { [FILE]: COMPOSE, 'c.yml': 'include: [sub/i.yml]\n', 'sub/i.yml': 'services:\n  app:\n    image: debian:12\n' },
      { kind: 'install-bwrap', setuid: false },
    );
    assert.ok(!made || made.configuration.container.bwrap.presence.value === 'present');
  });

  test('--init is moved where init is false', async () => {
    const runArgs = COMPOSE.replace(' }', ', "runArgs": ["--init"] }');
    const made = await after(
      { [FILE]: runArgs, 'c.yml': 'services: { app: { image: debian:12, init: false } }\n' },
      { kind: 'move-run-args' },
    );
    assert.match(made?.files[FILE] ?? '', /"init": true/);
  });

  test('a list behind two anchors is emptied: no-new-privileges', async () => {
    const made = await after(
      { [FILE]: COMPOSE, 'c.yml': CHAIN('security_opt', '"no-new-privileges:true"') },
      { kind: 'remove-security-opt', key: 'no-new-privileges' },
    );
    assert.ok(!made || made.configuration.container.noNewPrivileges.value === false);
  });

  test('a list behind two anchors is emptied: a capability', async () => {
    const made = await after(
      { [FILE]: COMPOSE, 'c.yml': CHAIN('cap_add', 'SYS_ADMIN') },
      { kind: 'remove-capability', capability: 'SYS_ADMIN' },
    );
    assert.deepEqual(made?.configuration.container.capAdd ?? [], []);
  });

  test('a list behind two anchors is emptied: a namesake next to it stays', async () => {
    const yaml = CHAIN('cap_add', 'SYS_ADMIN').replace(/^.*\n/, 'x-c:\n  caps: &l [SYS_ADMIN]\n  cap_add: keep\n');
    const made = await after(
      { [FILE]: COMPOSE, 'c.yml': yaml },
      { kind: 'remove-capability', capability: 'SYS_ADMIN' },
    );
    assert.match(made?.files['c.yml'] ?? 'cap_add: keep', /cap_add: keep/);
  });

  test('a merge key brings what an anchor has hidden', async () => {
    const made = await after(
      {
        [FILE]: COMPOSE,
        'c.yml':
          'x-a: &a {privileged: true, init: true}\nx-c: &c {privileged: true, tty: true}\nx-b: &b {<<: [*c, *a], tty: true}\n' +
          'services:\n  app:\n    <<: *b\n    image: debian:12\n',
      },
      { kind: 'remove-privileged' },
    );
    assert.ok(!made || made.configuration.container.privileged.value === false);
  });

  test('a tmpfs alone in a file that is read twice', async () => {
    const made = await after(
      { [FILE]: TWICE, 'c.yml': 'services:\n  app:\n    image: debian:12\n    tmpfs: /run\n' },
      { kind: 'tmpfs', path: '/tmp', options: 'exec' },
    );
    assert.ok(!made || made.configuration.container.tmpfs.some(({ value }) => value === '/run'));
  });

  test('a service of another file extends the one that is changed', async () => {
    const made = await after(
      {
        [FILE]: COMPOSE,
        'c.yml': 'include: [i.yml]\nservices: { db: { extends: { file: i.yml, service: app } } }\n',
        'i.yml': 'services:\n  app:\n    image: debian:12\n    privileged: true\n    tty: true\n',
      },
      { kind: 'remove-privileged' },
    );
    assert.match(made?.files['i.yml'] ?? 'privileged: true', /privileged: true/);
  });

  test('privileged with !override is taken out', async () => {
    const made = await after(
      {
        [FILE]: COMPOSE.replace('"c.yml"', '["c.yml", "d.yml"]'),
        'c.yml': 'services: { app: { image: debian:12, privileged: true } }\n',
        'd.yml': 'services:\n  app:\n    privileged: !override true\n    tty: true\n',
      },
      { kind: 'remove-privileged' },
    );
    assert.ok(!made || made.configuration.container.privileged.value === false);
  });

  test('a tmpfs is not written into a list that is reset', async () => {
    const made = await after(
      {
        [FILE]: COMPOSE.replace('"c.yml"', '["c.yml", "d.yml"]'),
        'c.yml': 'services: { app: { image: debian:12, tmpfs: [/run] } }\n',
        'd.yml': 'services:\n  app:\n    tmpfs: !reset []\n',
      },
      { kind: 'tmpfs', path: '/tmp', options: 'exec' },
    );
    assert.ok(!made || made.configuration.container.tmpfs.length > 0);
  });

  test('a flag whose default is false is not moved as true', async () => {
    const runArgs = COMPOSE.replace(' }', ', "runArgs": ["--privileged=${localEnv:P:false}"] }');
    const made = await after(
      { [FILE]: runArgs, 'c.yml': 'services: { app: { image: debian:12 } }\n' },
      { kind: 'move-run-args' },
    );
    assert.doesNotMatch(made?.files[FILE] ?? '', /"privileged": true/);
  });

  test('a capability with a default that the container gets', async () => {
    const made = await after(
      { [FILE]: '{ "image": "debian:12", "capAdd": ["${localEnv:C:SYS_ADMIN}"] }' },
      { kind: 'remove-capability', capability: 'SYS_ADMIN' },
    );
    assert.deepEqual(made?.configuration.container.capAdd ?? [], []);
  });
});
