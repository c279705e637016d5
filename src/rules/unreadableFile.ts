import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';
import { problemDrafts } from './shared/problemDrafts.js';

/** A file that the configuration refers to is missing, outside the workspace, too large or not readable. */
export const unreadableFile: Rule = {
  id: 'unreadable-file',
  title: 'A file of the configuration cannot be read',
  explanation: `
The configuration names a file that the check cannot read:

- The file does not exist. The container cannot be built, so this is an error.
- The file cannot be opened or is too large. This is a warning.
- The file is outside the workspace folder. This is information. The check never reads files outside the workspace.

Everything that depends on such a file is unknown.`,
  references: ['https://containers.dev/implementors/json_reference/'],
  bad: { '.devcontainer/devcontainer.json': '{\n  "build": { "dockerfile": "Dockerfile.dev" }\n}\n' },
  good: example(''),
  check: (context) => problemDrafts(context, { missing: 'error', unreadable: 'warning', outside: 'info' }),
};
