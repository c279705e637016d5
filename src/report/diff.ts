import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** A file before and after. */
export interface FileChange {
  /** With forward slashes; goes into the headers. */
  readonly file: string;
  /** undefined: the file does not exist yet. */
  readonly before: string | undefined;
  readonly after: string;
}

/** The changes as a unified diff that `git apply` and `patch -p1` take; empty when nothing changes. */
export function unifiedDiff(changes: readonly FileChange[]): string {
  return changes
    .filter(({ before, after }) => before !== after)
    .map(({ file, before, after }) =>
      createTwoFilesPatch(
        before === undefined ? '/dev/null' : `a/${file}`,
        `b/${file}`,
        before ?? '',
        after,
        undefined,
        undefined,
        { context: 3, headerOptions: FILE_HEADERS_ONLY },
      ),
    )
    .join('');
}
