import type { Place } from '../../model/place.js';
import type { ComposeText } from './values.js';
import { readDockerfile, type DockerfileReading } from '../dockerfile/readDockerfile.js';

/**
 * Reads a Dockerfile that is in a Compose file (`build.dockerfile_inline`). In a literal block every finding has the
 * line of its instruction; in any other string it has the place of the whole string.
 */
export function readInlineDockerfile(
  { text, scalar }: ComposeText,
  target: string | undefined,
  args: Readonly<Record<string, string | undefined>>,
): DockerfileReading {
  const { file, range } = scalar.place;
  const options = { ...(target !== undefined && { target }), args };
  if (scalar.indentation === undefined) return relocate(readDockerfile(text, file, options), scalar.place);
  // The block begins on the line behind its `|`: as many empty lines before it make the lines those of the Compose file.
  const before = '\n'.repeat(range.start.line + 1);
  const indentation = ' '.repeat(scalar.indentation);
  return readDockerfile(before + text.replace(/^(?=.)/gm, indentation), file, options);
}

/** The same reading with every place in it replaced. */
function relocate<T>(value: T, place: Place): T {
  if (Array.isArray(value)) return value.map((item: unknown) => relocate(item, place)) as T;
  if (typeof value !== 'object' || value === null) return value;
  if ('file' in value && 'range' in value) return place as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, relocate(item as unknown, place)])) as T;
}
