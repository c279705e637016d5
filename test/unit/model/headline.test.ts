import assert from 'node:assert/strict';
import { fitting, headlineWith, MAX_HEADLINE, oneLine } from '../../../src/model/headline.js';

suite('headlines', () => {
  test('a name that fits is in them as it is, on one line', () => {
    assert.equal(
      headlineWith('a\n b', (name) => `There is no "${name}" here`),
      'There is no "a b" here',
    );
  });

  test('of a name that is too long they show the end', () => {
    const headline = headlineWith(`${'x'.repeat(100)}/Dockerfile`, (name) => `There is no "${name}" here`);
    assert.equal(headline.length, MAX_HEADLINE);
    assert.match(headline, /^There is no "…x+\/Dockerfile" here$/);
    const exact = 'y'.repeat(MAX_HEADLINE);
    assert.equal(
      headlineWith(exact, (name) => name),
      exact,
    );
  });

  test('the first wording that is short enough is taken, else the last', () => {
    assert.equal(fitting(3, 'four', 'one', 'two'), 'one');
    assert.equal(fitting(3, 'four', 'fifth', 'sixth'), 'sixth');
    assert.equal(fitting(3, 'four'), 'four');
  });

  test('line breaks and the spaces around them become one space', () => {
    assert.equal(oneLine('a \r\n\n b  c'), 'a b  c');
  });
});
