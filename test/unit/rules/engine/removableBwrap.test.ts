import assert from 'node:assert/strict';
import type { Judgement } from '../../../../src/rules/judge.js';
import { applyAll } from '../../appliedEdits.js';
import { judged } from '../../judged.js';

const FILE = '.devcontainer/devcontainer.json';

function outcomes({ predictions }: Judgement): readonly string[] {
  return predictions.map(({ outcome }) => outcome);
}

suite('a bubblewrap 0.12 that no edit can leave out', () => {
  const brought: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a lifecycle command': {
      [FILE]: '{ "image": "debian:13", "remoteUser": "dev", "onCreateCommand": "sudo apt-get install -y bubblewrap" }',
    },
    'a script': {
      [FILE]: '{ "image": "debian:13", "remoteUser": "dev", "onCreateCommand": "bash tools/setup.sh" }',
      'tools/setup.sh': 'sudo apt-get install -y bubblewrap\n',
    },
    'a local Feature': {
      [FILE]: '{ "image": "debian:13", "remoteUser": "dev", "features": { "./own": {} } }',
      '.devcontainer/own/devcontainer-feature.json': '{ "id": "own" }',
      '.devcontainer/own/install.sh': 'apt-get install -y bubblewrap\n',
    },
  };
  for (const [what, files] of Object.entries(brought)) {
    test(`from ${what}: the repair takes the masks of /proc away instead`, async () => {
      const before = await judged(files);
      assert.deepEqual(outcomes(before), ['fails', 'fails', 'fails', 'fails']);
      const repair = before.repairs().fixes().at(-1);
      assert.ok(repair, 'there is a repair');
      const after = await judged(Object.fromEntries(applyAll(new Map(Object.entries(files)), repair.edits)));
      // What Ubuntu 24.04 asks for beyond that is nothing that is done unasked.
      assert.deepEqual(outcomes(after), ['works', 'works', 'fails', 'works']);
    });

    test(`from ${what}, for root: nothing takes the masks away`, async () => {
      const asRoot = Object.entries(files).map(
        ([path, text]) => [path, text.replace(' "remoteUser": "dev",', '')] as const,
      );
      const { findings, fixesOf, repairs } = await judged(Object.fromEntries(asRoot));
      const { onRequest, ...unasked } = repairs();
      const ways = [unasked, onRequest].flatMap(({ fixes, otherWays }) => [...fixes(), ...otherWays()]);
      for (const { edits } of [...findings.flatMap(fixesOf), ...ways]) {
        assert.ok(edits.every(({ newText }) => !newText.includes('systempaths')));
      }
    });
  }
});
