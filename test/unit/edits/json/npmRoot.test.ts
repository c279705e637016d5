import assert from 'node:assert/strict';
import { npmRoot } from '../../../../src/edits/json/npmRoot.js';

suite('where npm has put global packages', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    'npm install -g @openai/codex': 'npm root -g',
    'sudo -E npm i -g @openai/codex > log 2>&1': 'sudo -E npm root -g',
    'npm install -g --prefix /opt/npm @openai/codex': 'npm root -g --prefix /opt/npm',
    'npm --prefix=$HOME/.npm i -g @openai/codex': 'npm root -g --prefix=$HOME/.npm',
    'npm i -g @openai/codex -C ~/npm': 'npm root -g -C ~/npm',
    'NPM_CONFIG_PREFIX=/opt/npm A=1 npm i -g @openai/codex': 'NPM_CONFIG_PREFIX=/opt/npm A=1 npm root -g',
    'sudo -H NPM_CONFIG_PREFIX=/opt/npm npm i -g x': 'sudo -H NPM_CONFIG_PREFIX=/opt/npm npm root -g',
    'npm i -g --prefix /a --userconfig=/b @openai/codex': 'npm root -g --prefix /a --userconfig=/b',
    'npm i -g --prefer-offline @openai/codex': 'npm root -g',
    'npm i -g --prefix "/opt/npm" @openai/codex': undefined,
    'npm i -g --prefix ${X:-/opt} @openai/codex': undefined,
    'npm i -g --globalconfig=$(pwd)/x @openai/codex': undefined,
    'npm i -g -C "$X" @openai/codex': undefined,
    'NPM_CONFIG_PREFIX="/opt" npm i -g @openai/codex': undefined,
    'sudo -u node npm i -g @openai/codex': undefined,
    'npmx i': undefined,
  };
  for (const [command, root] of Object.entries(cases)) {
    test(command, () => {
      assert.equal(npmRoot(command), root);
    });
  }
});
