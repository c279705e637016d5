// What mocha reports in every suite: its usual lines for people and, where the option `output` names a file, what came of
// each test as JSON, for .ci/run (tally.ts).
const { reporters } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    if (options.reporterOption?.output) new reporters.JSON(runner, options);
  }
};
