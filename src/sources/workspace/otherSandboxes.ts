import { known, type Sourced } from '../../model/container/container.js';
import { property, readJsonc } from '../text/jsonc.js';
import type { ConfigurationReader } from './reader.js';

/** Where a project keeps the settings of Claude Code: for everybody, and one's own (code.claude.com, "Settings"). */
const CLAUDE_SETTINGS = ['.claude/settings.json', '.claude/settings.local.json'];

/**
 * Settings of other agents in the workspace that switch on a sandbox which starts the image's bubblewrap. Claude Code brings
 * none of its own (measured: it takes the first on PATH, and without one runs everything outside of a sandbox). Never throws.
 */
export async function otherSandboxes(reader: ConfigurationReader): Promise<readonly Sourced<string>[]> {
  const found = await Promise.all(
    CLAUDE_SETTINGS.map(async (file): Promise<readonly Sourced<string>[]> => {
      const answer = await reader.read(file);
      if (answer.kind !== 'text') return [];
      const settings = readJsonc(answer.text, file);
      const enabled = property(property(settings.root, 'sandbox')?.value, 'enabled')?.value;
      return enabled?.value === true ? [known("Claude Code's sandbox", settings.place(enabled))] : [];
    }),
  );
  return found.flat();
}

/** A package that the sandboxes of other agents need beside bubblewrap, and Codex's does not (Claude Code's, VS Code's). */
const HELPER = 'socat';

/** What a package shows to start bubblewrap, for people; undefined: nothing. */
export function sandboxHelpedBy(packageName: string): string | undefined {
  return packageName === HELPER ? `the sandbox of another agent, for which ${HELPER} is installed,` : undefined;
}
