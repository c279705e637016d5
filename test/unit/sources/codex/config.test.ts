import assert from 'node:assert/strict';
import { readCodexConfig, type CodexConfig } from '../../../../src/sources/codex/config.js';
import { excerpt } from '../excerpt.js';

const FILE = '.codex/config.toml';
const read = (text: string): CodexConfig => readCodexConfig(text, FILE);

suite('sources/codexConfig', () => {
  for (const text of [
    '[sandbox_workspace_write]\nnetwork_access = true\n',
    'sandbox_workspace_write.network_access = true',
    'sandbox_workspace_write = { writable_roots = [], network_access = true }',
    '["sandbox_workspace_write"]\r\n\'network_access\' = true\r\n',
    'model = "x"\n[features]\na = true\n[sandbox_workspace_write] # here\nnetwork_access = true # there',
  ]) {
    test(`allows the network: ${JSON.stringify(text)}`, () => {
      const config = read(text);
      assert.equal(config.network.value, 'full');
      assert.match(excerpt(text, config.network.places[0]), /network_access.? = true$/);
      assert.deepEqual(config.problems, []);
    });
  }

  test('restricts it by default, without a place', () => {
    assert.deepEqual(read('').network, { value: 'restricted', places: [] });
    assert.deepEqual(read('[other]\nnetwork_access = true').network, { value: 'restricted', places: [] });
    assert.equal(read('[[sandbox_workspace_write]]\nnetwork_access = true').network.value, 'restricted');
  });

  test('restricts it where it says so', () => {
    const { network, problems } = read('[sandbox_workspace_write]\nnetwork_access = false');
    assert.deepEqual([network.value, network.places.length, problems], ['restricted', 1, []]);
  });

  test('reads the sandbox mode, which network_access depends on', () => {
    const access = '\n[sandbox_workspace_write]\nnetwork_access = true';
    assert.equal(read(`sandbox_mode = "read-only"${access}`).network.value, 'restricted');
    assert.equal(read(`sandbox_mode = "workspace-write"${access}`).network.value, 'full');
    assert.equal(read('sandbox_mode = "danger-full-access"').network.value, 'full');
    const text = "sandbox_mode = 'workspace-write'";
    assert.equal(read(text).sandbox?.value?.written, 'sandbox_mode = "workspace-write"');
    assert.equal(excerpt(text, read(text).sandbox?.places[0]), text);
    assert.equal(read('').sandbox, undefined);
  });

  test('a key that stands twice is a syntax error where it stands again', () => {
    const text = 'sandbox_mode = "workspace-write"\nsandbox_mode = "read-only"\n';
    const { problems, network, sandbox } = read(text);
    assert.deepEqual([network.value, sandbox], ['restricted', undefined]);
    assert.equal(problems[0]?.kind, 'syntax');
    assert.equal(problems[0].place.range.start.line, 1);
    assert.match(problems[0].message, /Codex refuses this file/);
  });

  test('wrong types are problems', () => {
    const text = 'sandbox_mode = "off"\n[sandbox_workspace_write]\nnetwork_access = "yes"';
    const { problems } = read(text);
    assert.deepEqual(
      problems.map((p) => [p.kind, excerpt(text, p.place)]),
      [
        ['type', '"off"'],
        ['type', '"yes"'],
      ],
    );
  });

  test('a hundred thousand brackets are one problem', () => {
    assert.equal(read(`a = ${'['.repeat(100000)}`).problems.length, 1);
  });
});
