import type { Place } from '../../model/place.js';
import type { ComposeFileReference } from './document.js';
import { linesOf } from '../text/lines.js';
import { resolvePath } from '../text/paths.js';
import type { ConfigurationReader } from '../workspace/reader.js';

const DEFAULT_FILE = 'docker-compose.yml';
const DEFAULT_OVERRIDE = 'docker-compose.override.yml';
const ENVIRONMENT = '.env';

/** The Compose files of a configuration that names none, and where their variables come from. */
export interface DefaultFiles {
  readonly references: readonly ComposeFileReference[];
  /** In the place of the `.env` of the project directory; undefined: there is no such file. */
  readonly environment: string | undefined;
}

/**
 * What the dev container CLI takes where `dockerComposeFile` is an empty list (its getDockerComposeFilePaths, 0.89.0; measured):
 * the files that COMPOSE_FILE names in the `.env` of the workspace folder, else docker-compose.yml and its override there. That
 * `.env` gives the variables also where the files are in another folder. COMPOSE_FILE of the machine's environment, which goes
 * before, is not known.
 * @param place of `dockerComposeFile`
 */
export async function defaultComposeFiles(place: Place, reader: ConfigurationReader): Promise<DefaultFiles> {
  const answer = await reader.read(ENVIRONMENT);
  const environment = answer.kind === 'text' ? ENVIRONMENT : undefined;
  const named = answer.kind === 'text' ? namedIn(answer.text) : undefined;
  if (named) return { references: named, environment };
  const reference = (path: string): ComposeFileReference => ({ path: { kind: 'inside', path }, written: path, place });
  const override = await reader.read(DEFAULT_OVERRIDE);
  const references = [DEFAULT_FILE, ...(override.kind === 'text' ? [DEFAULT_OVERRIDE] : [])].map(reference);
  return { references, environment };
}

/** The CLI looks for the line itself: quotes are part of the value, and no other variable is put in. */
function namedIn(text: string): readonly ComposeFileReference[] | undefined {
  const match = /^COMPOSE_FILE=(.+)$/m.exec(text);
  const value = match?.[1]?.trim() ?? '';
  if (!match || value === '') return undefined;
  const place = linesOf(text, ENVIRONMENT).place(match.index, match.index + match[0].trimEnd().length);
  // The separator of Linux and macOS; on Windows it is the semicolon, which no name of a Compose file has.
  return value.split(/[:;]/).map((written) => ({ path: resolvePath('', written), written, place }));
}
