import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse, type ParseError } from 'jsonc-parser';
import type { Change, TextEdit } from '../../../../src/edits/changes/change.js';
import { compile } from '../../../../src/edits/compile.js';
import { applyEdits } from '../../../../src/edits/text/textEdits.js';
import { readDevcontainer } from '../../../../src/sources/devcontainer/readDevcontainer.js';
import { inEngineOrder } from '../../../../src/sources/options/engineOrder.js';
import { cases } from '../../cases.js';
import { containerWith } from '../../containers.js';

const FILE = '.devcontainer/devcontainer.json';
const SECCOMP: Change = { kind: 'security-opt', key: 'seccomp', value: 'unconfined' };
const APPARMOR: Change = { kind: 'security-opt', key: 'apparmor', value: 'unconfined' };

function capability(kind: 'add-capability' | 'remove-capability' | 'keep-capability', name: string): Change {
  return { kind, capability: name };
}

/** The edits of a configuration without Dockerfile, Compose or Features. */
function editDevcontainer(text: string, changes: readonly Change[]): readonly TextEdit[] | undefined {
  const { definition, options: metadata, runArgs: own } = readDevcontainer(text.replace('\uFEFF', ' '), FILE);
  const { place } = definition;
  return compile(changes, {
    file: FILE,
    container: containerWith({ definition: { kind: 'image', image: 'x', place } }),
    network: { value: 'restricted', places: [] },
    problems: [],
    evidence: [],
    ignores: [],
    options: inEngineOrder({ own, metadata, hidden: undefined, place, isCompose: false }),
    featureFiles: [],
    texts: new Map([[FILE, text]]),
  })?.edits;
}

/** The text after the changes, which must not change it a second time. */
function edited(text: string, ...changes: readonly Change[]): string | undefined {
  const edits = editDevcontainer(text, changes);
  if (!edits) return undefined;
  const after = applyEdits(text, edits);
  assert.deepEqual(editDevcontainer(after, changes), [], `a second time changes this:\n${after}`);
  return after;
}

suite('edits of devcontainer.json: options', () => {
  const json = (value: unknown): string => JSON.stringify(value);
  const cases: readonly (readonly [title: string, before: object, after: object | undefined, ...Change[]])[] = [
    ['in force already', { securityOpt: ['seccomp=unconfined'] }, { securityOpt: ['seccomp=unconfined'] }, SECCOMP],
    [
      'in force in the old spelling',
      { securityOpt: ['seccomp:unconfined'] },
      { securityOpt: ['seccomp:unconfined'] },
      SECCOMP,
    ],
    [
      'another value is replaced',
      { securityOpt: ['seccomp=a.json', 'x=y'] },
      { securityOpt: ['seccomp=unconfined', 'x=y'] },
      SECCOMP,
    ],
    [
      'replaced in runArgs',
      { runArgs: ['--security-opt=seccomp=a.json'] },
      { runArgs: ['--security-opt=seccomp=unconfined'] },
      SECCOMP,
    ],
    [
      'replaced in runArgs of two elements',
      { runArgs: ['--init', '--security-opt', 'seccomp:a.json', '-it'] },
      { runArgs: ['--init', '--security-opt', 'seccomp:unconfined', '-it'] },
      SECCOMP,
    ],
    [
      'one that only looks like it is left alone',
      { runArgs: ['--label', '--security-opt=seccomp=a.json'] },
      { runArgs: ['--label', '--security-opt=seccomp=a.json'], securityOpt: ['seccomp=unconfined'] },
      SECCOMP,
    ],
    [
      'no two values are left',
      { runArgs: ['--security-opt', 'seccomp=a.json', '--init'], securityOpt: ['seccomp=b.json', 'seccomp=c.json'] },
      { runArgs: ['--init'], securityOpt: ['seccomp=unconfined'] },
      SECCOMP,
    ],
    [
      'securityOpt wins over runArgs',
      { runArgs: ['--security-opt=seccomp=a.json'], securityOpt: ['seccomp=unconfined'] },
      { runArgs: ['--security-opt=seccomp=a.json'], securityOpt: ['seccomp=unconfined'] },
      SECCOMP,
    ],
    [
      'a security option goes from everywhere',
      {
        runArgs: ['--security-opt', 'no-new-privileges', '--security-opt=no-new-privileges:true'],
        securityOpt: ['no-new-privileges=true', 'x=y'],
      },
      { securityOpt: ['x=y'] },
      { kind: 'remove-security-opt', key: 'no-new-privileges' },
    ],
    ['a default capability is there', { image: 'x' }, { image: 'x' }, capability('add-capability', 'SETUID')],
    [
      'privileged has every capability',
      { privileged: true },
      { privileged: true },
      capability('add-capability', 'SYS_ADMIN'),
    ],
    [
      'a dropped capability is kept',
      { runArgs: ['--cap-drop=SETFCAP', '--init'] },
      { runArgs: ['--init'] },
      capability('add-capability', 'SETFCAP'),
    ],
    ['kept as well', { runArgs: ['--cap-drop', 'cap_setfcap'] }, {}, capability('keep-capability', 'SETFCAP')],
    [
      'one of a list is kept',
      { runArgs: ['--cap-drop=CHOWN,setfcap'] },
      { runArgs: ['--cap-drop=CHOWN'] },
      capability('keep-capability', 'SETFCAP'),
    ],
    [
      'one that is not dropped is not added',
      { image: 'x' },
      { image: 'x' },
      capability('keep-capability', 'SYS_ADMIN'),
    ],
    [
      'all dropped',
      { runArgs: ['--cap-drop=ALL'] },
      { runArgs: ['--cap-drop=ALL'], capAdd: ['SETFCAP'] },
      capability('keep-capability', 'SETFCAP'),
    ],
    [
      'a drop wins over ALL',
      { runArgs: ['--cap-drop=SYS_ADMIN'], capAdd: ['ALL'] },
      { capAdd: ['ALL'] },
      capability('add-capability', 'SYS_ADMIN'),
    ],
    [
      'a capability goes in every spelling',
      {
        runArgs: ['--cap-add=cap_sys_admin', '--cap-add', 'SYS_ADMIN', '--cap-add=SYS_PTRACE'],
        capAdd: ['CAP_SYS_ADMIN'],
      },
      { runArgs: ['--cap-add=SYS_PTRACE'] },
      capability('remove-capability', 'SYS_ADMIN'),
    ],
    ['out of ALL none can be taken', { capAdd: ['ALL'] }, undefined, capability('remove-capability', 'SYS_ADMIN')],
    [
      'privileged goes in both spellings',
      { privileged: true, runArgs: ['--privileged', '--privileged=true', '--init'] },
      { runArgs: ['--init'] },
      { kind: 'remove-privileged' },
    ],
    ['privileged that is not', { privileged: false }, { privileged: false }, { kind: 'remove-privileged' }],
    [
      'tmpfs',
      { image: 'x', runArgs: ['--init'] },
      { image: 'x', runArgs: ['--init', '--tmpfs=/tmp:exec', '--tmpfs=/run'] },
      { kind: 'tmpfs', path: '/tmp', options: 'exec' },
      { kind: 'tmpfs', path: '/run' },
    ],
    [
      'tmpfs that is there',
      {
        runArgs: ['--tmpfs', '/tmp:size=1g', '--mount', 'type=tmpfs,target=/run'],
        mounts: ['type=tmpfs,target=/a', { type: 'tmpfs', target: '/b' }],
      },
      {
        runArgs: ['--tmpfs', '/tmp:size=1g', '--mount', 'type=tmpfs,target=/run'],
        mounts: ['type=tmpfs,target=/a', { type: 'tmpfs', target: '/b' }],
      },
      { kind: 'tmpfs', path: '/tmp', options: 'exec' },
      { kind: 'tmpfs', path: '/run' },
      { kind: 'tmpfs', path: '/a' },
      { kind: 'tmpfs', path: '/b' },
    ],
    ['a string alone is a list of one', { securityOpt: 'x' }, { securityOpt: ['x', 'seccomp=unconfined'] }, SECCOMP],
    ['a string alone goes', { capAdd: 'SYS_ADMIN' }, {}, capability('remove-capability', 'SYS_ADMIN')],
    ['a property of a wrong type', { securityOpt: 1 }, undefined, SECCOMP],
    ['runArgs of a wrong type', { runArgs: 'x' }, { runArgs: 'x', securityOpt: ['seccomp=unconfined'] }, SECCOMP],
    [
      'elements of a wrong type',
      { securityOpt: [1, 'seccomp=a', null] },
      { securityOpt: [1, 'seccomp=unconfined', null] },
      SECCOMP,
    ],
  ];
  for (const [title, before, after, ...changes] of cases) {
    test(title, () => {
      const edits = editDevcontainer(json(before), changes);
      assert.equal(edits && applyEdits(json(before), edits), after && json(after));
    });
  }

  test('what does not parse is not edited', () => {
    for (const text of ['', '{', '{ "a" }', '[]', '{} {}', '{ "a": "b', '['.repeat(30_000), '{ "a": 1 /* ']) {
      assert.equal(editDevcontainer(text, [SECCOMP]), undefined, text.slice(0, 20));
    }
  });
});

suite('edits of devcontainer.json: any layout', function () {
  const CHANGES: readonly Change[] = [
    SECCOMP,
    APPARMOR,
    { kind: 'remove-security-opt', key: 'no-new-privileges' },
    capability('add-capability', 'SYS_PTRACE'),
    capability('remove-capability', 'SYS_ADMIN'),
    capability('keep-capability', 'SETFCAP'),
    { kind: 'remove-privileged' },
    { kind: 'tmpfs', path: '/tmp' },
  ];
  /** White space and comments that may stand between any two tokens. */
  const gap = fc.constantFrom(
    ...['', '', '', '', ' ', ' ', '\t', '\n', '\n  ', '\n\t', '\n    '],
    ...['/* c */', ' /* c\nc */ ', ' // c\n', '\n  // c\n  ', '\n/**/\n'],
  );
  const gaps = fc.infiniteStream(gap);
  const element = fc.constantFrom(
    'seccomp=a.json',
    'seccomp:unconfined',
    'apparmor=unconfined',
    'no-new-privileges',
    'label=disable',
  );
  const name = fc.constantFrom('SYS_ADMIN', 'cap_sys_admin', 'SYS_PTRACE', 'NET_RAW');
  const runArgs = fc
    .array(
      fc.constantFrom(
        ['--init'],
        ['--security-opt', 'seccomp=a.json'],
        ['--security-opt=apparmor=x'],
        ['--cap-add=SYS_ADMIN'],
        ['--cap-add', 'SYS_ADMIN'],
        ['--cap-drop=ALL'],
        ['--cap-drop', 'SETFCAP'],
        ['--privileged'],
        ['--tmpfs', '/tmp'],
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.flat());
  const property = fc.oneof(
    fc.tuple(fc.constant('securityOpt'), fc.array(element, { maxLength: 4 })),
    fc.tuple(fc.constant('capAdd'), fc.array(name, { maxLength: 4 })),
    fc.tuple(fc.constant('runArgs'), runArgs),
    fc.tuple(fc.constant('privileged'), fc.boolean()),
    fc.tuple(fc.constantFrom('image', 'name', 'remoteUser'), fc.constant('x')),
  );
  const document = fc.record({
    properties: fc.uniqueArray(property, { selector: ([key]) => key, maxLength: 6 }),
    changes: fc.subarray([...CHANGES], { minLength: 1 }),
    eol: fc.constantFrom('\n', '\r\n'),
    trailing: fc.boolean(),
    gaps,
  });

  function render(value: unknown, next: () => string, trailing: boolean): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const isArray = Array.isArray(value);
    const entries = Object.entries(value).map(([key, inner]) => {
      const text = render(inner, next, trailing);
      return next() + (isArray ? '' : `${JSON.stringify(key)}${next()}:${next()}`) + text + next();
    });
    const last = trailing && entries.length > 0 ? `,${next()}` : '';
    return `${isArray ? '[' : '{'}${entries.join(',')}${last}${next()}${isArray ? ']' : '}'}`;
  }

  function commentsOf(text: string): number {
    return [...text.matchAll(/\/\*|\/\//g)].length;
  }

  type Sample = typeof document extends fc.Arbitrary<infer T> ? T : never;

  function check({ properties, changes, eol, trailing, gaps: stream }: Sample): void {
    const next = (): string => String(stream.next().value ?? '');
    const text = next() + render(Object.fromEntries(properties), next, trailing) + next();
    const original = text.replaceAll('\n', eol);
    const after = edited(original, ...changes);
    if (after === undefined) assert.fail('no edits');
    const errors: ParseError[] = [];
    const value = parse(after, errors, { allowTrailingComma: true }) as Record<string, unknown>;
    const shown = `${JSON.stringify(changes)}\n${original}\n-----\n${after}`;
    assert.deepEqual(errors, [], shown);

    const options = [value['securityOpt'] ?? [], value['runArgs'] ?? []].flat() as string[];
    const has = (text: string): boolean =>
      options.some((option) => option.replace('--security-opt=', '').replace(':', '=') === text);
    const removes = changes.some((change) => change.kind.startsWith('remove') || change.kind === 'keep-capability');
    for (const change of changes) {
      if (change.kind === 'security-opt') assert.ok(has(`${change.key}=${change.value}`), shown);
      if (change.kind === 'remove-privileged')
        assert.ok(value['privileged'] !== true && !options.includes('--privileged'), shown);
      if (change.kind === 'remove-capability')
        assert.doesNotMatch(JSON.stringify(value), /"(--cap-add=|cap_)?SYS_ADMIN"/i, shown);
      if (change.kind === 'remove-security-opt') assert.doesNotMatch(JSON.stringify(value), /no-new-privileges/, shown);
    }
    for (const [key, before] of properties) {
      if (typeof before === 'string') assert.equal(value[key], before, shown);
    }
    if (!/,\s*[\]}]/.test(strip(original))) assert.doesNotMatch(strip(after), /,\s*[\]}]/, shown);
    const written = properties.flatMap(([, value]) => String(value).match(/seccomp|apparmor/g) ?? []);
    const replaces = written.length > 1 && changes.some((change) => change.kind === 'security-opt');
    if (!removes && !replaces) assert.equal(commentsOf(after), commentsOf(original), shown);
    if (original.includes('\r')) assert.doesNotMatch(after, /(^|[^\r])\n/, shown);
    else assert.doesNotMatch(after, /\r/, shown);
  }

  function strip(text: string): string {
    return text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
  }

  test('parses, holds what is asked for, changes nothing the second time, keeps comments and line breaks', () => {
    fc.assert(fc.property(document, check), { numRuns: cases(300) });
  });

  test('a comment in front of a value that becomes a list stays', () => {
    const text = '{\n  "capAdd":\n    // why\n    "SYS_ADMIN", // tail\n  "x": 1\n}';
    assert.equal(
      edited(text, capability('add-capability', 'NET_ADMIN')),
      text.replace('"SYS_ADMIN"', '["SYS_ADMIN", "NET_ADMIN"]'),
    );
  });
});
