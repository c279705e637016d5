/**
 * Mutation testing of the model: `npm run mutation`, optionally `-- --mutate src/model/plan/plan.ts`. Every change that Stryker
 * makes to src/model has to fail a test. The tests run as one CommonJS bundle (test/run/mutationBundle.mjs), because a
 * value that is made when its file loads can be mutated only by loading the file anew, which Node does not do for ESM.
 */
export default {
  testRunner: 'mocha',
  mochaOptions: { 'no-config': true, ui: 'tdd', spec: ['out/mutation/tests.cjs'] },
  buildCommand: 'node test/run/mutationBundle.mjs',
  mutate: ['src/model/**/*.ts'],
  ignorePatterns: ['/dist', '/media', '/docs', '/test/editor', '/test/container', '/test/fixtures', '*.vsix'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 2500,
  disableTypeChecks: false,
  thresholds: { high: 95, low: 92, break: 90 },
  reporters: ['clear-text', 'json', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'out/mutation/report.json' },
  htmlReporter: { fileName: 'out/mutation/report.html' },
  tempDirName: 'out/stryker',
};
