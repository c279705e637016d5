import type { Rule } from './engine/rule.js';
import { example, PLAIN_DOCKERFILE } from './shared/examples.js';
import { problemDrafts } from './shared/problemDrafts.js';

/** A file breaks its format's grammar, or a value has the wrong type. */
export const invalidFile: Rule = {
  id: 'invalid-file',
  title: 'A file cannot be read as its format',
  explanation: `
The text breaks the grammar of its format here, or a property has a value of a type that it cannot have. What could be read
around it is judged all the same, so other findings may be missing until this is corrected.`,
  references: ['https://containers.dev/implementors/json_reference/'],
  bad: {
    '.devcontainer/devcontainer.json': `{
  "build": { "dockerfile": "Dockerfile" },
  "runArgs": "--init"
}
`,
    '.devcontainer/Dockerfile': PLAIN_DOCKERFILE,
  },
  good: example('"runArgs": ["--init"]'),
  check: (context) => problemDrafts(context, { syntax: 'error', type: 'warning' }),
};
