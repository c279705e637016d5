import assert from 'node:assert/strict';
import { applyAll } from '../../../src/edits/textEdits.js';
import { DEFAULT_HOSTS, HOSTS } from '../../../src/model/host.js';
import { judge, type Judgement } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/workspace.js';
import { memoryFiles } from '../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';

async function judged(files: Readonly<Record<string, string>>): Promise<Judgement> {
  const [configuration] = await readConfigurations(memoryFiles(files));
  assert.ok(configuration);
  return judge(configuration, { hosts: DEFAULT_HOSTS.map((host) => HOSTS[host]) });
}

suite('a bubblewrap 0.12 that no edit can leave out', () => {
  const brought: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a lifecycle command': { [FILE]: '{ "image": "debian:13", "onCreateCommand": "apt-get install -y bubblewrap" }' },
    'a script': {
      [FILE]: '{ "image": "debian:13", "onCreateCommand": "bash tools/setup.sh" }',
      'tools/setup.sh': 'apt-get install -y bubblewrap\n',
    },
    'a local Feature': {
      [FILE]: '{ "image": "debian:13", "features": { "./own": {} } }',
      '.devcontainer/own/devcontainer-feature.json': '{ "id": "own" }',
      '.devcontainer/own/install.sh': 'apt-get install -y bubblewrap\n',
    },
  };
  for (const [what, files] of Object.entries(brought)) {
    test(`from ${what}: the repair takes the masks of /proc away instead`, async () => {
      const before = await judged(files);
      assert.deepEqual(
        before.predictions.map(({ outcome }) => outcome),
        ['fails', 'fails', 'fails'],
      );
      const repair = before.repairs.at(-1);
      assert.ok(repair, 'there is a repair');
      const after = await judged(Object.fromEntries(applyAll(new Map(Object.entries(files)), repair.edits)));
      assert.deepEqual(
        after.predictions.map(({ outcome }) => outcome),
        ['works', 'works', 'works'],
      );
    });
  }
});
