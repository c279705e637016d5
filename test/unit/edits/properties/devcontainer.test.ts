import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import type { Change } from '../../../../src/edits/changes/change.js';
import { checked, show, type Files } from './check.js';
import { assertInForce } from './inForce.js';
import { jsonStyle, writeJson } from './json.js';
import { capability, OPTION_CHANGES, securityOption } from './options.js';
import { cases } from '../../cases.js';

const FILE = '.devcontainer/devcontainer.json';
const SECCOMP = '.devcontainer/seccomp.json';

const runArgs = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ['--init'],
        ['--privileged'],
        ['--privileged=false'],
        ['--tmpfs', '/tmp'],
        ['-it'],
        ['--cap-drop=ALL'],
      ),
      securityOption.map((option) => ['--security-opt', option]),
      securityOption.map((option) => [`--security-opt=${option}`]),
      capability.map((name) => ['--cap-add', name]),
      capability.map((name) => [`--cap-drop=${name}`]),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.flat());

const property = fc.oneof(
  fc.tuple(fc.constant('securityOpt'), fc.array(securityOption, { maxLength: 4 })),
  fc.tuple(fc.constant('capAdd'), fc.array(capability, { maxLength: 4 })),
  fc.tuple(fc.constant('runArgs'), runArgs),
  fc.tuple(fc.constant('privileged'), fc.boolean()),
  fc.tuple(fc.constantFrom('name', 'remoteUser'), fc.constant('x')),
  fc.tuple(fc.constant('mounts'), fc.constantFrom([], ['type=tmpfs,target=/tmp'], [{ type: 'tmpfs', target: '/tmp' }])),
);

/** The properties of a devcontainer.json that names an image, in any order. */
const configuration = fc
  .tuple(
    fc.uniqueArray(property, { selector: ([key]) => key, maxLength: 5 }),
    fc.constantFrom('debian:12', 'debian:12', 'mcr.microsoft.com/devcontainers/go:1-bookworm'),
    fc.nat(),
  )
  .map(([properties, image, at]) => {
    const index = at % (properties.length + 1);
    return [...properties.slice(0, index), ['image', image] as const, ...properties.slice(index)];
  });

/** A local Feature: the options that it gives, and what else it says. */
const feature = fc.uniqueArray(
  fc.oneof(
    fc.tuple(fc.constant('securityOpt'), fc.array(securityOption, { maxLength: 3 })),
    fc.tuple(fc.constant('capAdd'), fc.array(capability, { maxLength: 3 })),
    fc.tuple(fc.constant('privileged'), fc.boolean()),
    fc.tuple(fc.constant('init'), fc.boolean()),
    fc.tuple(fc.constant('name'), fc.constant('x')),
  ),
  { selector: ([key]) => key, maxLength: 4 },
);

/** None, one or two of them. */
const features = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(feature, { minLength: 1, maxLength: 2 }) },
);

/** Properties that a change may touch. */
const TOUCHED = new Set(['securityOpt', 'capAdd', 'runArgs', 'privileged', 'image', 'build']);

suite('properties of edits: devcontainer.json', function () {
  this.timeout(0);
  const kinds: Readonly<Record<string, fc.Arbitrary<Change>>> = {
    ...OPTION_CHANGES,
    'use-dockerfile': fc.record({ kind: fc.constant('install-bwrap' as const), setuid: fc.boolean() }),
  };
  for (const [kind, change] of Object.entries(kinds)) {
    test(kind, async () => {
      let [refused, featureEdits] = [0, 0];
      const holds = async (
        properties: readonly (readonly [string, unknown])[],
        brought: readonly (readonly (readonly [string, unknown])[])[],
        style: Parameters<typeof writeJson>[1],
        drawn: Change,
      ): Promise<void> => {
        const used = Object.fromEntries(brought.map((_, index) => [`./feature${index}`, {}]));
        const before: Record<string, unknown> = {
          ...Object.fromEntries(properties),
          ...(brought.length > 0 && { features: used }),
        };
        const files: Files = {
          [FILE]: writeJson(before, style),
          [SECCOMP]: '{ "defaultAction": "SCMP_ACT_ALLOW" }\n',
          ...Object.fromEntries(
            brought.map((said, index): [string, string] => [
              `.devcontainer/feature${index}/devcontainer-feature.json`,
              writeJson({ id: `feature${index}`, ...Object.fromEntries(said) }, style),
            ]),
          ),
        };
        const outcome = await checked(files, [drawn]);
        if (!outcome) {
          const both = ['=', ':'].map((sign) => 'key' in drawn && `"${drawn.key}${sign}`);
          const isRepeated = both.every((start) => start && Object.values(files).join('').includes(start));
          if (!isRepeated) refused++;
          return;
        }
        const shown = show([drawn], files, outcome.files);
        // What the image brings cannot be taken out of these files.
        const isImages = drawn.kind.startsWith('remove-') && before['image'] !== 'debian:12';
        if (!isImages) assertInForce(outcome.after.container, drawn, shown);
        const after = parse(outcome.files[FILE] ?? '', [], { allowTrailingComma: true }) as Record<string, unknown>;
        for (const [key, value] of properties) if (!TOUCHED.has(key)) assert.deepEqual(after[key], value, shown);
        // What devcontainer.json can overrule is no reason to change a Feature, which others may use.
        const takesOut = drawn.kind.startsWith('remove-') && !('key' in drawn && drawn.key === 'no-new-privileges');
        for (const file of Object.keys(files).filter((path) => path.endsWith('devcontainer-feature.json'))) {
          if (takesOut) featureEdits += Number(outcome.files[file] !== files[file]);
          else assert.equal(outcome.files[file], files[file], shown);
        }
      };
      await fc.assert(fc.asyncProperty(configuration, features, jsonStyle, change, holds), {
        numRuns: cases(40),
        endOnFailure: true,
      });
      assert.equal(refused, 0);
      assert.ok(!kind.startsWith('remove-') || featureEdits > 0, 'no local Feature was changed');
    });
  }
});
