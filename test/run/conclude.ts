// The end of .ci/run: adds up what the suites have written and prints what failed; the last line is "N passed, N failed".
// Arguments: for each command what it is called, its exit status and the names of its suites, as `npm test=0=unit,ground-truth`.
import { readResults } from './results.js';
import { tally, type Ran } from './tally.js';

const commands = process.argv.slice(2).map((argument): Ran => {
  const [command = '', status = '', suites = ''] = argument.split('=');
  return {
    command,
    status: status === '' ? NaN : Number(status),
    suites: new Map(suites.split(',').map((name) => [name, readResults(name)])),
  };
});
const { passed, failed, failures } = tally(commands);
if (failures.length > 0) console.log(['', 'What failed', ...failures, ''].join('\n\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
