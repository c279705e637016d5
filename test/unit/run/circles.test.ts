import assert from 'node:assert/strict';
import { circles, type Graph } from '../../run/circles.js';

function graph(edges: Readonly<Record<string, readonly string[]>>): Graph {
  return new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));
}

suite('circles of imports', () => {
  test('none where every way ends', () => {
    assert.deepEqual(circles(graph({ a: ['b', 'c'], b: ['c'], c: [] })), []);
  });

  test('a file that imports itself, two that import each other, and a longer way round', () => {
    assert.deepEqual(circles(graph({ a: ['a'] })), [['a']]);
    assert.deepEqual(circles(graph({ b: ['a'], a: ['b'] })), [['a', 'b']]);
    assert.deepEqual(circles(graph({ c: ['a'], a: ['b'], b: ['c'], d: ['a'] })), [['a', 'b', 'c']]);
  });

  test('every circle is named, each once', () => {
    assert.deepEqual(circles(graph({ a: ['b', 'c'], b: ['a'], c: ['d'], d: ['a'] })), [
      ['a', 'b'],
      ['a', 'c', 'd'],
    ]);
  });
});
