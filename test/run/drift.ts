// Compares the world of today with what the repository says: npm run drift. It needs Docker, npm and a mirror of Debian's packages.
// `npm run drift -- --write` records what was found in test/ground-truth/drift.json.
// Exit status: 0 nothing differs, 1 something does, 2 it could not be measured.
import { check } from './drift/check.js';
import { runProgram, temporaryFolder } from './lifetime.js';

const COULD_NOT = 2;

await runProgram(async () => {
  temporaryFolder();
  try {
    return await check({ write: process.argv.includes('--write') });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return COULD_NOT;
  }
});
