import type { Rule } from './engine/rule.js';
import { example } from './shared/examples.js';
import { problemDrafts } from './shared/problemDrafts.js';

/** A file that the configuration refers to is missing, outside the workspace, too large or not readable. */
export const unreadableFile: Rule = {
  id: 'unreadable-file',
  title: 'A file that the configuration refers to is not read',
  explanation: `
The configuration refers to a file that does not exist, which keeps the container from being built (an error), that cannot be
read or is larger than a file of its kind ever is (a warning), or that lies outside the workspace folder (information). Files
outside are never read: opening a repository must not make a tool read the rest of your disk. What depends on such a file is
unknown and is not judged.`,
  references: ['https://containers.dev/implementors/json_reference/'],
  bad: { '.devcontainer/devcontainer.json': '{\n  "build": { "dockerfile": "Dockerfile.dev" }\n}\n' },
  good: example(''),
  check: (context) => problemDrafts(context, { missing: 'error', unreadable: 'warning', outside: 'info' }),
};
