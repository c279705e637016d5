import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { HOSTS, type Host } from '../../../src/model/host.js';
import { painter } from '../../../src/report/terminal.js';
import { verdictLine, verdictMarkdown, verdictRows, verdictText } from '../../../src/report/verdict.js';
import type { Prediction } from '../../../src/model/sandbox/predict.js';
import { judge } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../memoryFiles.js';
import { judgementOf, prediction } from './judgements.js';

const LOCAL: Host = { ...HOSTS['docker-desktop'], name: 'local', description: 'This machine: Docker | *new* <b>' };

async function judged(devcontainer: string, hosts: readonly Host[]) {
  const [configuration] = await readConfigurations(memoryFiles({ '.devcontainer/devcontainer.json': devcontainer }));
  assert.ok(configuration);
  return judge(configuration, { hosts });
}

suite('the verdict in one line', () => {
  const line = (...predictions: readonly Prediction[]): string => verdictLine(judgementOf({ predictions }));

  test('hosts of one outcome stand together, by the names that people have for them', () => {
    const ubuntus = ['docker-ubuntu', 'docker-ubuntu-bwrap-profile'].map((host) => prediction(host, 'loopback'));
    assert.equal(
      line(prediction('docker-desktop'), prediction('docker-linux', 'apparmor'), ...ubuntus),
      'works on Docker Desktop, fails on Linux (Debian) and Ubuntu',
    );
    assert.equal(line(...ubuntus, prediction('docker-desktop')), 'works on Docker Desktop, fails on Ubuntu');
    assert.equal(line(...ubuntus.slice(0, 1)), 'fails on Ubuntu 24.04');
    assert.equal(
      line({ ...prediction('podman'), outcome: 'unknown', undecided: 'apparmor' }, prediction('local')),
      'works on this machine, unknown on Podman (rootless)',
    );
  });

  test('what holds under a condition is probable', () => {
    assert.equal(
      line(prediction('docker-desktop', 'apparmor'), {
        ...prediction('docker-linux', 'apparmor'),
        condition: 'unless x',
      }),
      'fails on Docker Desktop, probably fails on Linux (Debian)',
    );
  });

  test('a sandbox that is off fails nowhere', async () => {
    const [configuration] = await readConfigurations(
      memoryFiles({
        '.devcontainer.json': '{ "image": "debian:12" }',
        '.codex/config.toml': 'sandbox_mode = "danger-full-access"',
      }),
    );
    assert.ok(configuration);
    const judgement = judge(configuration, { hosts: [HOSTS['docker-desktop']] });
    assert.equal(verdictLine(judgement), 'off: Codex runs without its sandbox');
  });
});

suite('the verdict by host', () => {
  const plain = painter(false);

  test('host, verdict, first closed gate, closed gates behind it', async () => {
    const judgement = await judged('{ "image": "debian:12", "remoteUser": "vscode" }', [
      HOSTS['docker-desktop'],
      HOSTS['docker-ubuntu'],
      LOCAL,
    ]);
    assert.equal(
      verdictText(judgement, plain),
      `  host            verdict  fails at        then at
  docker-desktop  fails    seccomp-userns
  docker-ubuntu   fails    seccomp-userns  apparmor, loopback
  local           fails    seccomp-userns
  This machine: Docker | *new* <b>`,
    );
    assert.equal(stripVTControlCharacters(verdictText(judgement, painter(true))), verdictText(judgement, plain));
    assert.ok(verdictText(judgement, painter(true)).includes('\u001b[31mfails\u001b[39m'));
  });

  test('Markdown: what comes from outside of the program is shown as it is', async () => {
    const judgement = await judged('{ "image": "debian:12", "remoteUser": "vscode" }', [HOSTS['docker-linux'], LOCAL]);
    assert.equal(
      verdictMarkdown(judgement, 'Codex in [a](b)/`c`\n| d'),
      `**Codex in \\[a\\]\\(b\\)/\\\`c\\\` \\| d**

| Host | Verdict | Fails at | Then at |
| --- | --- | --- | --- |
| docker\\-linux | **fails** | \`seccomp-userns\` | \`apparmor\` |
| local | **fails** | \`seccomp-userns\` |  |

This machine\\: Docker \\| \\*new\\* \\<b\\>`,
    );
  });

  test('works, and not known', async () => {
    const works = await judged('{ "image": "debian:12", "privileged": true }', [HOSTS['docker-desktop']]);
    assert.deepEqual(verdictRows(works), [{ host: 'docker-desktop', outcome: 'works', gate: undefined, behind: [] }]);
    const row = {
      host: 'podman',
      agent: 'codex',
      version: '0.169.0',
      network: 'restricted',
      gate: undefined,
      error: undefined,
    } as const;
    const unknown = judgementOf({
      hosts: [HOSTS.podman],
      predictions: [{ ...row, outcome: 'unknown', undecided: 'apparmor' }],
    });
    assert.match(verdictText(unknown, plain), /^ {2}podman {2}unknown {2}apparmor\?$/m);
    assert.match(verdictMarkdown(unknown, 'x'), /\| podman \| unknown \| `apparmor` cannot be judged \| {2}\|/);
  });

  test('a condition is a line below the table', async () => {
    const unlisted = await judged('{ "image": "ghcr.io/acme/dev:1" }', [HOSTS['docker-desktop']]);
    assert.equal(
      verdictText(unlisted, plain),
      `  host            verdict  fails at
  docker-desktop  fails    seccomp-userns
  The verdict holds unless the image sets options of its own.`,
    );
    assert.match(verdictMarkdown(unlisted, 'x'), /\n\nThe verdict holds unless the image sets options of its own\\.$/);
    const relaxed = '{ "image": "ghcr.io/acme/dev:1", "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"] }';
    const some = await judged(relaxed, [HOSTS['docker-linux'], HOSTS['docker-ubuntu']]);
    assert.match(verdictText(some, plain), /\n {2}On docker-ubuntu, the verdict holds unless the image [^\n]*\.$/);
  });

  test('no hosts: the heads alone', () => {
    assert.equal(verdictText(judgementOf(), plain), '  host  verdict');
  });
});
