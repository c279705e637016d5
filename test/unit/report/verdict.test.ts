import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { HOSTS, type Host } from '../../../src/model/host.js';
import { painter } from '../../../src/report/terminal.js';
import { verdictMarkdown, verdictRows, verdictText } from '../../../src/report/verdict.js';
import { judge } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../memoryFiles.js';
import { judgementOf } from './judgements.js';

const LOCAL: Host = { ...HOSTS['docker-desktop'], name: 'local', description: 'This machine: Docker | *new* <b>' };

async function judged(devcontainer: string, hosts: readonly Host[]) {
  const [configuration] = await readConfigurations(memoryFiles({ '.devcontainer/devcontainer.json': devcontainer }));
  assert.ok(configuration);
  return judge(configuration, { hosts });
}

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
