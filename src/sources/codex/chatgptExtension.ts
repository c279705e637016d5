import { known, type AgentInstall, type Sourced } from '../../model/container/container.js';
import { namesCodex } from '../image/evidence.js';
import type { ListedExtension } from '../options/editorExtensions.js';

/** OpenAI's extension for VS Code, which starts a Codex of its own. */
const CHATGPT = 'openai.chatgpt';

/**
 * Where extensions are listed that bring or drive Codex: OpenAI's own, and those that are named after it. One that is left out
 * again is not among them.
 */
export function codexExtensions(listed: readonly ListedExtension[]): readonly ListedExtension['place'][] {
  const removed = new Set(listed.flatMap(({ id }) => (id.startsWith('-') ? [nameOf(id.slice(1))] : [])));
  return listed
    .filter(({ id }) => !id.startsWith('-') && !removed.has(nameOf(id)))
    .filter(({ id }) => nameOf(id) === CHATGPT || namesCodex(nameOf(id).slice(id.indexOf('.') + 1)))
    .map(({ place }) => place);
}

/** A version may be behind the name. */
function nameOf(id: string): string {
  return id.toLowerCase().split('@', 1)[0] ?? '';
}

/**
 * The Codex that the ChatGPT extension brings; undefined: it is not installed. Its version is that of the day on which VS Code installs
 * the extension. A bubblewrap comes with it since about the spring of 2026 [reported, not measured]. One `-openai.chatgpt`
 * anywhere removes the extension again (code.visualstudio.com, "Dev container features and extensions").
 */
export function codexOfExtension(listed: readonly ListedExtension[]): Sourced<AgentInstall> | undefined {
  const places = (wanted: string): readonly ListedExtension['place'][] =>
    listed.filter(({ id }) => nameOf(id) === wanted).map(({ place }) => place);
  const named = places(CHATGPT);
  if (named.length === 0 || places(`-${CHATGPT}`).length > 0) return undefined;
  return known({ version: undefined, bundledBwrap: true, extension: 'the ChatGPT extension' }, ...named);
}
