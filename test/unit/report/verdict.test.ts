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

async function switchedOffJudgement() {
  const [configuration] = await readConfigurations(
    memoryFiles({
      '.devcontainer.json': '{ "image": "debian:12" }',
      '.codex/config.toml': 'sandbox_mode = "danger-full-access"',
    }),
  );
  assert.ok(configuration);
  return judge(configuration, { hosts: [HOSTS['docker-desktop']] });
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
    assert.equal(verdictLine(await switchedOffJudgement()), 'off: Codex runs without its sandbox');
  });
});

suite('the verdict by host', () => {
  const plain = painter(false);

  test('host, verdict, and why: the first closed gate and those behind it, in words', async () => {
    const judgement = await judged('{ "image": "debian:12", "remoteUser": "vscode" }', [
      HOSTS['docker-desktop'],
      HOSTS['docker-ubuntu'],
      LOCAL,
    ]);
    assert.equal(
      verdictText(judgement, plain, { width: 80 }),
      `  Host            Verdict  Why
  Docker Desktop  fails    Docker's seccomp profile blocks user namespaces
  Ubuntu 24.04    fails    Docker's seccomp profile blocks user namespaces; then
                           AppArmor blocks the sandbox; then the host restricts
                           user namespaces
  This machine    fails    Docker's seccomp profile blocks user namespaces
  This machine: Docker | *new* <b>`,
    );
    const verbose = verdictText(judgement, plain, { width: 400, verbose: true });
    assert.match(
      verbose,
      /^ {2}Ubuntu 24\.04 .* namespaces \[seccomp-userns\]; then .* \[apparmor\]; then .* \[loopback\]$/m,
    );
    assert.equal(stripVTControlCharacters(verdictText(judgement, painter(true))), verdictText(judgement, plain));
    assert.ok(verdictText(judgement, painter(true)).includes('\u001b[31mfails\u001b[39m'));
  });

  test('hosts that people have one name for share a row where they share a verdict', () => {
    const ubuntus = (...gates: readonly Prediction['gate'][]): Prediction[] =>
      ['docker-ubuntu', 'docker-ubuntu-bwrap-profile'].map((host, i) => prediction(host, gates[i]));
    const rows = (predictions: readonly Prediction[]) =>
      verdictRows(judgementOf({ predictions })).map(({ host }) => host);
    assert.deepEqual(rows([...ubuntus('loopback', 'loopback'), prediction('podman')]), ['Ubuntu', 'Podman (rootless)']);
    assert.deepEqual(rows(ubuntus('loopback', 'apparmor')), ['Ubuntu 24.04', 'Ubuntu 25.04 and later']);
  });

  test('Markdown: what comes from outside of the program is shown as it is', async () => {
    const judgement = await judged('{ "image": "debian:12", "remoteUser": "vscode" }', [HOSTS['docker-linux'], LOCAL]);
    assert.equal(
      verdictMarkdown(judgement, 'Codex in [a](b)/`c`\n| d'),
      `**Codex in \\[a\\]\\(b\\)/\\\`c\\\` \\| d**

| Host | Verdict | Why | Then |
| --- | --- | --- | --- |
| Linux \\(Debian\\) | **fails** | Docker's seccomp profile blocks user namespaces | AppArmor blocks the sandbox |
| This machine | **fails** | Docker's seccomp profile blocks user namespaces |  |

This machine\\: Docker \\| \\*new\\* \\<b\\>`,
    );
  });

  test('works, and not known', async () => {
    const works = await judged('{ "image": "debian:12", "privileged": true }', [HOSTS['docker-desktop']]);
    assert.deepEqual(verdictRows(works), [
      { host: 'Docker Desktop', outcome: 'works', condition: undefined, gate: undefined, behind: [] },
    ]);
    assert.equal(verdictText(works, plain), '', 'the line says it all');
    const unknown = judgementOf({
      predictions: [{ ...prediction('podman'), outcome: 'unknown', undecided: 'apparmor' }],
    });
    assert.match(
      verdictText(unknown, plain),
      /^ {2}Podman \(rootless\) {2}unknown {2}not known whether AppArmor blocks the sandbox$/m,
    );
    assert.match(
      verdictMarkdown(unknown, 'x'),
      /\| Podman \\\(rootless\\\) \| unknown \| not known whether AppArmor blocks the sandbox \| {2}\|/,
    );
  });

  test('what is known of a host is no question', () => {
    const unknown = judgementOf({
      predictions: [{ ...prediction('podman'), outcome: 'unknown', undecided: 'proc-mount' }],
    });
    assert.match(verdictText(unknown, plain), /not known whether the image's bubblewrap can mount \/proc$/m);
  });

  test('a condition makes the verdict probable, and is a line below the table', async () => {
    const unlisted = await judged('{ "image": "ghcr.io/acme/dev:1" }', [HOSTS['docker-desktop']]);
    assert.equal(
      verdictText(unlisted, plain),
      `  Host            Verdict         Why
  Docker Desktop  probably fails  Docker's seccomp profile blocks user namespaces
  Assumed: the verdict holds unless the image sets options of its own.`,
    );
    assert.match(
      verdictMarkdown(unlisted, 'x'),
      /\n\nAssumed\\: the verdict holds unless the image sets options of its own\\.$/,
    );
    const relaxed = '{ "image": "ghcr.io/acme/dev:1", "securityOpt": ["seccomp=unconfined", "apparmor=unconfined"] }';
    const some = await judged(relaxed, [HOSTS['docker-linux'], HOSTS['docker-ubuntu']]);
    assert.match(
      verdictText(some, plain),
      /\n {2}Assumed for Ubuntu 24\.04: the verdict holds unless the image [^\n]*\.$/,
    );
  });

  test('while the sandbox is off, the table says what would be, and only to those who ask', async () => {
    const off = await switchedOffJudgement();
    assert.equal(verdictText(off, plain), '');
    assert.match(verdictText(off, plain, { verbose: true }), /^ {2}Docker Desktop {2}would fail {2}Docker's seccomp/m);
    assert.equal(verdictMarkdown(off, 'x'), '**x**\n\nOff\\: Codex runs without its sandbox\\.');
  });

  test('no hosts: nothing', () => {
    assert.equal(verdictText(judgementOf(), plain), '');
  });
});
