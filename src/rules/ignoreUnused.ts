import { unknownName } from '../sources/devcontainer/choice.js';
import { IGNORE_UNUSED, isAbout } from './engine/ignores.js';
import type { Draft, Rule } from './engine/rule.js';
import { example, PLAIN_DOCKERFILE } from './shared/examples.js';

/** A comment is to switch a rule off and does not. */
export const ignoreUnused: Rule = {
  id: IGNORE_UNUSED,
  title: 'A comment ignores nothing',
  explanation: `
A comment \`codex-sandbox-ignore RULE: reason\` turns off a rule. Here the rule finds nothing, or there is no rule of this name. The comment may
hide a problem later.

## What to do

Correct the name of the rule, move the comment, or remove it.

## How to write such a comment

- \`// codex-sandbox-ignore RULE: reason\` in devcontainer.json, \`# codex-sandbox-ignore RULE: reason\` in Dockerfiles, YAML, TOML and scripts.
- On a line of its own it is for the next line. At the end of a line it is for that line.
- Above the first content of a file it is for the whole file.
- Several rules are separated by commas. The reason is optional, but readers need it.

An ignored finding does not count: not in the editor, not in the exit status. \`check --format json\` lists it with its reason.`,
  references: ['https://containers.dev/implementors/json_reference/'],
  bad: {
    '.devcontainer/devcontainer.json': `{
  // codex-sandbox-ignore privilegd-needless: the tests start containers
  "build": { "dockerfile": "Dockerfile" }
}
`,
    '.devcontainer/Dockerfile': PLAIN_DOCKERFILE,
  },
  good: {
    ...example('"privileged": true // codex-sandbox-ignore privileged-needless: the tests start containers'),
  },
  check({ configuration, rules }, found) {
    return configuration.ignores.flatMap((comment): readonly Draft[] => {
      if (comment.rules.length === 0) {
        const details = ['Write the name of the rule behind it: `codex-sandbox-ignore RULE: reason`.'];
        return [{ severity: 'info', headline: 'This comment names no rule to ignore', details, place: comment.place }];
      }
      return comment.rules.flatMap(({ id, place }): readonly Draft[] => {
        if (!rules.includes(id)) {
          const [headline, remedy] = unknownName(id, 'a rule', rules);
          return [{ severity: 'info', headline, details: [remedy, 'This comment ignores nothing.'], place }];
        }
        if (found.some((finding) => isAbout(comment, id, finding))) return [];
        const where = comment.line === undefined ? 'in this file' : 'on this line';
        const headline = `Nothing to ignore: ${id} finds nothing ${where}`;
        return [{ severity: 'info', headline, details: ['Remove the comment, or move it to the right line.'], place }];
      });
    });
  },
};
