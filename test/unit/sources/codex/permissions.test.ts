import assert from 'node:assert/strict';
import { readCodexConfig, type CodexConfig } from '../../../../src/sources/codex/config.js';
import { readSettings } from '../../../../src/sources/codex/toml.js';
import { excerpt } from '../excerpt.js';
import { MEASURED_FORMS, MEASURED_IN_SESSIONS, MEASURED_LAYERS, type Effect } from './measuredForms.js';

const FILE = '.codex/config.toml';

function effectOf({ network, sandbox, problems }: CodexConfig): Effect | 'unknown' {
  if (problems.some(({ kind }) => kind === 'type')) return 'refused';
  if (sandbox?.value?.on === false) return 'off';
  return network.value ?? 'unknown';
}

suite('sources/codex: permission profiles, as measured with Codex 0.169.0', () => {
  for (const [text, effect] of [...MEASURED_FORMS, ...MEASURED_IN_SESSIONS]) {
    test(`${effect}: ${JSON.stringify(text)}`, () => {
      assert.equal(effectOf(readCodexConfig(text, FILE)), effect);
    });
  }

  for (const [user, project, effect] of MEASURED_LAYERS) {
    test(`${effect}: ${JSON.stringify(user)} of the user, ${JSON.stringify(project)} of the project`, () => {
      const { settings } = readSettings(user, 'user.toml');
      assert.equal(effectOf(readCodexConfig(project, FILE, settings)), effect);
    });
  }
});

suite('sources/codex: permission profiles, what is said of them', () => {
  const read = (text: string): CodexConfig => readCodexConfig(text, FILE);

  test('the setting that decides, with its place', () => {
    const profile = 'default_permissions = ":danger-full-access"';
    const { sandbox, network } = read(`model = "x"\n${profile}\n`);
    assert.deepEqual(sandbox?.value, {
      on: false,
      by: 'default_permissions',
      written: profile,
      instead: { of: ':danger-full-access', write: ':workspace' },
    });
    assert.equal(network.value, 'full');
    const text = 'default_permissions = "p"\n[permissions.p.network]\nenabled = true\n';
    assert.equal(excerpt(text, read(text).network.places[0]), 'enabled = true');
  });

  test('a profile that may write everywhere is named, and has no setting to write instead', () => {
    const text = 'default_permissions = "p"\n[permissions.p.filesystem]\n":root" = "write"\n';
    const { sandbox } = read(text);
    assert.deepEqual(sandbox?.value, {
      on: false,
      by: 'The permission profile "p"',
      written: '":root" = "write" in the permission profile "p"',
    });
    assert.equal(excerpt(text, sandbox.places[0]), '":root" = "write"');
  });

  test('a profile that no file defines, and profiles of which none is named: not known', () => {
    for (const text of [
      'default_permissions = "p"\n',
      'default_permissions = "p"\n[permissions.p]\nextends = "q"\n',
      '[permissions.p]\nextends = ":workspace"\n',
    ]) {
      const { network, sandbox, problems } = read(text);
      assert.deepEqual(
        [network.value, sandbox, problems.map(({ kind }) => kind)],
        [undefined, undefined, ['not-judged']],
      );
    }
    assert.match(read('default_permissions = "p"\n').problems[0]?.message ?? '', /no permission profile "p" here/);
  });

  test('a profile that is empty is defined', () => {
    for (const text of [
      'default_permissions = "p"\n[permissions.p]\n',
      'default_permissions = "p"\npermissions.p = {}\n',
    ]) {
      assert.deepEqual([read(text).network.value, read(text).problems], ['restricted', []]);
    }
  });

  test('what Codex refuses says why', () => {
    for (const [text, why] of [
      [
        'default_permissions = ":dev"\n',
        /"default_permissions" has a wrong value\nWrite ":read-only", ":workspace", ":danger-full-access" or/,
      ],
      ['default_permissions = "p"\n[permissions.p]\nextends = "p"\n', /"p" extends itself\n/],
      [
        'default_permissions = "p"\n[permissions.p]\nextends = ":danger-full-access"\n',
        /no permission profile can extend ":danger-full-access"\nExtend ":workspace" or ":read-only"\.\n/,
      ],
    ] as const) {
      assert.match(read(text).problems[0]?.message ?? '', why);
    }
  });
});
