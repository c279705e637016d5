import assert from 'node:assert/strict';
import { readArguments, type Command } from '../../../src/cli/arguments.js';
import { UsageError } from '../../../src/cli/errors.js';

function read(line: string): Command {
  return readArguments(line.split(' ').filter(Boolean));
}

function hostsOf(command: Command): readonly string[] {
  assert.ok(command.name === 'check' || command.name === 'fix');
  return command.wanted.hosts;
}

suite('command line arguments', () => {
  test('the defaults are those of the contract', () => {
    const command = read('check');
    assert.ok(command.name === 'check');
    assert.deepEqual(command.paths, ['.']);
    assert.deepEqual(hostsOf(command), [
      'docker-desktop',
      'docker-linux',
      'docker-ubuntu',
      'docker-ubuntu-bwrap-profile',
    ]);
    assert.equal(command.wanted.codexVersion, undefined);
    assert.equal(command.wanted.network, undefined);
    assert.equal(command.format, 'text');
    assert.equal(command.failOn, 'warning');
    const fix = read('fix');
    assert.ok(fix.name === 'fix');
    assert.equal(fix.write, false);
  });

  test('every option is taken, before and behind the paths', () => {
    const command = read(
      'check --host podman a --host podman-rootful --host=podman --codex 0.120.0 b --network full --format json --fail-on never',
    );
    assert.ok(command.name === 'check');
    assert.deepEqual(command.paths, ['a', 'b']);
    assert.deepEqual(hostsOf(command), ['podman', 'podman-rootful']);
    assert.equal(command.wanted.codexVersion, '0.120.0');
    assert.equal(command.wanted.network, 'full');
    assert.equal(command.format, 'json');
    assert.equal(command.failOn, 'never');
    assert.ok(read('fix --write --format text').name === 'fix');
  });

  test('this machine is a host as any other', () => {
    assert.deepEqual(hostsOf(read('check --host local --host podman --host local')), ['local', 'podman']);
    assert.deepEqual(hostsOf(read('fix --host local')), ['local']);
  });

  test('a path that begins with a dash stands behind --', () => {
    const command = read('check -- -odd');
    assert.ok(command.name === 'check');
    assert.deepEqual(command.paths, ['-odd']);
  });

  test('explain takes its text as one or several words, and - as standard input', () => {
    assert.deepEqual(read('explain bwrap: nope'), { name: 'explain', text: 'bwrap: nope' });
    assert.deepEqual(read('explain -'), { name: 'explain', text: undefined });
    assert.deepEqual(read('explain'), { name: 'explain', text: undefined });
  });

  test('help and version', () => {
    assert.deepEqual(read('--help'), { name: 'help', about: undefined });
    assert.deepEqual(read('fix -h'), { name: 'help', about: 'fix' });
    assert.deepEqual(read('--version'), { name: 'version' });
    assert.deepEqual(read('help'), { name: 'help', about: undefined });
    assert.deepEqual(read('help probe'), { name: 'help', about: 'probe' });
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['', /command is missing: check, fix, probe, explain, rules/],
    ['chek', /^"chek" is no command\. Did you mean "check"\? The commands are check, fix/],
    ['frobnicate', /^"frobnicate" is no command\. The commands/],
    ['chek --help', /"chek" is no command/],
    ['check --hots x', /^There is no option --hots\. Did you mean "--host"\?$/],
    ['check --colour', /^There is no option --colour\.$/],
    ['check -x', /^There is no option -x\.$/],
    ['check --host', /^--host takes a value, and none follows it\.$/],
    ['check --host --codex 1', /^--host takes a value, and "--codex" follows it\. Write --host=--codex if/],
    ['fix --write=yes', /^--write takes no value; not "yes"\.$/],
    ['check --host podmna', /"podmna" is not known\. Did you mean "podman"\?/],
    ['check --format jsno', /not "jsno"\. Did you mean "json"\?/],
    ['help chek', /"chek" is no command\. Did you mean "check"\?/],
    [
      'check --host vmware',
      /"vmware" is not known[^]*docker-desktop[^]*docker-linux[^]*docker-ubuntu[^]*podman-rootful[^]*local/,
    ],
    ['check --codex newest', /--codex takes a version such as \d.*"newest"/],
    ['check --network none', /--network is one of restricted, full; not "none"/],
    ['check --format xml', /--format is one of text, json, sarif, github; not "xml"/],
    ['check --format sarif', /sarif does not exist yet.*text and json/],
    ['check --format github', /github does not exist yet/],
    ['check --fail-on hint', /--fail-on is one of error, warning, info, never/],
    ['check --write', /--write is no option of check; it belongs to fix/],
    ['check --write=yes', /--write/],
    ['fix --format json', /fix prints a unified diff only.*check --format json/],
    ['probe here', /probe takes no argument; not "here"/],
    ['probe --container a --workspace b', /Give one of them/],
    ['probe --container=', /take a value/],
    ['probe --url ftp://x', /--url takes an http or https address; not "ftp:\/\/x"/],
    ['probe --url http://x --network restricted', /--url needs a network/],
    ['probe --network none', /--network is one of restricted, full/],
    ['check --url http://x', /--url is no option of check; it belongs to probe/],
    ['probe --host podman', /--host is no option of probe; it belongs to check and fix/],
    ['rules a b', /rules takes one ID; not 2/],
  ];
  for (const [line, message] of wrong) {
    test(`wrong: ${line || '(nothing)'}`, () => {
      assert.throws(
        () => read(line),
        (error: unknown) => {
          assert.ok(error instanceof UsageError, String(error));
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  test('an empty path is no current directory', () => {
    assert.throws(() => readArguments(['check', '']), /PATH is empty/);
  });
});
