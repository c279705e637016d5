import assert from 'node:assert/strict';
import type { Change } from '../../../src/edits/changes/change.js';
import { changesFor } from '../../../src/edits/relaxationChanges.js';
import { seccompProfileText } from '../../../src/edits/seccompProfileText.js';
import { known } from '../../../src/model/container/container.js';
import { tailoredFor } from '../../../src/model/plan/tailored.js';
import { containerWith, CODEX } from '../containers.js';

const FIRST = '.devcontainer/seccomp-bwrap.json';
const SECOND = '.devcontainer/seccomp-codex.json';
const container = containerWith();
const six = seccompProfileText(tailoredFor(container, CODEX));
const five = seccompProfileText(tailoredFor(container, CODEX, 'before-0.13'));

function changes(texts: Readonly<Record<string, string>>): readonly Change[] {
  return changesFor(['seccomp-tailored'], container, CODEX, new Map(Object.entries(texts)));
}

function made(file: string, text: string): readonly Change[] {
  return [
    { kind: 'create-file', file, text },
    { kind: 'security-opt', key: 'seccomp', value: `\${localWorkspaceFolder}/${file}` },
  ];
}

suite('where a tailored profile is written', () => {
  test('it allows mount_setattr, which bubblewrap 0.13 needs', () => {
    assert.match(six, /"mount_setattr", "pivot_root"/);
    assert.doesNotMatch(five, /"mount_setattr", "pivot_root"/);
  });

  test('one that is there already is used, also one from before bubblewrap 0.13', () => {
    assert.deepEqual(changes({}), made(FIRST, six));
    assert.deepEqual(changes({ [FIRST]: six }), made(FIRST, six));
    assert.deepEqual(changes({ [FIRST]: five }), made(FIRST, five));
    assert.deepEqual(changes({ [FIRST]: '{}', [SECOND]: five }), made(SECOND, five));
  });

  test('anybody else’s is left alone', () => {
    assert.deepEqual(changes({ [FIRST]: '{}' }), made(SECOND, six));
    assert.deepEqual(changes({ [FIRST]: '{}', [SECOND]: '{}' }), []);
    const forRoot = seccompProfileText(tailoredFor({ ...container, user: known('root') }, CODEX));
    assert.deepEqual(changes({ [FIRST]: forRoot }), made(SECOND, six));
  });
});
