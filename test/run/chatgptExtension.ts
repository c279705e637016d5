import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What VS Code takes for OpenAI's extension. It does nothing, and has no Codex until a test puts one there. */
const MANIFEST = { publisher: 'openai', name: 'chatgpt', version: '26.917.1', engines: { vscode: '*' } };

/**
 * Puts a stand-in for the ChatGPT extension where a VS Code of tests looks for its extensions.
 * @param extensions the folder that VS Code is started with
 */
export function putChatgptExtension(extensions: string): void {
  const { publisher, name, version } = MANIFEST;
  const folder = join(extensions, `${publisher}.${name}-${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
}
