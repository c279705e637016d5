import { IGNORE_MARK, readIgnores } from '../sources/text/ignores.js';
import { isConfiguration } from '../sources/workspace/configurationPlaces.js';

/** A comment that switches a rule off for one line, with a reason to be filled in. */
export interface IgnoreComment {
  /** Where it is inserted, counted from 0. */
  readonly line: number;
  readonly character: number;
  /** What stands before the reason. */
  readonly start: string;
  readonly reason: string;
  readonly end: string;
}

/**
 * The comment goes above the line. A comment above the first content of a file is about all of it, so that one goes behind the line.
 * undefined: the format has no comments, or none behind content.
 * @param file as its workspace folder names it
 * @param line that the comment is about, counted from 0
 */
export function ignoreComment(text: string, file: string, rule: string, line: number): IgnoreComment | undefined {
  const name = file.split('/').at(-1) ?? file;
  const hasSlashes = isConfiguration(file) || name === 'devcontainer.json' || /\.jsonc$/i.test(name);
  if (!hasSlashes && /\.json$/i.test(name)) return undefined;
  const lines = text.split('\n').map((each) => each.replace(/\r$/, ''));
  const own = lines[line];
  if (own === undefined) return undefined;
  const reason = 'reason';
  const comment = `${hasSlashes ? '//' : '#'} ${IGNORE_MARK} ${rule}: `;
  const indentation = /^[ \t]*/.exec(own)?.[0] ?? '';
  const places: readonly IgnoreComment[] = [
    { line, character: 0, start: `${indentation}${comment}`, reason, end: '\n' },
    // A Dockerfile has comments on lines of their own only.
    ...(hasSlashes || /\.(ya?ml|toml)$/i.test(name)
      ? [{ line, character: own.length, start: ` ${comment}`, reason, end: '' }]
      : []),
  ];
  return places.find((place) => {
    const changed = `${own.slice(0, place.character)}${place.start}${reason}${place.end}${own.slice(place.character)}`;
    const about = place.character === 0 ? line + 1 : line;
    const after = [...lines.slice(0, line), changed, ...lines.slice(line + 1)].join('\n');
    return readIgnores(after, file).some((one) => one.place.range.start.line === line && one.line === about);
  });
}
