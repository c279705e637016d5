import { main } from './cli/main.js';
import { processIo } from './cli/processIo.js';

// Not process.exit: what is written to a pipe would be cut off.
void main(process.argv.slice(2), processIo()).then((status) => {
  process.exitCode = status;
});
