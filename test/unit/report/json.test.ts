import assert from 'node:assert/strict';
import { known, unknown, type Container } from '../../../src/model/container/container.js';
import { checkJson } from '../../../src/report/json.js';
import { bwrap } from '../containers.js';
import { assertCheckJson } from './contract.js';
import { FILE, finding, fixOf, judgementOf, prediction } from './judgements.js';

function containerJson(container: Partial<Container>) {
  const json = checkJson([{ root: '.', judgement: judgementOf({ container }) }]);
  assertCheckJson(JSON.parse(JSON.stringify(json)));
  return json.configurations[0]!.container;
}

suite('the report as JSON', () => {
  test('has all members of the contract and no other', () => {
    const related = [{ place: { ...finding().place, file: '.devcontainer/Dockerfile' }, message: 'Here too.' }];
    const judgement = judgementOf({
      evidence: [{ kind: 'extension', place: finding().place }],
      predictions: [
        prediction('docker-desktop'),
        { ...prediction('docker-linux', 'pivot-root'), condition: 'unless it is so' },
      ],
      findings: [finding({ related }), finding({ gate: undefined })],
      fixesOf: ({ gate }) => (gate ? [fixOf('Do it', { [FILE]: 'x' })] : []),
      repairs: [fixOf('All', { [FILE]: 'y' })],
    });
    const json: unknown = JSON.parse(JSON.stringify(checkJson([{ root: 'some/folder', judgement }])));
    assertCheckJson(json);
    assert.deepEqual(json, {
      schemaVersion: 1,
      configurations: [
        {
          root: 'some/folder',
          file: FILE,
          evidence: [{ kind: 'extension', file: FILE, range: finding().place.range }],
          codexAssumed: false,
          container: {
            privileged: false,
            capabilities: [
              'AUDIT_WRITE',
              'CHOWN',
              'DAC_OVERRIDE',
              'FOWNER',
              'FSETID',
              'KILL',
              'MKNOD',
              'NET_BIND_SERVICE',
              'NET_RAW',
              'SETFCAP',
              'SETGID',
              'SETPCAP',
              'SETUID',
              'SYS_CHROOT',
            ],
            seccomp: 'default',
            apparmor: 'default',
            noNewPrivileges: false,
            maskedPaths: true,
            user: 'vscode',
            distro: 'debian:12',
            bwrap: { presence: 'absent', setuid: false, version: null },
          },
          predictions: [
            {
              host: 'docker-desktop',
              agent: 'codex',
              codex: '0.169.0',
              network: 'restricted',
              outcome: 'works',
              gate: null,
              error: null,
              condition: null,
            },
            {
              host: 'docker-linux',
              agent: 'codex',
              codex: '0.169.0',
              network: 'restricted',
              outcome: 'fails',
              gate: 'pivot-root',
              error: 'bwrap: pivot_root: Operation not permitted',
              condition: 'unless it is so',
            },
          ],
          findings: [
            {
              rule: 'a-rule',
              severity: 'error',
              agent: 'codex',
              headline: 'It is wrong.',
              message: 'It is wrong.',
              file: FILE,
              range: { start: { line: 2, character: 4 }, end: { line: 2, character: 9 } },
              gate: 'pivot-root',
              hosts: ['docker-desktop'],
              related: [
                {
                  file: '.devcontainer/Dockerfile',
                  range: { start: { line: 2, character: 4 }, end: { line: 2, character: 9 } },
                  message: 'Here too.',
                },
              ],
              fixes: [
                {
                  title: 'Do it',
                  preferred: true,
                  relaxations: ['seccomp-tailored'],
                  adds: [],
                  removes: [],
                  edits: [
                    {
                      file: FILE,
                      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
                      newText: 'x',
                    },
                  ],
                },
              ],
              suppressed: null,
            },
            {
              rule: 'a-rule',
              severity: 'error',
              agent: 'codex',
              headline: 'It is wrong.',
              message: 'It is wrong.',
              file: FILE,
              range: { start: { line: 2, character: 4 }, end: { line: 2, character: 9 } },
              gate: null,
              hosts: ['docker-desktop'],
              related: [],
              fixes: [],
              suppressed: null,
            },
          ],
        },
      ],
    });
  });

  test('what a comment switches off is there with the comment, behind the rest', () => {
    const range = { start: { line: 1, character: 3 }, end: { line: 1, character: 40 } };
    const by = { place: { file: FILE, range }, rules: [], reason: 'we know', line: 2 };
    const judgement = judgementOf({
      findings: [finding()],
      suppressed: [
        { finding: finding({ rule: 'another' }), by },
        { finding: finding({ rule: 'third' }), by: { ...by, reason: undefined } },
      ],
    });
    const json = checkJson([{ root: '.', judgement }]);
    assertCheckJson(JSON.parse(JSON.stringify(json)));
    assert.deepEqual(
      json.configurations[0]!.findings.map(({ rule, suppressed }) => [rule, suppressed]),
      [
        ['a-rule', null],
        ['another', { file: FILE, range, reason: 'we know' }],
        ['third', { file: FILE, range, reason: null }],
      ],
    );
  });

  test('fixes are left out, and not worked out, on request', () => {
    const fixesOf = (): never => assert.fail('a fix was worked out');
    const judgement = judgementOf({ findings: [finding()], fixesOf });
    const [only] = checkJson([{ root: '.', judgement }], { noFixes: true }).configurations;
    assert.deepEqual(only!.findings[0]!.fixes, []);
  });

  test('no configuration is an empty list', () => {
    assert.deepEqual(checkJson([]), { schemaVersion: 1, configurations: [] });
  });

  test('what is not known is said to be unknown', () => {
    const json = containerJson({
      seccomp: unknown('x'),
      apparmor: unknown('x'),
      user: unknown('x'),
      distro: unknown('x'),
      bwrap: { presence: unknown('x'), setuid: unknown('x'), version: unknown('x') },
    });
    assert.equal(json.seccomp, 'unknown');
    assert.equal(json.apparmor, 'unknown');
    assert.equal(json.user, 'unknown');
    assert.equal(json.distro, null);
    assert.deepEqual(json.bwrap, { presence: 'unknown', setuid: false, version: null });
  });

  test('profiles by kind, AppArmor by name, a distribution without version', () => {
    const json = containerJson({
      seccomp: known({ kind: 'custom', file: 'x.json', profile: undefined }),
      apparmor: known({ kind: 'named', name: 'runc' }),
      distro: known({ id: 'arch', version: undefined }),
      bwrap: bwrap('0.8.0', true),
      noNewPrivileges: known(true),
      maskedPaths: known(false),
    });
    assert.equal(json.seccomp, 'custom');
    assert.equal(json.apparmor, 'runc');
    assert.equal(json.distro, 'arch');
    assert.deepEqual(json.bwrap, { presence: 'present', setuid: true, version: '0.8.0' });
    assert.equal(json.noNewPrivileges, true);
    assert.equal(json.maskedPaths, false);
  });

  test('--privileged switches off what is not set by itself', () => {
    const json = containerJson({ privileged: known(true) });
    assert.equal(json.seccomp, 'unconfined');
    assert.equal(json.apparmor, 'unconfined');
    assert.equal(json.maskedPaths, false);
    assert.ok(json.capabilities.includes('SYS_ADMIN'));
    assert.deepEqual(json.capabilities, [...json.capabilities].sort());
    const set = containerJson({ privileged: known(true), apparmor: known({ kind: 'named', name: 'mine' }) });
    assert.equal(set.apparmor, 'mine');
  });
});
