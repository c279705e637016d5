import assert from 'node:assert/strict';
import { judged } from '../judged.js';

/** The details of what is offered for a service of these options, on Docker Desktop. */
async function offered(...options: readonly string[]): Promise<readonly (readonly string[])[]> {
  const compose = ['services:', '  app:', '    image: debian:12', ...options.map((line) => `    ${line}`)].join('\n');
  const files = {
    '.devcontainer.json': '{ "dockerComposeFile": "compose.yml", "service": "app" }',
    'compose.yml': `${compose}\n`,
  };
  const { findings, fixesOf, repairs } = await judged(files, ['docker-desktop']);
  return [...findings.flatMap(fixesOf), ...repairs().fixes()].map(({ details }) => details);
}

suite('fixes of entries with variables', () => {
  test('say which variables lose their use', async () => {
    const said = await offered('security_opt:', '  - seccomp=${PROFILE:-builtin}', '  - label=${LABEL:-disable}');
    assert.ok(said.length > 0);
    const expected = 'Makes the variable PROFILE unused (compose.yml).';
    for (const details of said) {
      const isSet = details.some((line) => line.startsWith('Sets seccomp='));
      assert.equal(details.includes(expected), isSet, String(details));
    }
    assert.ok(said.some((details) => details.includes(expected)));
  });

  test('say nothing of a variable that is still asked for, and of a dollar that is none', async () => {
    const said = await offered('security_opt: ["seccomp=${X:-builtin}"]', 'hostname: ${X:-x}', 'user: $$Y');
    assert.ok(said.length > 0);
    for (const details of said) assert.doesNotMatch(String(details), /variable/);
  });
});
