import assert from 'node:assert/strict';
import { judged } from '../judged.js';

/** The titles of what is offered for a service of these options, on Docker Desktop. */
async function titles(...options: readonly string[]): Promise<readonly string[]> {
  const compose = ['services:', '  app:', '    image: debian:12', ...options.map((line) => `    ${line}`)].join('\n');
  const files = {
    '.devcontainer.json': '{ "dockerComposeFile": "compose.yml", "service": "app" }',
    'compose.yml': `${compose}\n`,
  };
  const { findings, fixesOf, repairs } = await judged(files, ['docker-desktop']);
  return [...findings.flatMap(fixesOf), ...repairs().fixes()].map(({ title }) => title);
}

suite('fixes of entries with variables', () => {
  test('say which variables lose their use', async () => {
    const said = await titles('security_opt:', '  - seccomp=${PROFILE:-builtin}', '  - label=${LABEL:-disable}');
    assert.ok(said.length > 0);
    const expected = '(the variable PROFILE of compose.yml is no longer asked for)';
    for (const title of said) assert.ok(title.endsWith(expected) === title.includes('seccomp'), title);
    assert.ok(said.some((title) => title.endsWith(expected)));
  });

  test('say nothing of a variable that is still asked for, and of a dollar that is none', async () => {
    const said = await titles('security_opt: ["seccomp=${X:-builtin}"]', 'hostname: ${X:-x}', 'user: $$Y');
    assert.ok(said.length > 0);
    for (const title of said) assert.doesNotMatch(title, /variable/);
  });
});
