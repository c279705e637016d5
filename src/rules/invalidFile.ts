import type { Rule } from './engine/rule.js';
import { example, PLAIN_DOCKERFILE } from './shared/examples.js';
import { problemDrafts } from './shared/problemDrafts.js';

/** A file breaks its format's grammar, or a value has the wrong type. */
export const invalidFile: Rule = {
  id: 'invalid-file',
  title: 'A file is not valid',
  explanation: `
The text breaks the rules of its format, or a property has a value of the wrong type. The check still reads the rest of the file. Some findings
may be missing until you correct this place.`,
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
