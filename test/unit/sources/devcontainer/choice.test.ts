import assert from 'node:assert/strict';
import { readDevcontainer } from '../../../../src/sources/devcontainer/readDevcontainer.js';
import type { RepositoryChoice } from '../../../../src/sources/devcontainer/choice.js';

function choice(own: string): RepositoryChoice | undefined {
  const text = `{ "image": "a", "customizations": { "codex-sandbox-check": ${own} } }`;
  return readDevcontainer(text, 'devcontainer.json').choice;
}

function faults(own: string): readonly string[] {
  return (choice(own)?.faults ?? []).map(
    ({ headline, details, place: { range } }) =>
      `${range.start.character - 59}-${range.end.character - 59} ${[headline, ...details].join(' | ')}`,
  );
}

suite('how a repository wants to be checked', () => {
  test('is what it says', () => {
    const read = choice(`{
      "hosts": ["podman", "docker-ubuntu", "podman"],
      "rules": { "a-rule": "off", "b-rule": "nonsense", "c": 1 },
      "codexVersion": "0.120.0",
      "sandbox": "off: the container is the boundary" }`);
    assert.ok(read);
    assert.deepEqual(read.hosts, ['podman', 'docker-ubuntu']);
    assert.deepEqual(
      read.levels.map(({ rule, level }) => [rule, level]),
      [
        ['a-rule', 'off'],
        ['b-rule', 'nonsense'],
        ['c', undefined],
      ],
    );
    assert.equal(read.codexVersion, '0.120.0');
    assert.equal(read.sandboxOff?.written, '"sandbox": "off: the container is the boundary"');
    assert.deepEqual(read.faults, []);
  });

  test('is nothing where it says nothing', () => {
    assert.equal(readDevcontainer('{ "image": "a" }', 'devcontainer.json').choice, undefined);
    const read = choice('{}');
    assert.deepEqual(
      [read?.hosts, read?.codexVersion, read?.sandboxOff, read?.levels],
      [undefined, undefined, undefined, []],
    );
  });

  for (const [own, expected] of [
    ['[]', ['0-2 "codex-sandbox-check" must be an object and not an array | The check ignores this value.']],
    [
      '{ "host": [] }',
      ['2-8 "host" is not a setting of this check | Did you mean "hosts"? | The check ignores this value.'],
    ],
    [
      '{ "hosts": "podman" }',
      ['11-19 "hosts" must be an array of host names and not a string | The check ignores this value.'],
    ],
    [
      '{ "hosts": ["docker-desk"] }',
      [
        '12-25 "docker-desk" is not a host of this check | Did you mean "docker-desktop"? | The check ignores this value.',
      ],
    ],
    [
      '{ "hosts": [1] }',
      ['12-13 An element of "hosts" must be a host name and not a number | The check ignores this value.'],
    ],
    [
      '{ "codexVersion": "new" }',
      [
        '18-23 "codexVersion" is not a version of Codex | Write a version such as "0.169.0". | The check ignores this value.',
      ],
    ],
    [
      '{ "codexVersion": 1 }',
      [
        '18-19 "codexVersion" is not a version of Codex | Write a version such as "0.169.0". | The check ignores this value.',
      ],
    ],
    [
      '{ "rules": [] }',
      ['11-13 "rules" must be an object of rules and levels and not an array | The check ignores this value.'],
    ],
    [
      '{ "sandbox": "off: " }',
      [
        '13-20 "sandbox" does not say why the sandbox is off | Write "off:" and the reason, such as "off: the container is the boundary". | Remove "sandbox" to have the sandbox checked.',
      ],
    ],
  ] as const) {
    test(`is wrong: ${own}`, () => {
      assert.deepEqual(faults(own), expected);
    });
  }

  test('a version is short and has no text behind it', () => {
    for (const version of ['0.1-x y', '0.1-\\u001b[2J', '0.1.x', `0.1-${'a'.repeat(64)}`]) {
      assert.equal(choice(`{ "codexVersion": "${version}" }`)?.codexVersion, undefined, version);
    }
    assert.equal(choice('{ "codexVersion": "0.170.0-alpha.1" }')?.codexVersion, '0.170.0-alpha.1');
  });

  test('what is wrong is not used, and the rest is', () => {
    const read = choice('{ "hosts": ["nowhere", "podman"], "codexVersion": "x", "sandbox": "off" }');
    assert.deepEqual([read?.hosts, read?.codexVersion, read?.sandboxOff], [['podman'], undefined, undefined]);
  });
});
