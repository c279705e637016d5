import { stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from './errors.js';
import type { Io } from './io.js';
import { reasonOf } from './locate.js';

/**
 * Writes the result of a command to the file that --output names.
 * @param inputs the files that the result was made from: none of them is overwritten
 * @throws InputError when the file cannot be written
 */
export async function writeResult(
  file: string,
  result: string,
  inputs: ReadonlySet<string>,
  { cwd }: Pick<Io, 'cwd'>,
): Promise<void> {
  const target = resolve(cwd, file);
  const there = await identity(target);
  const taken = there === undefined ? [] : await Promise.all([...inputs].map(identity));
  if (taken.includes(there)) {
    throw new InputError(`${file} was read for this result and is not overwritten. Name another file for --output.`);
  }
  try {
    await writeFile(target, result);
  } catch (error) {
    // A file to write need not exist, but its folder must.
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? 'its folder does not exist' : reasonOf(error);
    throw new InputError(`${file} cannot be written: ${why}.`, { cause: error });
  }
}

/** The same for each name, spelling and link of a file; undefined where there is none. */
async function identity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    // What cannot be looked at was not read either.
    return undefined;
  }
}
