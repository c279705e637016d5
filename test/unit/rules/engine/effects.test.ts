import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { overlay } from '../../../../src/cli/repair.js';
import { boundingSet } from '../../../../src/model/container/capabilities.js';
import type { Container } from '../../../../src/model/container/container.js';
import { HOST_NAMES, HOSTS } from '../../../../src/model/host.js';
import type { Fix } from '../../../../src/rules/engine/rule.js';
import { judge, type Judgement } from '../../../../src/rules/judge.js';
import type { Configuration } from '../../../../src/sources/configuration/configuration.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { nodeFiles } from '../../../../src/sources/workspace/nodeFiles.js';
import { applyAll } from '../../appliedEdits.js';
import { sampleOf } from '../../cases.js';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');

interface Root {
  readonly name: string;
  readonly folder: string;
  readonly file?: string;
}

const samples = readdirSync(join(FIXTURES, 'samples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }): Root => ({ name: `sample ${name}`, folder: join(FIXTURES, 'samples', name) }));

const corpus = readFileSync(join(FIXTURES, 'corpus/expected.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as { readonly name: string; readonly root?: string; readonly file: string })
  .map(({ name, root = '', file }): Root => ({
    name: `corpus ${join(name, root)}`,
    folder: join(FIXTURES, 'corpus', name, root),
    file,
  }));

function fixesOf({ findings, fixesOf: fixes, repairs }: Judgement): readonly Fix[] {
  const ways = repairs();
  return [
    ...findings.flatMap(fixes),
    ...[ways, ways.onRequest].flatMap((each) => [...each.fixes(), ...each.otherWays()]),
  ];
}

/** What of the container has to be named where an edit changes it, by the words that name it. */
function thingsOf(container: Container): ReadonlyMap<string, RegExp> {
  const { seccomp, apparmor, bwrap, noNewPrivileges, maskedPaths, privileged, tmpfs } = container;
  const custom = seccomp.value?.kind === 'custom' ? seccomp.value.file : undefined;
  const named = apparmor.value?.kind === 'named' ? apparmor.value.name : undefined;
  const isPrivileged = privileged.value === true;
  const all = container.capAdd.some(({ value }) => value === 'ALL');
  const things: (readonly [string, string] | false)[] = [
    isPrivileged && ['privileged', '^privileged mode$'],
    ...(isPrivileged || all ? [] : [...boundingSet(container)].map((name) => [name, `^capability ${name}$`] as const)),
    all && ['ALL', '^capability ALL$'],
    custom !== undefined && [`seccomp ${custom}`, `^seccomp profile .*${custom.split('/').at(-1) ?? ''}$`],
    seccomp.value?.kind === 'default' && !isPrivileged && ['default seccomp', '^default seccomp profile$'],
    named !== undefined && [`apparmor ${named}`, `^AppArmor profile ${named}$`],
    apparmor.value?.kind === 'default' && !isPrivileged && ['default apparmor', '^AppArmor profile docker-default$'],
    noNewPrivileges.value === true && ['nnp', '^no-new-privileges$'],
    maskedPaths.value === true && !isPrivileged && ['masks', '^masked paths in /proc and /sys$'],
    bwrap.setuid.value === true && ['setuid', '^setuid bubblewrap$'],
    bwrap.presence.value === 'present' && [
      `bwrap ${bwrap.version.value ?? ''}`,
      '^(package bubblewrap|bubblewrap .+)$',
    ],
    ...tmpfs.flatMap(({ value }) =>
      value === undefined ? [] : [[`tmpfs ${value}`, `^tmpfs ${value.split(':')[0] ?? ''}$`] as const],
    ),
  ];
  return new Map(things.filter((thing) => thing !== false).map(([key, words]) => [key, new RegExp(words)]));
}

function unnamed(before: Container, after: Container, { adds, removes }: Fix): readonly string[] {
  const [had, has] = [thingsOf(before), thingsOf(after)];
  // All capabilities come and go with privileged.
  const isHidden = (key: string): boolean =>
    /^[A-Z_]+$/.test(key) &&
    [had, has].some((things) => things.has('privileged') || things.has('ALL')) &&
    key !== 'ALL';
  const missing = (one: Things, other: Things, named: readonly string[], word: string): readonly string[] =>
    [...one]
      .filter(([key, words]) => !other.has(key) && !isHidden(key) && !named.some((name) => words.test(name)))
      .map(([key]) => `${word} ${key}`);
  const unclear = before.bwrap.presence.value === undefined || after.bwrap.presence.value === undefined;
  return [...missing(has, had, adds, 'adds'), ...missing(had, has, removes, 'removes')].filter(
    (each) => !unclear || !each.includes('bwrap'),
  );
}

type Things = ReturnType<typeof thingsOf>;

/** What is named and is not so. */
function untrue(before: Container, after: Container, { adds, removes }: Fix): readonly string[] {
  const [had, has] = [thingsOf(before), thingsOf(after)];
  const isIn = (things: Things, name: string): boolean => [...things.values()].some((words) => words.test(name));
  const isSeen = (name: string): boolean => /^(capability|privileged|setuid|AppArmor|no-new|masked)/.test(name);
  return [
    ...adds.filter((name) => isSeen(name) && (!isIn(has, name) || isIn(had, name))),
    ...removes.filter((name) => isSeen(name) && (isIn(has, name) || !isIn(had, name))),
  ];
}

/** Files that are edited and in no detail. */
function unexplained(configuration: Configuration, { edits, details }: Fix): readonly string[] {
  const files = [...new Set(edits.map(({ file }) => file))];
  const others = files.filter((file) => file !== configuration.file);
  const isSaid = (file: string): boolean =>
    details.some((line) => line.includes(`(${file}`) || line.includes(`, ${file}`));
  const isOwnSaid = details.some((line) => !/\(.+\)\.$/.test(line) || line.includes(configuration.file));
  const own = isOwnSaid ? [] : files.filter((file) => !others.includes(file));
  return [...own, ...others.filter((file) => !isSaid(file))];
}

suite('what a fix says that it does', () => {
  for (const { name, folder, file } of [...samples, ...sampleOf(corpus, 40)]) {
    test(`${name}: every file and every difference of the container is named`, async () => {
      const files = nodeFiles(folder);
      for (const before of await readConfigurations(files, file)) {
        for (const fix of fixesOf(judge(before, { hosts: HOST_NAMES.map((host) => HOSTS[host]) }))) {
          const [after] = await readConfigurations(overlay(files, applyAll(before.texts, fix.edits)), before.file);
          assert.ok(after);
          const { title, details, adds, removes } = fix;
          const shown = `${before.file}: ${JSON.stringify({ title, details, adds, removes }, null, 1)}`;
          assert.deepEqual(unexplained(before, fix), [], shown);
          assert.deepEqual(unnamed(before.container, after.container, fix), [], shown);
          assert.deepEqual(untrue(before.container, after.container, fix), [], shown);
        }
      }
    });
  }
});
