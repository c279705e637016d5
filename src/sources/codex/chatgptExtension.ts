import { known, type AgentInstall, type Sourced } from '../../model/container/container.js';
import type { ListedExtension } from '../options/editorExtensions.js';

/** OpenAI's extension for VS Code, which starts a Codex of its own. */
const CHATGPT = 'openai.chatgpt';

/**
 * The Codex that the ChatGPT extension brings; undefined: it is not installed. Its version is that of the day on which VS Code installs
 * the extension. A bubblewrap comes with it since about the spring of 2026 [reported, not measured]. One `-openai.chatgpt`
 * anywhere removes the extension again (code.visualstudio.com, "Dev container features and extensions").
 */
export function codexOfExtension(listed: readonly ListedExtension[]): Sourced<AgentInstall> | undefined {
  // A version may stand behind the name.
  const places = (wanted: string): readonly ListedExtension['place'][] =>
    listed.filter(({ id }) => id.toLowerCase().split('@', 1)[0] === wanted).map(({ place }) => place);
  const named = places(CHATGPT);
  if (named.length === 0 || places(`-${CHATGPT}`).length > 0) return undefined;
  return known({ version: undefined, bundledBwrap: true, extension: 'the ChatGPT extension' }, ...named);
}
