import assert from 'node:assert/strict';
import type { Results } from '../../run/results.js';
import { tally } from '../../run/tally.js';

function results(passes: number, ...failures: readonly string[]): Results {
  return {
    stats: { passes, failures: failures.length },
    failures: failures.map((fullTitle) => ({ fullTitle, err: { message: 'no', stack: 'Error: no\n    at here' } })),
  };
}

suite('the numbers at the end of all suites', () => {
  test('are the sums over the suites of all commands', () => {
    const suites = new Map([
      ['unit', results(3)],
      ['editor', results(4)],
    ]);
    const commands = [
      { command: 'npm test', status: 0, suites },
      { command: 'npm run test:container', status: 0, suites: new Map([['container', results(5)]]) },
    ];
    assert.deepEqual(tally(commands), { passed: 12, failed: 0, failures: [] });
  });

  test('a test that fails is counted once and shown with its stack', () => {
    const suites = new Map([['unit', results(3, 'a suite a test')]]);
    assert.deepEqual(tally([{ command: 'npm test', status: 1, suites }]), {
      passed: 3,
      failed: 1,
      failures: ['a suite a test\nError: no\n    at here'],
    });
  });

  for (const [what, left, failure] of [
    ['wrote nothing', undefined, 'editor: left no results: it did not run, or came to no end'],
    ['ran no test', results(0), 'editor: ran no test'],
  ] as const) {
    test(`a suite that ${what} is a failure, whatever the command says`, () => {
      const suites = new Map([
        ['unit', results(3)],
        ['editor', left],
      ]);
      for (const status of [0, 1]) {
        assert.deepEqual(tally([{ command: 'npm test', status, suites }]), {
          passed: 3,
          failed: 1,
          failures: [failure],
        });
      }
    });
  }

  test('a command that fails without a failing test is a failure, also one whose status is not known', () => {
    for (const status of [1, NaN]) {
      assert.deepEqual(tally([{ command: 'npm test', status, suites: new Map([['unit', results(3)]]) }]), {
        passed: 3,
        failed: 1,
        failures: [`npm test ended with status ${status}, though no test failed`],
      });
    }
  });
});
