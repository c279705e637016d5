import assert from 'node:assert/strict';
import { repair } from '../../../src/cli/repair.js';
import { notes } from '../../../src/cli/repairNotes.js';
import type { HostName } from '../../../src/model/host.js';
import { painter } from '../../../src/report/terminal.js';
import { verdictLine, verdictRows, verdictText } from '../../../src/report/verdict.js';
import { judged, judgedIn } from '../judged.js';
import { memoryFiles } from '../memoryFiles.js';

type Texts = Readonly<Record<string, string>>;

const NO_PROFILE = {
  '.devcontainer.json': '{ "image": "debian:12", "securityOpt": ["seccomp=${localWorkspaceFolder}/gone.json"] }',
};

const PODMAN_ONLY = { '.devcontainer.json': '{ "image": "debian:12", "runArgs": ["--userns=keep-id"] }' };

async function notesOn(texts: Texts, hosts?: readonly HostName[]) {
  const done = await repair(memoryFiles(texts), new Map(), async (files) => judgedIn(files, hosts));
  return notes(done, { verbose: false, failOn: 'warning', shown: (file) => file });
}

suite('a container that the engine does not make', () => {
  const stopped: Readonly<Record<string, Texts>> = {
    'the container cannot start: Docker cannot use "gone.json"': NO_PROFILE,
    'the image cannot be built: "Dockerfile" does not exist': {
      '.devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
    },
    'the image cannot be built: this Dockerfile has no FROM': {
      '.devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      Dockerfile: 'ARG X=1\n',
    },
    'the container cannot start: docker run has no flag "--cap-add SYS_ADMIN"': {
      '.devcontainer.json':
        '{ "image": "debian:12", "privileged": true, "runArgs": ["--cap-add SYS_ADMIN"], "remoteUser": "x" }',
    },
    'the container cannot start: there is no service "app"': {
      '.devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }',
      'compose.yaml': 'services:\n  other:\n    image: debian:12\n',
    },
    'Docker cannot create this container: --userns=keep-id is a Podman option': PODMAN_ONLY,
  };

  for (const [line, texts] of Object.entries(stopped)) {
    test(`the verdict is "${line}"`, async () => {
      const judgement = await judged(texts);
      assert.equal(verdictLine(judgement), line);
      assert.ok(
        verdictRows(judgement).every(({ outcome, stop }) => outcome === 'fails' && line.startsWith(`${stop}: `)),
      );
      assert.doesNotMatch(verdictText(judgement, painter(false)), /not known|works|unknown/);
      const { heading, lines } = await notesOn(texts);
      assert.equal(heading, line);
      assert.doesNotMatch(lines.join('\n'), /probe|not known|unknown on/);
      assert.notDeepEqual(lines, []);
    });
  }

  test('only where it is so', async () => {
    const judgement = await judged(PODMAN_ONLY, ['docker-linux', 'podman']);
    assert.match(verdictLine(judgement), /^Docker cannot create this container on Linux \(Debian\), .* on Podman/);
    assert.deepEqual(
      verdictRows(judgement).map(({ stop }) => stop),
      ['Docker cannot create this container', undefined],
    );
  });

  test('what is predicted stays as it is', async () => {
    const { predictions } = await judged(PODMAN_ONLY);
    assert.ok(predictions.every(({ outcome }) => outcome === 'unknown'));
  });
});
