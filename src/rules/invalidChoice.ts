import { IGNORED_VALUE, unknownName } from '../sources/devcontainer/choice.js';
import { LEVELS, type Draft, type Rule } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { PLAIN_DOCKERFILE } from './shared/examples.js';

/** What the level of a rule may be. */
export const CHOSEN_LEVELS: readonly string[] = ['default', ...LEVELS];

const NO_LEVEL = ['The level of a rule must be a string', `Choose one of ${list(CHOSEN_LEVELS)}.`] as const;

/** How many mistakes are told one by one: nobody reads hundreds. */
const MOST_TOLD = 5;

/** What the repository says of how it is to be checked cannot be used. */
export const invalidChoice: Rule = {
  id: 'invalid-choice',
  title: 'A setting of the repository for this check is not valid',
  explanation: `
A repository can say how it is checked, in \`customizations\` of devcontainer.json:

\`\`\`jsonc
"customizations": {
  "codex-sandbox-check": {
    "hosts": ["docker-desktop", "docker-ubuntu"],
    "rules": { "privileged-needless": "off" },
    "codexVersion": "0.169.0",
    "sandbox": "off: the container is the boundary"
  }
}
\`\`\`

A value here is not one that the check knows. The check ignores it.

## What to do

Correct the value. All keys are optional:

- \`hosts\`: the hosts that the dev container must work on.
- \`rules\`: the level of a rule: \`off\`, \`hint\`, \`info\`, \`warning\`, \`error\`, or \`default\`.
- \`codexVersion\`: the version of Codex to assume.
- \`sandbox\`: \`off:\` and a reason, where Codex runs without its sandbox on purpose.

Options of the command line and settings of the editor go before these values.`,
  references: ['https://containers.dev/implementors/json_reference/'],
  bad: {
    '.devcontainer/devcontainer.json': `{
  "build": { "dockerfile": "Dockerfile" },
  "customizations": {
    "codex-sandbox-check": { "hosts": ["docker-desktop", "ubuntu"] }
  }
}
`,
    '.devcontainer/Dockerfile': PLAIN_DOCKERFILE,
  },
  good: {
    '.devcontainer/devcontainer.json': `{
  "build": { "dockerfile": "Dockerfile" },
  "customizations": {
    "codex-sandbox-check": { "hosts": ["docker-desktop", "docker-ubuntu"] }
  }
}
`,
    '.devcontainer/Dockerfile': PLAIN_DOCKERFILE,
  },
  check({ configuration: { choice }, rules }) {
    const faults = choice?.faults ?? [];
    const known = new Set(rules);
    const levels = (choice?.levels ?? []).filter(
      ({ rule, level }) => !known.has(rule) || level === undefined || !CHOSEN_LEVELS.includes(level),
    );
    const told = faults.slice(0, MOST_TOLD).map((fault): Draft => ({ severity: 'warning', ...fault }));
    const toldLevels = levels.slice(0, MOST_TOLD - told.length).map((chosen): Draft => {
      const { rule, rulePlace, level, levelPlace } = chosen;
      const isRule = known.has(rule);
      const [headline, remedy] = !isRule
        ? unknownName(rule, 'a rule', rules)
        : level === undefined
          ? NO_LEVEL
          : unknownName(level, 'a level', CHOSEN_LEVELS);
      const details = [remedy, IGNORED_VALUE];
      return { severity: 'warning', headline, details, place: isRule ? levelPlace : rulePlace };
    });
    const places = [...faults.map(({ place }) => place), ...levels.map(({ rulePlace }) => rulePlace)];
    const [next, ...others] = places.slice(MOST_TOLD);
    if (next === undefined) return [...told, ...toldLevels];
    const headline = `and ${others.length + 1} more settings of this check are not valid`;
    return [...told, ...toldLevels, { severity: 'warning', headline, details: [IGNORED_VALUE], place: next }];
  },
};
