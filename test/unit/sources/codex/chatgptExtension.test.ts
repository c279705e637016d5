import assert from 'node:assert/strict';
import type { Container } from '../../../../src/model/container/container.js';
import { requestName } from '../../../../src/model/agent/request.js';
import { HOSTS } from '../../../../src/model/host.js';
import { judge, type Judgement } from '../../../../src/rules/judge.js';
import { readInspectedImage } from '../../../../src/sources/image/inspected.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { withImages } from '../../../../src/sources/workspace/files.js';
import { memoryFiles } from '../../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';

async function judged(json: unknown, more: Readonly<Record<string, string>> = {}, label?: unknown): Promise<Judgement> {
  const files = memoryFiles({ [FILE]: JSON.stringify(json), ...more });
  const image =
    label === undefined
      ? undefined
      : readInspectedImage(JSON.stringify({ User: '', Labels: { 'devcontainer.metadata': JSON.stringify(label) } }));
  const [configuration] = await readConfigurations(withImages(files, () => Promise.resolve(image)));
  assert(configuration);
  return judge(configuration, { hosts: [HOSTS['docker-desktop']] });
}

const containerOf = async (...args: Parameters<typeof judged>): Promise<Container> =>
  (await judged(...args)).configuration.container;

const vscode = (...extensions: readonly unknown[]): unknown => ({ vscode: { extensions } });
const CHATGPT = vscode('a.b', 'openai.chatgpt');
const BROUGHT = { version: undefined, bundledBwrap: true, extension: 'the ChatGPT extension' };
const FEATURE = '.devcontainer/own/devcontainer-feature.json';

suite('sources: the Codex of the ChatGPT extension', () => {
  test('the extension in devcontainer.json installs one, and the place is where it is named', async () => {
    const { agents, otherInstalls } = await containerOf({ image: 'debian:12', customizations: CHATGPT });
    assert.deepEqual(agents['codex']?.value, BROUGHT);
    const [place] = agents['codex'].places;
    const text = JSON.stringify({ image: 'debian:12', customizations: CHATGPT });
    assert.deepEqual([place?.file, place?.range.start.character], [FILE, text.indexOf('"openai.chatgpt"')]);
    assert.equal(otherInstalls, undefined);
  });

  test('in any case, with a version, and in the older place', async () => {
    for (const json of [
      { image: 'debian:12', customizations: vscode('OpenAI.ChatGPT') },
      { image: 'debian:12', customizations: vscode('openai.chatgpt@26.917.1') },
      { image: 'debian:12', extensions: ['openai.chatgpt'] },
    ]) {
      assert.deepEqual((await containerOf(json)).agents['codex']?.value, BROUGHT, JSON.stringify(json));
    }
  });

  test('a minus sign takes it out, wherever it was put in', async () => {
    const away = vscode('-openai.chatgpt');
    const cases = [
      containerOf({ image: 'debian:12', customizations: vscode('openai.chatgpt', '-openai.chatgpt') }),
      containerOf({ image: 'corp/dev', customizations: away }, {}, [{ customizations: CHATGPT }, { remoteUser: 'me' }]),
      containerOf(
        { image: 'debian:12', features: { './own': {} }, customizations: away },
        { [FEATURE]: JSON.stringify({ id: 'own', customizations: CHATGPT }) },
      ),
    ];
    for (const { agents, otherInstalls } of await Promise.all(cases)) {
      assert.notDeepEqual(agents['codex']?.value, BROUGHT);
      assert.equal(otherInstalls, undefined);
    }
  });

  test('the metadata of an image on this machine and of a Feature in the workspace count', async () => {
    const image = await containerOf({ image: 'corp/dev' }, {}, [{ customizations: CHATGPT }]);
    // What else is in that image is not known.
    assert.deepEqual(
      image.otherInstalls?.['codex']?.map(({ value }) => value),
      [BROUGHT],
    );
    const feature = await containerOf(
      { image: 'debian:12', features: { './own': {} } },
      { [FEATURE]: JSON.stringify({ id: 'own', customizations: CHATGPT }) },
    );
    assert.deepEqual(feature.agents['codex']?.value, BROUGHT);
    assert.deepEqual(
      feature.agents['codex'].places.map(({ file }) => file),
      [FEATURE],
    );
  });

  test('what is no list of names is not for this program to judge', async () => {
    for (const customizations of [
      null,
      3,
      { vscode: [] },
      { vscode: { extensions: 'openai.chatgpt' } },
      vscode(3, null),
    ]) {
      const { configuration } = await judged({ image: 'debian:12', customizations });
      assert.equal(configuration.container.agents['codex']?.value, null, JSON.stringify(customizations));
      assert.deepEqual(configuration.problems, []);
    }
  });

  const BUILD = { build: { dockerfile: 'Dockerfile' }, customizations: CHATGPT };
  const withCodex = (version: string, more = ''): Readonly<Record<string, string>> => ({
    '.devcontainer/Dockerfile': `FROM debian:12\n${more}RUN npm install -g @openai/codex@${version}\nUSER node\n`,
  });

  test('beside an older Codex in the image both are judged, and the worse verdict decides', async () => {
    // 0.98 starts no bubblewrap.
    const { predictions, findings, request } = await judged(BUILD, withCodex('0.98.0'));
    assert.deepEqual(
      predictions.map(({ outcome, gate, version }) => [outcome, gate, version]),
      [['fails', 'seccomp-userns', request.agent.newestVersion]],
    );
    assert.equal(requestName(request), 'Codex 0.98.0 and the Codex of the ChatGPT extension');
    const seccomp = findings.find(({ rule }) => rule === 'seccomp-profile');
    assert.match(seccomp?.message ?? '', /\nThis concerns the Codex of the ChatGPT extension, not Codex 0\.98\.0\.$/);
  });

  const SETUID = 'RUN apt-get update && apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap\n';

  test('where the one in the image fares worse, it is that one', async () => {
    const open = { ...BUILD, runArgs: ['--security-opt', 'seccomp=unconfined'] };
    const { predictions, findings } = await judged(open, withCodex('0.120.0', SETUID));
    assert.deepEqual(
      predictions.map(({ gate, version }) => [gate, version]),
      [['bwrap-privileges', '0.120.0']],
    );
    const [finding] = findings.filter(({ gate }) => gate === 'bwrap-privileges');
    assert.match(finding?.message ?? '', /\nThis concerns Codex 0\.120\.0, not the Codex of the ChatGPT extension\.$/);
  });

  test('what is enough for one of them and not for the other is neither the fix nor superfluous', async () => {
    const { findings, repairs } = await judged(BUILD, withCodex('0.120.0', SETUID));
    const [fix] = repairs().fixes();
    assert.deepEqual([...(fix?.relaxations ?? [])].sort(), ['bwrap-not-setuid', 'seccomp-tailored']);
    assert.deepEqual(
      findings.flatMap(({ gate }) => gate ?? []),
      ['seccomp-userns', 'bwrap-privileges'],
    );
    // 0.98 would need no relaxation at all.
    const open = { ...BUILD, runArgs: ['--security-opt', 'seccomp=unconfined'] };
    const relaxed = await judged(open, withCodex('0.98.0'));
    assert.equal(relaxed.predictions[0]?.outcome, 'works');
    assert.deepEqual(
      relaxed.findings.map(({ rule, remedy }) => [rule, remedy]),
      [['seccomp-unconfined-needless', ['seccomp-tailored']]],
    );
  });

  test('where they fare alike, or a version is named, nothing more is said', async () => {
    const alike = await judged(BUILD, withCodex('0.130.0'));
    assert.equal(alike.request.version, '0.130.0');
    for (const { message } of alike.findings) assert.doesNotMatch(message, /This is about/);
    const named = judge(alike.configuration, { hosts: [HOSTS['docker-desktop']], codexVersion: '0.98.0' });
    assert.deepEqual([named.request.version, named.predictions[0]?.outcome], ['0.98.0', 'works']);
  });
});
