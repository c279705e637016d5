import assert from 'node:assert/strict';
import type { AgentRequest } from '../../../../src/model/agent/request.js';
import { known, type Container, type WorkspaceFolder } from '../../../../src/model/container/container.js';
import { HOSTS } from '../../../../src/model/host.js';
import { obstaclesOn } from '../../../../src/model/plan/obstacles.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { diagnose } from '../../../../src/model/sandbox/symptoms.js';
import { CODEX, containerWith } from '../../containers.js';

const HOST = HOSTS['docker-desktop'];
const OPEN = { seccomp: known({ kind: 'unconfined' as const }) };
const CONFIG = '.codex/config.toml';

function folder(...links: readonly string[]): Pick<Container, 'workspace'> {
  return { workspace: { path: '/w', refuses: undefined, present: links, links } };
}

function unreadable(changes: Partial<WorkspaceFolder> = {}): Pick<Container, 'workspace'> {
  const workspace = { path: '/w', refuses: undefined, present: ['.codex'], unreadable: [CONFIG] };
  return { workspace: { ...workspace, ...changes } };
}

const crosses = (name: string): string =>
  `cannot enforce sandbox read-only path /w/${name} because it crosses writable symlink /w/${name}`;
const refused = (name: string): string =>
  `fails | workspace-entries | error building bubblewrap command: Fatal error: ${crosses(name)}`;
const panicked = (name: string): string =>
  `fails | workspace-entries | error building bubblewrap command: Fatal("${crosses(name)}")`;
const NOT_READ =
  'fails | workspace-entries | Error: Failed to read project config file /w/.codex/config.toml: Permission denied (os error 13)';

suite('gates: links and unreadable files in the workspace folder (measured, but for privileged)', () => {
  const old = (version: string): AgentRequest => ({ ...CODEX, version });
  const tmpfsHome = { readOnlyRoot: known(true), tmpfs: [known('/home/vscode/.codex:uid=1000')] };

  for (const [what, changes, codex, expected] of [
    ['no link', folder(), CODEX, 'works'],
    ['.git', folder('.git'), CODEX, refused('.git')],
    ['.agents', folder('.agents'), CODEX, refused('.agents')],
    ['.codex', folder('.codex'), CODEX, refused('.codex')],
    ['.aws', folder('.aws'), CODEX, refused('.aws')],
    ['.git comes first', folder('.aws', '.codex', '.agents', '.git'), CODEX, refused('.git')],
    ['.agents before .codex', folder('.codex', '.agents'), CODEX, refused('.agents')],
    ['.codex before .aws', folder('.aws', '.codex'), CODEX, refused('.codex')],
    ['0.130 knows nothing of .aws', folder('.aws'), old('0.130.0'), 'works'],
    ['0.130', folder('.git'), old('0.130.0'), refused('.git')],
    ['0.129', folder('.git'), old('0.129.0'), refused('.git')],
    ['0.128 panics', folder('.codex'), old('0.128.0'), panicked('.codex')],
    ['0.122 panics, also for what it would not create', folder('.git'), old('0.122.0'), panicked('.git')],
    ['0.121 follows', folder('.git', '.codex'), old('0.121.0'), 'works'],
    ['0.120 follows', folder('.git'), old('0.120.0'), 'works'],
    ['0.118 depends on what the link leads to', folder('.git'), old('0.118.0'), 'unknown'],
    ['0.118 and .aws', folder('.aws'), old('0.118.0'), 'works'],
    ['Landlock', folder('.git'), old('0.110.0'), 'works'],
    ['before seccomp', { ...folder('.git'), seccomp: known({ kind: 'default' }) }, CODEX, refused('.git')],
    [
      '0.118 comes to it behind seccomp',
      { ...folder('.git'), seccomp: known({ kind: 'default' }) },
      old('0.118.0'),
      'fails | seccomp-userns',
    ],
    ['under privileged', { ...folder('.git'), privileged: known(true) }, CODEX, refused('.git')],
    ['as root', { ...folder('.git'), user: known('root') }, CODEX, refused('.git')],
    ['without any bubblewrap', folder('.git'), { ...CODEX, bundledBwrap: false }, refused('.git')],
    [
      'in a folder of somebody else',
      { workspace: { path: '/w', refuses: 'EACCES', present: ['.agents'], links: ['.agents'] } },
      CODEX,
      refused('.agents'),
    ],
    [
      'behind a read-only /tmp',
      { ...folder('.git'), ...tmpfsHome },
      CODEX,
      'fails | writable-paths | error building bubblewrap command: Read-only file system (os error 30)',
    ],
    ['before the registry in /tmp of 0.130', { ...folder('.git'), ...tmpfsHome }, old('0.130.0'), refused('.git')],
    [
      'which is met without a link',
      { ...folder(), ...tmpfsHome },
      old('0.130.0'),
      'fails | writable-paths | failed to create synthetic bubblewrap mount registry /tmp/codex-bwrap-synthetic-mount-targets-1000: Read-only file system (os error 30)',
    ],
    [
      'behind the read-only home of 0.130',
      { ...folder('.git'), readOnlyRoot: known(true) },
      old('0.130.0'),
      'fails | writable-paths | Error: Read-only file system (os error 30)',
    ],
    ['.codex that may not be read', unreadable(), CODEX, NOT_READ],
    ['0.98 reads it as well', unreadable(), old('0.98.0'), NOT_READ],
    ['before a read-only root', { ...unreadable(), readOnlyRoot: known(true) }, CODEX, NOT_READ],
    ['before a link', unreadable({ links: ['.git'] }), CODEX, NOT_READ],
    ['what Codex does not read', unreadable({ unreadable: ['.git'] }), CODEX, 'works'],
  ] as const satisfies readonly (readonly [string, Partial<Container>, AgentRequest, string])[]) {
    test(what, () => {
      const { outcome, gate, error } = predict(
        containerWith({ ...OPEN, user: known('vscode'), ...changes }),
        HOST,
        codex,
      );
      const seen = [outcome, gate, error].filter(Boolean).join(' | ');
      assert.equal(expected.endsWith('seccomp-userns') ? seen.slice(0, expected.length) : seen, expected);
    });
  }

  test('every text is known, with the way out', () => {
    for (const [text, remedy] of [
      [refused('.git'), /a real folder.*git worktree.*\.git file/],
      [panicked('.git'), /a real folder/],
      [NOT_READ, /chown -R.*chmod -R a\+rX \.codex/],
      [
        'Error loading config.toml: Failed to read project config file /w/.codex/config.toml: Permission denied',
        /chown/,
      ],
      [
        'Error: Failed to read project config file /w/.codex/config.toml: Is a directory (os error 21)',
        /Remove the fol/,
      ],
      ['Error: Failed to read project config file /w/c.toml: path `/w/c.toml` is not a file', /Remove the folder/],
    ] as const) {
      const symptom = diagnose(`WARNING: something\n${text}\nnote: run with RUST_BACKTRACE=1`);
      assert.equal(symptom?.gate, 'workspace-entries', text);
      assert.match(symptom.remedy, remedy);
    }
  });

  test('what comes behind it is found, each in its turn', () => {
    const container = containerWith({ ...unreadable({ links: ['.git'] }) });
    const gates = obstaclesOn(container, HOST, CODEX).map(({ gate, error }) => `${gate}: ${error.slice(0, 50)}`);
    assert.deepEqual(gates.slice(0, 2), [
      'workspace-entries: Error: Failed to read project config file /w/.code',
      'workspace-entries: error building bubblewrap command: Fatal error: ca',
    ]);
    assert.match(gates[2] ?? '', /^seccomp-userns/);
  });
});
