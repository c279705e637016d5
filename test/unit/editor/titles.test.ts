import assert from 'node:assert/strict';
import { ignoreComment } from '../../../src/editor/ignoreComment.js';
import { LONGEST_TITLE, shortName, titleFor } from '../../../src/editor/titles.js';

suite('The title of an action for one of several configurations', () => {
  test('names it by its folder, else by its name, else by its file', () => {
    const named = new Map([['.devcontainer/devcontainer.json', '{ "name": "Orders\\nAPI" }']]);
    assert.equal(shortName({ file: '.devcontainer/python/devcontainer.json', texts: new Map() }), 'python');
    assert.equal(shortName({ file: '.devcontainer/devcontainer.json', texts: named }), 'Orders API');
    assert.equal(shortName({ file: '.devcontainer.json', texts: new Map() }), '.devcontainer.json');
  });

  test('has the name at its end, in the brackets that are there', () => {
    assert.equal(titleFor('Preview…', 'python'), 'Preview… (python)');
    assert.equal(titleFor('Make Codex work here (2 changes)', 'python'), 'Make Codex work here (2 changes, python)');
  });

  test('is never longer than a menu shows', () => {
    const title = titleFor('Make Codex work here (2 changes)', 'a name that nobody would think of for a container');
    assert.equal(title.length, LONGEST_TITLE);
    assert(title.endsWith('…)'));
  });
});

suite('The comment that switches a rule off', () => {
  test('is one of the format', () => {
    const start = (file: string): string | undefined => ignoreComment('{\n}\n', file, 'a-rule', 1)?.start;
    assert.equal(start('.devcontainer/devcontainer.json'), '// codex-sandbox-ignore a-rule: ');
    assert.equal(start('.devcontainer.json'), '// codex-sandbox-ignore a-rule: ');
    for (const file of ['Dockerfile', 'compose.yaml', '.codex/config.toml']) {
      assert.equal(start(file), '# codex-sandbox-ignore a-rule: ');
    }
    assert.equal(start('.devcontainer/seccomp.json'), undefined);
  });
});
