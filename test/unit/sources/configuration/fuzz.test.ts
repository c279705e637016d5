import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Place } from '../../../../src/model/place.js';
import type { Configuration } from '../../../../src/sources/configuration/configuration.js';
import { linesOf } from '../../../../src/sources/text/lines.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';
import { cases } from '../../cases.js';

const FILE = '.devcontainer/devcontainer.json';

const COMPLETE = `// A bit of everything
{
\t"name": "fuzz \\u00e4 😀",
\t"build": { "dockerfile": "../Dockerfile", "target": "dev", "args": { "V": "\${localEnv:V:12}" }, },
\t"runArgs": ["--cap-add=SYS_ADMIN", "--security-opt", "seccomp=\${localWorkspaceFolder}/p.json", "-itu", "me"],
\t"capAdd": ["NET_ADMIN"], /* why */
\t"securityOpt": ["apparmor=unconfined", "no-new-privileges"],
\t"features": { "ghcr.io/devcontainers/features/go:1": {}, "./local": { "a": true } },
\t"mounts": ["type=tmpfs,target=/tmp"],
\t"postCreateCommand": { "a": "bash setup.sh", "b": ["sh", "-c", "npm i -g @openai/codex"] },
\t"remoteUser": "me"
}
`;

const OTHERS = {
  Dockerfile:
    'ARG V=13\nFROM debian:$V AS dev\nRUN apt-get install -y bubblewrap && \\\n  chmod u+s /usr/bin/bwrap\nUSER me\n',
  'p.json': '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["clone"],"action":"SCMP_ACT_ALLOW"}]}',
  'setup.sh': 'apt-get install bubblewrap\n',
  '.devcontainer/local/devcontainer-feature.json': '{"id":"local","privileged":true}',
  '.devcontainer/local/install.sh': 'apk add bubblewrap',
  '.codex/config.toml': '[sandbox_workspace_write]\nnetwork_access = true\n',
};

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\n',
  '\r\n',
  '//',
  '/*',
  '${',
  'null',
  '1e999',
  '\u0000',
  '😀',
  '=',
];

/** A text with some stretches cut out or replaced. */
function mutated(text: string): fc.Arbitrary<string> {
  const cut = fc.record({
    at: fc.nat(text.length),
    length: fc.nat(40),
    insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 12, unit: 'binary' })),
  });
  return fc
    .array(cut, { maxLength: 6 })
    .map((cuts) => cuts.reduce((t, { at, length, insert }) => t.slice(0, at) + insert + t.slice(at + length), text));
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null || value instanceof Map) return [];
  if ('file' in value && 'range' in value) return [value as Place];
  return Object.values(value).flatMap(placesOf);
}

/** Every place lies within the text of a file that was read, or at the start of one that was not. */
function assertPlacesExist({ container, problems, network, texts }: Configuration): void {
  for (const { file, range } of placesOf([container, problems, network])) {
    const text = texts.get(file) ?? '';
    const lines = linesOf(text, file);
    for (const position of [range.start, range.end]) {
      assert.deepEqual(lines.position(lines.offset(position)), position, `${file} ${JSON.stringify(range)}`);
    }
  }
}

suite('sources/workspace, fuzzed', () => {
  test('the seed itself has no problem', async () => {
    const [configuration] = await readConfigurations(memoryFiles({ ...OTHERS, [FILE]: COMPLETE }));
    assert.deepEqual(configuration?.problems, []);
    assertPlacesExist(configuration);
  });

  test('never throws on a mutated devcontainer.json, and every place exists', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(COMPLETE), async (text) => {
        const [configuration] = await readConfigurations(memoryFiles({ ...OTHERS, [FILE]: text }));
        assert.ok(configuration);
        assertPlacesExist(configuration);
      }),
      { numRuns: cases(150) },
    );
  });

  test('never throws on any JSON in any property', async () => {
    const names = Object.keys(JSON.parse(COMPLETE.replace(/\/\/.*|\/\*.*\*\/|,(?=\s*[}\]])/g, '')) as object);
    const property = fc.constantFrom(
      ...names,
      'image',
      'dockerFile',
      'dockerComposeFile',
      'privileged',
      'containerUser',
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(property, fc.jsonValue()), async (value) => {
        const [configuration] = await readConfigurations(
          memoryFiles({ ...OTHERS, [FILE]: JSON.stringify(value, null, '\t') }),
        );
        assert.ok(configuration);
        assertPlacesExist(configuration);
      }),
      { numRuns: cases(150) },
    );
  });

  for (const name of Object.keys(OTHERS) as (keyof typeof OTHERS)[]) {
    test(`never throws on a mutated ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(mutated(OTHERS[name]), async (text) => {
          const [configuration] = await readConfigurations(memoryFiles({ ...OTHERS, [FILE]: COMPLETE, [name]: text }));
          assert.ok(configuration);
          assertPlacesExist(configuration);
        }),
        { numRuns: cases(30) },
      );
    });
  }
});
