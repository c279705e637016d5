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

/** Packages of which something else than Codex starts bubblewrap, with what that is. */
const HELPERS: ReadonlyMap<string, string> = new Map([
  // The sandboxes of Claude Code and VS Code need it beside bubblewrap, and Codex's does not.
  ['socat', 'the sandbox of another agent, for which socat is installed,'],
  // Flatpak runs each application under bubblewrap (docs.flatpak.org, "Under the hood").
  ['flatpak', 'Flatpak'],
  ['flatpak-builder', 'Flatpak'],
]);

/** What a package shows to start bubblewrap, for people; undefined: nothing. */
export function sandboxHelpedBy(packageName: string): string | undefined {
  return HELPERS.get(packageName);
}

/** What a command shows to start bubblewrap, for people; undefined: nothing. What only asks for its version or its help needs none. */
export function sandboxStartedBy(name: string, args: readonly string[]): string | undefined {
  const asks = args.length === 0 || args.every((arg) => arg === '--version' || arg === '--help');
  return name === 'bwrap' && !asks ? 'a command in the files' : undefined;
}
