import assert from 'node:assert/strict';
import { compareVersions } from '../../../src/model/versions.js';

suite('versions', () => {
  for (const [a, b, order] of [
    ['0.115.0', '0.115.0', 0],
    ['0.115', '0.115.0', 0],
    ['0.115.0', '0.115', 0],
    ['0.98.0', '0.115.0', -1],
    ['0.115.0', '0.98.0', 1],
    ['0.115.1', '0.115', 1],
    ['0.115', '0.115.1', -1],
    ['1', '0.999.999', 1],
    ['latest', '99.0.0', 1],
    ['0.130.0', 'latest', -1],
    ['0.11.1-2+deb13u1', '0.11.1', 0],
    ['0.11.x', '0.11.999', 1],
    ['v1', '0.1', 1],
    ['latest', 'latest', 0],
  ] as const) {
    test(`${a} ${order < 0 ? 'is older than' : order > 0 ? 'is newer than' : 'counts as'} ${b}`, () => {
      assert.equal(compareVersions(a, b), order);
    });
  }
});
