import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Change } from '../../../../src/edits/changes/change.js';
import { compile } from '../../../../src/edits/compile.js';
import { PROFILE_FILES } from '../../../../src/sources/workspace/createdFiles.js';
import { checked, configurationOf, show, type Files } from './check.js';
import { jsonStyle, writeJson, type JsonStyle } from './json.js';
import { capability, securityOption } from './options.js';
import { cases } from '../../cases.js';

const FILE = '.devcontainer/devcontainer.json';

const configuration = fc.record(
  {
    name: fc.constant('x'),
    securityOpt: fc.array(securityOption, { maxLength: 3 }),
    capAdd: fc.array(capability, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const image: Files = { 'compose.yml': 'services:\n  app: # only\n    image: debian:12\n' };
const kinds = {
  image: { own: { image: 'debian:12' }, files: {} },
  dockerfile: { own: { build: { dockerfile: 'Dockerfile' } }, files: { '.devcontainer/Dockerfile': 'FROM debian:12' } },
  compose: { own: { dockerComposeFile: '../compose.yml', service: 'app' }, files: image },
} as const;

interface Drawn {
  readonly kind: keyof typeof kinds;
  readonly file: string;
  readonly text: string;
  /** What lies there already. */
  readonly there: 'nothing' | 'the same' | 'another';
  /** The reference to it in the same go. */
  readonly referred: boolean;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom('image', 'dockerfile', 'compose'),
  file: fc.constantFrom(...PROFILE_FILES),
  text: fc
    .tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom('', '\n', '\r\n'), fc.constantFrom(0, 2))
    .map(([value, end, space]) => JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', ...value }, null, space) + end),
  there: fc.constantFrom('nothing', 'nothing', 'the same', 'another'),
  referred: fc.boolean(),
});

suite('properties of edits: a new file', function () {
  this.timeout(0);
  test('create-file', async () => {
    const holds = async (properties: object, style: JsonStyle, model: Drawn): Promise<void> => {
      const { kind, file, text, there, referred } = model;
      const existing = { nothing: undefined, 'the same': text, another: `${text} ` }[there];
      const files: Files = {
        [FILE]: writeJson({ ...kinds[kind].own, ...properties }, style),
        ...kinds[kind].files,
        ...(existing !== undefined && { [file]: existing }),
      };
      const reference: Change = {
        kind: 'security-opt',
        key: 'seccomp',
        value: `\${localWorkspaceFolder}/${file}`,
      };
      const changes: readonly Change[] = [{ kind: 'create-file', file, text }, ...(referred ? [reference] : [])];
      if (there === 'another') {
        assert.equal(compile(changes, await configurationOf(files)), undefined, show(changes, files, {}));
        return;
      }
      const outcome = await checked(files, changes);
      assert.ok(outcome, `refused\n${show(changes, files, {})}`);
      const shown = show(changes, files, outcome.files);
      assert.equal(outcome.files[file], text, shown);
      for (const [name, before] of Object.entries(files)) {
        if (!(referred && name === FILE)) assert.equal(outcome.files[name], before, shown);
      }
      const added = Object.keys(outcome.files).filter((name) => !(name in files));
      assert.deepEqual(added, existing === undefined ? [file] : [], shown);
      if (!referred) return;
      const { seccomp } = outcome.after.container;
      assert.ok(seccomp.value?.kind === 'custom' && seccomp.value.file.endsWith(file), shown);
    };
    await fc.assert(fc.asyncProperty(configuration, jsonStyle, drawn, holds), {
      numRuns: cases(40),
      endOnFailure: true,
    });
  });
});
