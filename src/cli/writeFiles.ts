import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, chown, lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isInside } from '../sources/workspace/nodeFiles.js';
import { InputError } from './errors.js';
import { reasonOf } from './locate.js';

/** A file to write. */
export interface Writing {
  /** Relative to the workspace folder, with forward slashes. */
  readonly file: string;
  /** The text that was judged; undefined: the file does not exist yet. */
  readonly before: string | undefined;
  readonly after: string;
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A file's text with the byte order mark that reading takes away, for a diff that applies.
 * @throws InputError when the file is no longer what was judged, or is not valid UTF-8: to write its text
 *   would change more than was asked for
 */
export async function originalText(folder: string, { file, before }: Writing): Promise<string | undefined> {
  if (before === undefined) return undefined;
  let bytes: Buffer;
  try {
    bytes = await readFile(await targetOf(folder, file));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) {
    throw new InputError(`${file} is not valid UTF-8, so a change could damage it. Save it as UTF-8 first.`);
  }
  if (text !== before && text !== BYTE_ORDER_MARK + before) {
    throw new InputError(`${file} changed in the meantime. Run the command again.`);
  }
  return text;
}

/** Where a file of the folder really is; its links are followed as long as they stay in the folder. */
async function targetOf(folder: string, file: string): Promise<string> {
  const root = await realpath(folder);
  const lexical = resolve(root, file);
  const refuse = (): never => {
    throw new InputError(
      `${file} is outside the workspace folder ${root}, or a symbolic link leads outside. It stays as it is.`,
    );
  };
  if (!isInside(root, lexical)) return refuse();
  // A file to be made has no real path yet; the nearest folder above it that exists has.
  let existing = lexical;
  while (!(await exists(existing))) existing = dirname(existing);
  const rest = lexical.slice(existing.length);
  const real = await realpath(existing);
  return isInside(root, real) ? real + rest : refuse();
}

/** Whether there is something of that name, be it a link that leads nowhere. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

interface Staged {
  readonly target: string;
  readonly temporary: string;
}

/** Writes the new text beside its target, with the target's mode and owner. */
async function stage(folder: string, writing: Writing): Promise<Staged> {
  const original = await originalText(folder, writing);
  const target = await targetOf(folder, writing.file);
  if (original === undefined && (await exists(target))) {
    throw new InputError(`${writing.file} was created in the meantime. Run the command again.`);
  }
  const temporary = join(dirname(target), `.codex-sandbox-check-${randomBytes(6).toString('hex')}.tmp`);
  // Moving a new file into its place does not ask whether the old one may be written.
  if (original !== undefined) await access(target, constants.W_OK);
  await mkdir(dirname(target), { recursive: true });
  const mark = original?.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  try {
    await writeFile(temporary, mark + writing.after, { flag: 'wx' });
    if (original !== undefined) {
      const stats = await stat(target);
      // Only root may give a file away; for everybody else the new file has the right owner or cannot have it.
      if (process.getuid?.() === 0) await chown(temporary, stats.uid, stats.gid);
      await chmod(temporary, stats.mode & 0o7777);
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return { target, temporary };
}

/**
 * Writes files all or none: first every new text beside its target, then all are moved into place. Nobody ever sees
 * half a file; mode, owner and byte order mark stay.
 * @throws InputError when one cannot be written, was changed in the meantime, or is outside the folder; none is then
 *   written, unless the file system fails between two moves
 */
export async function writeFiles(folder: string, writings: readonly Writing[]): Promise<void> {
  const staged: Staged[] = [];
  // Files that are new come first: what refers to them must never refer to nothing.
  const ordered = [...writings].sort((a, b) => Number(a.before !== undefined) - Number(b.before !== undefined));
  let file = '';
  try {
    for (const writing of ordered) {
      file = writing.file;
      staged.push(await stage(folder, writing));
    }
    for (const [index, { target, temporary }] of staged.entries()) {
      file = ordered[index]?.file ?? '';
      await rename(temporary, target);
    }
  } catch (error) {
    await Promise.all(staged.map(({ temporary }) => rm(temporary, { force: true })));
    if (error instanceof InputError) throw error;
    throw new InputError(`${file} cannot be written: ${reasonOf(error)}.`, { cause: error });
  }
}
