import assert from 'node:assert/strict';
import { DEFAULT_HOSTS, HOSTS } from '../../../../src/model/host.js';
import { judge, type Target } from '../../../../src/rules/judge.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { judged } from '../../judged.js';
import { memoryFiles } from '../../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';
const DEFAULTS = DEFAULT_HOSTS.map((host) => HOSTS[host]);

function repository(choice: string): Readonly<Record<string, string>> {
  return { [FILE]: `{ "image": "debian:12", "customizations": { "codex-sandbox-check": ${choice} } }` };
}

async function judgedFor(choice: string, target: Target) {
  const [configuration] = await readConfigurations(memoryFiles(repository(choice)));
  assert.ok(configuration);
  return judge(configuration, target);
}

suite('what a repository chooses', () => {
  test('hosts: they count as named', async () => {
    const { hosts, advisory } = await judged(repository('{ "hosts": ["docker-ubuntu", "podman"] }'));
    assert.deepEqual(
      hosts.map(({ name }) => name),
      ['docker-ubuntu', 'podman'],
    );
    assert.deepEqual(advisory, []);
    assert.notDeepEqual((await judged(repository('{}'))).advisory, []);
  });

  test('hosts: those of an option or a setting go before them, also where they are the default', async () => {
    const named = { hosts: DEFAULTS, hostsNamed: true };
    for (const target of [named, { hosts: [HOSTS['docker-linux']] }]) {
      assert.equal((await judgedFor('{ "hosts": ["podman"] }', target)).hosts, target.hosts);
    }
  });

  test('the version of Codex, after an option or a setting', async () => {
    const own = await judgedFor('{ "codexVersion": "0.120.0" }', { hosts: DEFAULTS });
    assert.deepEqual([own.request.version, own.versionIsAssumed], ['0.120.0', false]);
    const asked = await judgedFor('{ "codexVersion": "0.120.0" }', { hosts: DEFAULTS, codexVersion: '0.150.0' });
    assert.equal(asked.request.version, '0.150.0');
    assert.equal((await judgedFor('{}', { hosts: DEFAULTS })).versionIsAssumed, true);
  });

  test('levels of rules, each after that of a setting', async () => {
    const choice = '{ "rules": { "seccomp-profile": "hint", "apparmor-profile": "off", "setuid-missing": "hint" } }';
    const levels = new Map([['seccomp-profile', 'error'] as const]);
    const { findings } = await judgedFor(choice, { hosts: DEFAULTS, hostsNamed: true, levels });
    const own = new Map(findings.map(({ rule, severity }) => [rule, severity]));
    assert.deepEqual(
      ['seccomp-profile', 'apparmor-profile', 'setuid-missing'].map((rule) => own.get(rule)),
      ['error', undefined, 'hint'],
    );
  });

  test('of many mistakes five are told, and how many there are', async () => {
    const rules = Array.from({ length: 20_000 }, (_, i) => `"x${i}": "off"`).join();
    const { findings } = await judged(repository(`{ "hosts": ["nowhere"], "rules": { ${rules} } }`));
    const told = findings.filter(({ rule }) => rule === 'invalid-choice').map(({ headline }) => headline);
    assert.equal(told.length, 6);
    assert.match(told.at(-1) ?? '', /^and 19996 more /);
  });

  test('no sandbox: that is one remark, and nothing is fixed', async () => {
    const { findings, repairs } = await judged(repository('{ "sandbox": "off: the container is the boundary" }'));
    assert.deepEqual(
      findings.filter(({ severity }) => severity !== 'info'),
      [],
    );
    const off = findings.filter(({ rule }) => rule === 'sandbox-off');
    assert.deepEqual(
      off.map(({ place: { file, range } }) => [file, range.start.line]),
      [[FILE, 0]],
    );
    assert.deepEqual(repairs().fixes(), []);
  });

  test('rules and levels that are not known are said where they stand', async () => {
    const choice = '{ "rules": { "seccomp-profil": "off", "masked-proc": "none", "read-only-root": 1 } }';
    const { findings } = await judged(repository(choice));
    const text = repository(choice)[FILE]!;
    assert.deepEqual(
      findings
        .filter(({ rule }) => rule === 'invalid-choice')
        .map(({ severity, headline, place: { range } }) => [
          severity,
          text.slice(range.start.character, range.end.character),
          headline,
        ]),
      [
        ['warning', '"seccomp-profil"', '"seccomp-profil" is not a rule of this check'],
        ['warning', '"none"', '"none" is not a level of this check'],
        ['warning', '1', 'The level of a rule must be a string'],
      ],
    );
  });
});
