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

  test('hosts may stand in one option', () => {
    assert.deepEqual(hostsOf(read('check --host docker-desktop,docker-linux --host podman')), [
      'docker-desktop',
      'docker-linux',
      'podman',
    ]);
  });

  test('how much is shown, and where it goes', () => {
    const command = read('check --verbose --all --no-fixes --output out.txt');
    assert.ok(command.name === 'check');
    const { verbose, all, fixes, output } = command;
    assert.deepEqual([verbose, all, fixes, output], [true, true, false, 'out.txt']);
    const brief = read('check');
    assert.ok(brief.name === 'check');
    assert.deepEqual([brief.verbose, brief.all, brief.fixes, 'output' in brief], [false, false, true, false]);
    for (const line of ['fix', 'probe', 'explain x', 'rules']) assert.equal(read(`${line} --output o`).output, 'o');
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
    ['', /command is missing\. Use one of check, fix, probe, explain, rules/],
    ['chek', /^"chek" is not a command\. Did you mean "check"\? The commands are check, fix/],
    ['frobnicate', /^"frobnicate" is not a command\. The commands/],
    ['chek --help', /"chek" is not a command/],
    ['check --hots x', /^--hots is not an option\. Did you mean "--host"\?$/],
    ['check --colour', /^--colour is not an option\.$/],
    ['check -x', /^-x is not an option\.$/],
    ['check --host', /^--host needs a value\.$/],
    ['check --host --codex 1', /^--host needs a value, but "--codex" follows\. .*--host=--codex\.$/],
    ['fix --write=yes', /^--write does not take a value \("yes" was given\)\.$/],
    ['check --host podmna', /"podmna" is not a known host\. Did you mean "podman"\?/],
    ['check --format jsno', /\("jsno" was given\)\. Did you mean "json"\?/],
    ['help chek', /"chek" is not a command\. Did you mean "check"\?/],
    [
      'check --host vmware',
      /"vmware" is not a known host[^]*docker-desktop[^]*docker-linux[^]*docker-ubuntu[^]*podman-rootful[^]*local/,
    ],
    ['check --codex newest', /--codex must be a version such as \d.*"newest"/],
    ['check --network none', /--network must be one of restricted, full \("none" was given\)/],
    ['check --format xml', /--format must be one of text, json, sarif, github \("xml" was given\)/],
    ['check --format sarif', /sarif does not exist yet.*text or json/],
    ['check --format github', /github does not exist yet/],
    ['check --fail-on hint', /--fail-on must be one of error, warning, info, never/],
    ['check --write', /--write is not an option of check\. It belongs to fix/],
    ['check --write=yes', /--write/],
    ['fix --format json', /fix prints a unified diff only.*check --format json/],
    ['probe here', /probe does not take arguments \("here" was given\)/],
    ['probe --container a --workspace b', /Use one of them/],
    ['probe --container=', /need a value/],
    ['probe --url ftp://x', /--url must be an http or https address \("ftp:\/\/x" was given\)/],
    ['probe --url http://x --network restricted', /--url needs a network/],
    ['probe --network none', /--network must be one of restricted, full/],
    ['check --url http://x', /--url is not an option of check\. It belongs to probe/],
    ['probe --host podman', /--host is not an option of probe\. It belongs to check and fix/],
    ['fix --no-fixes', /--no-fixes is not an option of fix\. It belongs to check/],
    ['probe --verbose', /--verbose is not an option of probe\. It belongs to check and fix/],
    ['check --output=', /--output needs the name of a file/],
    ['fix --write --output x', /Use one of them/],
    ['rules a b', /rules takes one ID \(2 were given\)/],
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
