import assert from 'node:assert/strict';
import { painter } from '../../../src/report/terminal.js';
import { textWidth, wrapped } from '../../../src/report/wrap.js';

suite('wrapping', () => {
  test('at words, with what the first line begins with as indentation', () => {
    assert.deepEqual(wrapped('one two three four', 12, '- '), ['- one two', '  three four']);
    assert.deepEqual(wrapped('one two', 7), ['one two']);
    assert.deepEqual(wrapped('one two', 6), ['one', 'two']);
    assert.deepEqual(wrapped('', 6, '  '), ['']);
  });

  test('colours take no room', () => {
    const text = painter(true)('red', 'one');
    assert.deepEqual(wrapped(`${text} two three`, 7), [`${text} two`, 'three']);
  });

  test('a word that is too long stays whole', () => {
    assert.deepEqual(wrapped('see /a/very/long/path now', 10), ['see', '/a/very/long/path', 'now']);
  });

  test('the width is that of the terminal, from 80 to 120', () => {
    assert.deepEqual([40, 80, 99, 120, 300, undefined].map(textWidth), [80, 80, 99, 120, 120, 100]);
  });
});
