import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/bwrap/errors.js';
import { styleFaults } from './faults.js';

/** Of 20 words. */
const LONG = 'One two three four five six seven eight nine ten '.repeat(2).trim();

suite('the style checker', () => {
  for (const text of [
    'Take out the capability.',
    'Take the setuid bit away.',
    'This is no known message.',
    'The line stands there.',
    'It changes no verdict.',
    'It foretells the outcome.',
    'bubblewrap asks for SYS_ADMIN.',
    'SYS_ADMIN is added in vain.',
    'The option is of no use.',
    'It repairs the file.',
    'That is needless.',
    'It gives root away.',
    'seccomp is in the way.',
    'Whose the folder is, nobody says.',
    'Of Compose, two files are read.',
    'What lets it pass is what seccomp allows.',
    'It is the filter that refuses.',
    'The sandbox’s filter.',
    'Codex doesn’t recognise it.',
    'On docker-ubuntu it fails.',
    'The gate seccomp-userns is closed.',
    `${LONG} ${LONG.slice(0, 30)}.`,
    `- item\n- ${LONG} ${LONG.slice(0, 30)}`,
    `| cell | ${LONG} ${LONG.slice(0, 30)} |`,
  ]) {
    test(`finds: ${text.slice(0, 60)}`, () => {
      assert.ok(styleFaults(text).length > 0);
    });
  }

  for (const text of [
    'There is no bubblewrap.',
    'The rule `setuid-needless` finds it on `docker-ubuntu`.',
    'Ubuntu (docker-ubuntu) restricts user namespaces [seccomp-userns].',
    'Run `check --host docker-ubuntu`, or --host docker-ubuntu alone.',
    '```text\nwhat stands in the way\n```',
    'See [the page](https://example.com/what-stands-in-the-way).',
    `${LONG}. ${LONG}.`,
    `${LONG}\n\n${LONG}`,
    `${LONG}. bubblewrap ${LONG}.`,
    `# ${LONG}\n${LONG}`,
    `Codex prints ${ERRORS.usernsDenied}, ${LONG}.`,
    'Codex prints "there stands what is in vain".',
    'A standard profile.',
  ]) {
    test(`passes: ${text.slice(0, 60)}`, () => {
      assert.deepEqual(styleFaults(text), []);
    });
  }

  test('measures headlines and titles', () => {
    assert.deepEqual(styleFaults('Four', { longest: 4 }), []);
    assert.equal(styleFaults('Fives', { longest: 4 }).length, 1);
  });
});
