import assert from 'node:assert/strict';
import { judged } from '../judged.js';

/** The titles of what is offered for a service of these options, on Docker Desktop, with their details. */
async function offered(...options: readonly string[]): Promise<readonly string[]> {
  const compose = ['services:', '  app:', '    image: debian:12', ...options.map((line) => `    ${line}`)].join('\n');
  const files = {
    '.devcontainer.json': '{ "dockerComposeFile": "compose.yml", "service": "app" }',
    'compose.yml': `${compose}\n`,
  };
  const { findings, fixesOf, repairs } = await judged(files, ['docker-desktop']);
  return [...findings.flatMap(fixesOf), ...repairs().fixes()].map(({ title, details }) =>
    [title, ...details].join('\n'),
  );
}

suite('fixes of entries with variables', () => {
  test('say which variables lose their use', async () => {
    const said = await offered('security_opt:', '  - seccomp=${PROFILE:-builtin}', '  - label=${LABEL:-disable}');
    assert.ok(said.length > 0);
    const expected = 'The variable PROFILE of compose.yml is unnecessary afterwards.';
    for (const text of said) assert.ok(text.includes(expected) || !text.includes('seccomp'), text);
    assert.ok(said.some((text) => text.includes(expected)));
  });

  test('say nothing of a variable that is still asked for, and of a dollar that is none', async () => {
    const said = await offered('security_opt: ["seccomp=${X:-builtin}"]', 'hostname: ${X:-x}', 'user: $$Y');
    assert.ok(said.length > 0);
    for (const text of said) assert.doesNotMatch(text, /variable/);
  });
});
