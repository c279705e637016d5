import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from './errors.js';
import type { Io } from './io.js';
import { reasonOf } from './locate.js';

/**
 * Writes the result of a command to the file that --output names.
 * @throws InputError when the file cannot be written
 */
export async function writeResult(file: string, result: string, { cwd }: Pick<Io, 'cwd'>): Promise<void> {
  try {
    await writeFile(resolve(cwd, file), result);
  } catch (error) {
    // A file to write need not exist, but its folder must.
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? 'its folder does not exist' : reasonOf(error);
    throw new InputError(`${file} cannot be written: ${why}.`, { cause: error });
  }
}
