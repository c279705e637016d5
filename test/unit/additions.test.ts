import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { help } from '../../src/cli/help.js';
import { changesFor } from '../../src/edits/relaxationChanges.js';
import { known } from '../../src/model/container/container.js';
import { DEFAULT_HOSTS, HOST_NAMES } from '../../src/model/host.js';
import { RULES } from '../../src/rules/index.js';
import type { Rule } from '../../src/rules/engine/rule.js';
import { CODEX, containerWith, RELAXATIONS } from './containers.js';

const ROOT = join(import.meta.dirname, '../..');

function read(file: string): string {
  return fs.readFileSync(join(ROOT, file), 'utf8');
}

interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          {
            readonly items?: { readonly enum: readonly string[]; readonly enumDescriptions: readonly string[] };
            readonly default?: unknown;
          }
        >
      >;
    };
  };
}

suite('what a new rule, host or relaxation brings along (CONTRIBUTING.md)', () => {
  test('every file of a rule is in the index, under an id of its own', async () => {
    const folder = join(ROOT, 'src/rules');
    const files = fs.readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts');
    const modules = await Promise.all(
      files.map(async (name) => (await import(pathToFileURL(join(folder, name)).href)) as Record<string, unknown>),
    );
    const rules = modules
      .flatMap((module) => Object.values(module))
      .filter((value) => typeof value === 'object' && value !== null && 'explanation' in value && 'check' in value);
    assert.ok(rules.length > 0);
    const ids = (all: readonly unknown[]): readonly string[] => all.map((rule) => (rule as Rule).id).sort();
    assert.deepEqual(ids(rules), ids(RULES));
    assert.equal(new Set(ids(RULES)).size, RULES.length);
  });

  test('every rule has an explanation, and references that are addresses', () => {
    for (const { id, title, explanation, references } of RULES) {
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(title !== '' && explanation !== '', id);
      for (const reference of references) assert.match(reference, /^https:\/\//, id);
    }
  });

  test('every host can be selected in the editor and on the command line, and has a row in docs/hosts.md', () => {
    const { properties } = (JSON.parse(read('package.json')) as Manifest).contributes.configuration;
    const setting = properties['codexSandbox.hosts'];
    assert.deepEqual(setting?.items?.enum, [...HOST_NAMES, 'local']);
    assert.deepEqual(setting.default, DEFAULT_HOSTS);
    const rows = read('docs/hosts.md')
      .split('\n')
      .flatMap((line) => /^\|[^|]+\| `([a-z-]+)` /.exec(line)?.[1] ?? []);
    for (const host of [...HOST_NAMES, 'local']) {
      assert.ok(help('check').includes(host), `${host} in the help of check`);
      assert.ok(rows.includes(host), `${host} in docs/hosts.md`);
    }
  });

  for (const { id, title, givesAway, against } of RELAXATIONS) {
    test(`the relaxation ${id} has a name and says what it gives away and what it is against`, () => {
      assert.match(title, /\S/);
      assert.ok(against.length > 0);
      assert.doesNotMatch(givesAway, /[.!]$/, 'it is a part of a sentence');
    });

    // No plan takes `privileged`: nothing writes it.
    if (id === 'privileged') continue;
    test(`the relaxation ${id} changes files`, () => {
      assert.ok(changesFor([id], containerWith({ capAdd: [known('NET_ADMIN')] }), CODEX, new Map()).length > 0);
    });
  }
});

suite('CONTRIBUTING.md', () => {
  test('names files and folders that are there', () => {
    const named = [...read('CONTRIBUTING.md').matchAll(/`((?:docs|src|test)\/[^`\s]+)`/g)].map(([, path = '']) => path);
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((path) => !fs.existsSync(join(ROOT, path))),
      [],
    );
  });
});
