import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse as parseJson } from 'jsonc-parser';
import { parse } from 'yaml';
import type { Change } from '../../../../src/edits/changes/change.js';
import { checked, show, type Files } from './check.js';
import { assertInForce } from './inForce.js';
import { jsonStyle, writeJson } from './json.js';
import { capability, OPTION_CHANGES, securityOption } from './options.js';
import { resolved, spelling, Spelling } from './variables.js';
import { Marked, Raw, writeYaml, yamlStyle, type YamlTree } from './yaml.js';
import { cases } from '../../cases.js';

const FILE = '.devcontainer/devcontainer.json';
const BASE = 'compose.yml';
const OVERRIDE = '.devcontainer/compose.override.yml';
const EXTENDED = 'shared/base.yml';
const ENVIRONMENT = '.env';
const SECCOMP = '.devcontainer/seccomp.json';
const FEATURE = '.devcontainer/own/devcontainer-feature.json';

/** Compose refuses a list that has an entry twice. */
const unique = <T>(entry: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.uniqueArray(entry, { maxLength: 4 });

const option = fc.oneof(
  fc.tuple(fc.constant('security_opt'), unique(securityOption)),
  fc.tuple(fc.constant('cap_add'), unique(capability)),
  fc.tuple(fc.constant('cap_drop'), unique(fc.oneof(capability, fc.constant('ALL')))),
  fc.tuple(fc.constant('tmpfs'), fc.constantFrom<YamlTree>('/run', '/tmp', ['/run'], ['/tmp:exec', '/run'])),
  fc.tuple(fc.constant('privileged'), fc.constantFrom<YamlTree>(true, true, false, 'true')),
  fc.tuple(fc.constant('read_only'), fc.constant<YamlTree>(true)),
);
const other = fc.oneof(
  fc.tuple(fc.constant('command'), fc.constantFrom<YamlTree>('sleep infinity', 'BLOCK', ['sleep', 'infinity'])),
  fc.tuple(fc.constant('environment'), fc.constant<YamlTree>(new Map([['A', 'b']]))),
  fc.tuple(fc.constant('volumes'), fc.constant<YamlTree>(['.:/workspace:cached'])),
  fc.tuple(fc.constant('working_dir'), fc.constant<YamlTree>('/workspace')),
);
type Pairs = [string, YamlTree][];
const pairs = (maxLength: number): fc.Arbitrary<Pairs> =>
  fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: option }, { weight: 2, arbitrary: other }), {
    selector: ([key]) => key,
    maxLength,
  });

/** Where the service has its options from besides its own keys. */
const sharing = fc.constantFrom(
  ...([
    'none',
    'none',
    'none',
    'merge',
    'merge-shared',
    'alias',
    'alias-shared',
    'anchored',
    'extends',
    'extends-file',
    'override',
    'reset',
  ] as const),
);

interface Drawn {
  readonly own: Pairs;
  readonly more: Pairs;
  readonly way: string;
  readonly at: number;
  readonly dbFirst: boolean;
  readonly image: string;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  own: pairs(5),
  more: pairs(3),
  way: sharing,
  at: fc.nat(9),
  dbFirst: fc.boolean(),
  image: fc.constantFrom('debian:12', 'debian:12', 'mcr.microsoft.com/devcontainers/go:1-bookworm'),
});

/** The trees of the Compose files. */
function composeTrees({ own, more, way, at, dbFirst, image }: Drawn): readonly ReadonlyMap<string, YamlTree>[] {
  const index = at % (own.length + 1);
  const app = new Map<string, YamlTree>([...own.slice(0, index), ['image', image], ...own.slice(index)]);
  const db = new Map<string, YamlTree>([
    ['image', 'postgres:17'],
    ['cap_add', ['SYS_ADMIN']],
  ]);
  const top = new Map<string, YamlTree>();
  const [firstList] = own.filter(([, value]) => Array.isArray(value));
  let appTree: YamlTree = app;
  if (way.startsWith('merge')) {
    top.set('x-base', new Marked('&base', new Map(more)));
    app.set('<<', new Raw('*base'));
    if (way === 'merge-shared') db.set('<<', new Raw('*base'));
  } else if (way.startsWith('alias') && firstList) {
    top.set('x-list', new Marked('&list', firstList[1]));
    app.set(firstList[0], new Raw('*list'));
    if (way === 'alias-shared') db.set(firstList[0], new Raw('*list'));
  } else if (way === 'anchored') {
    appTree = new Marked('&app', app);
  } else if (way === 'extends') {
    app.set('extends', new Map([['service', 'base']]));
  }
  const services: Pairs = [['app', appTree]];
  if (way === 'extends') services.push(['base', new Map<string, YamlTree>([['image', 'alpine'], ...more])]);
  if (way === 'anchored')
    services.push([
      'other',
      new Map<string, YamlTree>([
        ['<<', new Raw('*app')],
        ['image', 'x'],
      ]),
    ]);
  // An anchor comes before its aliases.
  if (dbFirst && way !== 'anchored') services.unshift(['db', db]);
  else services.push(['db', db]);
  top.set('services', new Map(services));
  if (way === 'extends-file') {
    // From the project directory, which is the folder of the first file.
    const extended = new Map([
      ['file', EXTENDED],
      ['service', 'base'],
    ]);
    return [top, new Map([['services', new Map([['app', new Map([['extends', extended]])]])]])];
  }
  if (way !== 'override' && way !== 'reset') return [top];
  const over = new Map<string, YamlTree>(
    way === 'reset'
      ? more.map(([key, value]) => [key, Array.isArray(value) ? new Marked('!override', value) : value])
      : more,
  );
  return [top, new Map([['services', new Map([['app', over]])]])];
}

interface Composed {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function readYaml(text: string | undefined, environment = ''): Composed {
  return parse(resolved(text ?? '', environment), { merge: true, logLevel: 'error' }) as Composed;
}

/** Whether a security option reaches Compose twice in one spelling: it refuses the container then. */
function isRefused(files: Files, way: string): boolean {
  const layers = [BASE, EXTENDED, OVERRIDE].flatMap((file) => {
    if (files[file] === undefined) return [];
    const { app, base } = readYaml(files[file], files[ENVIRONMENT]).services;
    return [base, app].flatMap((service) => (service?.['security_opt'] as string[] | undefined) ?? []);
  });
  const { app: over } = readYaml(files[OVERRIDE] ?? 'services: {}', files[ENVIRONMENT]).services;
  const own = way === 'reset' && over?.['security_opt'] ? (over['security_opt'] as string[]) : layers;
  // The dev container CLI merges the lists of Features and devcontainer.json before Compose sees them.
  const merged = [FEATURE, FILE].flatMap((file) => {
    const properties = parseJson(files[file] ?? '{}', [], { allowTrailingComma: true }) as Record<string, unknown>;
    return (properties['securityOpt'] ?? []) as string[];
  });
  const all = [...own, ...new Set(merged)];
  return new Set(all).size < all.length;
}

const json = fc.record(
  {
    name: fc.constant('x'),
    securityOpt: unique(securityOption),
    capAdd: unique(capability),
    privileged: fc.boolean(),
    runArgs: fc.constantFrom(
      [],
      ['--init'],
      ['--cap-drop=ALL', '--security-opt', 'seccomp=unconfined'],
      ['--privileged', '--user', 'dev'],
      ['--tmpfs', '/tmp', '--net=host', '--volume=a:b'],
    ),
  },
  { requiredKeys: [] },
);

/** A local Feature; in one of three cases there is none. */
const feature = fc.option(
  fc.record(
    { securityOpt: unique(securityOption), capAdd: unique(capability), privileged: fc.boolean() },
    { requiredKeys: [] },
  ),
  { freq: 3 },
);

/** The keys of the service that changes may touch. */
const TOUCHED = new Set([
  'security_opt',
  'cap_add',
  'cap_drop',
  'tmpfs',
  'privileged',
  'image',
  'build',
  'read_only',
  'user',
  'network_mode',
]);

/** Asserts that the other services, and the keys of the service that no change concerns, are what they were. */
function assertRestStays(before: string, after: string, shown: string): void {
  const [a, b] = [readYaml(before), readYaml(after)];
  assert.deepEqual(Object.keys(a.services), Object.keys(b.services), shown);
  for (const [name, service] of Object.entries(a.services)) {
    if (name !== 'app') assert.deepEqual(b.services[name], service, shown);
  }
  const rest = (service: Readonly<Record<string, unknown>> | undefined): unknown =>
    Object.fromEntries(Object.entries(service ?? {}).filter(([key]) => !TOUCHED.has(key)));
  assert.deepEqual(rest(b.services['app']), rest(a.services['app']), shown);
}

suite('properties of edits: Compose', function () {
  this.timeout(0);
  const single: Readonly<Record<string, fc.Arbitrary<Change>>> = {
    ...OPTION_CHANGES,
    build: fc.record({ kind: fc.constant('install-bwrap' as const), setuid: fc.boolean() }),
    'move-run-args': fc.constant({ kind: 'move-run-args' }),
  };
  const kinds: Readonly<Record<string, fc.Arbitrary<readonly Change[]>>> = {
    ...Object.fromEntries(Object.entries(single).map(([kind, one]) => [kind, one.map((change) => [change])])),
    'several at once': fc.shuffledSubarray<Change>(
      [
        { kind: 'security-opt', key: 'seccomp', value: 'unconfined' },
        { kind: 'security-opt', key: 'apparmor', value: 'unconfined' },
        { kind: 'remove-security-opt', key: 'no-new-privileges' },
        { kind: 'remove-security-opt', key: 'systempaths' },
        { kind: 'add-capability', capability: 'SYS_PTRACE' },
        { kind: 'remove-capability', capability: 'SYS_ADMIN' },
        { kind: 'remove-privileged' },
        { kind: 'tmpfs', path: '/tmp', options: 'exec' },
        { kind: 'install-bwrap', setuid: true },
      ],
      { minLength: 2, maxLength: 5 },
    ),
  };
  for (const [kind, change] of Object.entries(kinds)) {
    test(kind, async () => {
      let [tried, refused, unaffected] = [0, 0, 0];
      const property = fc.asyncProperty(
        drawn,
        json,
        feature,
        spelling,
        yamlStyle,
        jsonStyle,
        change,
        async (model, properties, brought, choices, style, json, changes) => {
          const spelled = new Spelling(choices);
          const trees = composeTrees(model).map((tree) => spelled.tree(tree));
          const extended: YamlTree = new Map([['base', new Map(model.more)]]);
          const names = [BASE, OVERRIDE].slice(0, trees.length);
          const dockerComposeFile = names.map((name) => (name === BASE ? '../compose.yml' : 'compose.override.yml'));
          const files: Files = {
            [FILE]: writeJson(
              { dockerComposeFile, service: 'app', ...(brought && { features: { './own': {} } }), ...properties },
              json,
            ),
            ...(brought && { [FEATURE]: writeJson({ id: 'own', ...brought }, json) }),
            [SECCOMP]: '{ "defaultAction": "SCMP_ACT_ALLOW" }\n',
            ...Object.fromEntries(
              trees.map((tree, index): [string, string] => [names[index] ?? '', writeYaml(tree, style)]),
            ),
            ...(model.way === 'extends-file' && {
              [EXTENDED]: writeYaml(spelled.tree(new Map([['services', extended]])), style),
            }),
            [ENVIRONMENT]: spelled.environment,
          };
          fc.pre(!isRefused(files, model.way));
          tried++;
          const outcome = await checked(files, changes);
          if (!outcome) {
            refused++;
            const isShared = /extends|shared|anchored|merge|reset/.test(model.way);
            const isRepeated = brought?.securityOpt !== undefined && changes.some((each) => 'key' in each);
            const isSecondImage = changes.some(({ kind }) => kind === 'install-bwrap');
            assert.ok(isShared || isSecondImage || isRepeated, `refused\n${show(changes, files, {})}`);
            return;
          }
          const shown = show(changes, files, outcome.files);
          if (outcome.files === files) unaffected++;
          for (const change of changes) {
            const isImages = change.kind.startsWith('remove-') && model.image !== 'debian:12';
            if (!isImages) assertInForce(outcome.after.container, change, shown);
          }
          assert.ok(!isRefused(outcome.files, model.way), `a security option twice\n${shown}`);
          assert.equal(outcome.files[EXTENDED], files[EXTENDED], shown);
          for (const name of names) assertRestStays(files[name] ?? '', outcome.files[name] ?? '', shown);
        },
      );
      await fc.assert(property, { numRuns: cases(20), endOnFailure: true });
      assert.ok(refused < tried / 2, `${refused} of ${tried} refused, ${unaffected} unaffected`);
      if (process.env['PROPERTY_SHOW']) console.log(kind, { tried, refused });
    });
  }
});
