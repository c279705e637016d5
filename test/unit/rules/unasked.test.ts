import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { overlay, repair } from '../../../src/cli/repair.js';
import type { Container } from '../../../src/model/container/container.js';
import { DEFAULT_HOSTS, HOST_NAMES, HOSTS, type HostName } from '../../../src/model/host.js';
import type { Fix } from '../../../src/rules/engine/rule.js';
import { judge, type Judgement } from '../../../src/rules/judge.js';
import type { WorkspaceFiles } from '../../../src/sources/workspace/files.js';
import { nodeFiles } from '../../../src/sources/workspace/nodeFiles.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../appliedEdits.js';
import { judgedAndAsked } from '../judged.js';
import { hardeningLost, powersGained } from '../powers.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

function foldersOf(kind: 'samples' | 'corpus'): readonly (readonly [string, WorkspaceFiles])[] {
  return readdirSync(join(FIXTURES, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [`${kind}/${name}`, nodeFiles(join(FIXTURES, kind, name))] as const);
}

async function judgedFile(files: WorkspaceFiles, file: string, hosts: readonly HostName[]): Promise<Judgement> {
  const [configuration] = await readConfigurations(files, file);
  assert.ok(configuration, file);
  return judge(configuration, { hosts: hosts.map((name) => HOSTS[name]) });
}

function assertModest(before: Container, after: Container, what: string): void {
  assert.deepEqual([...powersGained(before, after), ...hardeningLost(before, after)], [], what);
}

suite('what is done unasked, whatever the hosts are', () => {
  for (const [name, files] of [...foldersOf('samples'), ...foldersOf('corpus')]) {
    test(`${name}: \`fix\` without a host gives no power and removes no hardening`, async () => {
      for (const { file } of await readConfigurations(files)) {
        const { before, after } = await repair(files, new Map(), (texts) => judgedFile(texts, file, DEFAULT_HOSTS));
        assertModest(before.configuration.container, after.configuration.container, file);
      }
    });
  }

  for (const [name, files] of foldersOf('samples')) {
    test(`${name}: the same of \`fix\` where the repository chooses the hosts`, async () => {
      for (const { file } of await readConfigurations(files)) {
        const { before, after } = await repair(files, new Map(), (texts) => judgedFile(texts, file, HOST_NAMES));
        assertModest(before.configuration.container, after.configuration.container, file);
      }
    });
  }

  for (const [name, files] of foldersOf('samples')) {
    test(`${name}: the same of every repair and every preferred fix, for every host`, async () => {
      for (const { file } of await readConfigurations(files)) {
        const { configuration, repairs, findings, fixesOf } = await judgedFile(files, file, HOST_NAMES);
        for (const fix of [...repairs().fixes(), ...findings.flatMap(fixesOf).filter((f) => f.preferred)]) {
          const texts = overlay(files, applyAll(configuration.texts, fix.edits));
          const after = await judgedFile(texts, file, HOST_NAMES);
          assertModest(configuration.container, after.configuration.container, `${file}: ${fix.title}`);
          assert.equal(fix.needsReview, false, fix.title);
        }
      }
    });
  }
});

suite('what is offered by its own name', () => {
  const FILE = '.devcontainer/devcontainer.json';
  const IMAGE = '"image": "mcr.microsoft.com/devcontainers/base:bookworm"';
  const PROFILE =
    '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{ "names": ["read"], "action": "SCMP_ACT_ALLOW" }] }';

  function container(properties: string): Readonly<Record<string, string>> {
    return { [FILE]: `{ ${IMAGE}, ${properties} }`, '.devcontainer/own.json': PROFILE };
  }

  async function offers(
    properties: string,
    hosts?: readonly HostName[],
  ): Promise<Readonly<Record<string, readonly Fix[]>>> {
    const { findings, repairs, onRequest } = await judgedAndAsked(container(properties), hosts);
    return { unasked: repairs, asked: onRequest.repairs, single: findings.flatMap(({ fixes }) => fixes) };
  }

  test('a profile of AppArmor that the author named goes only where somebody asks', async () => {
    const { unasked, asked, single } = await offers('"securityOpt": ["apparmor=bwrap", "seccomp=unconfined"]', [
      'docker-ubuntu-bwrap-profile',
    ]);
    assert.deepEqual(unasked, []);
    for (const fix of [...asked!, ...single!]) assert.equal(fix.needsReview, true, fix.title);
  });

  test('a capability that the author dropped comes back only where somebody asks', async () => {
    const { unasked, asked, single } = await offers('"remoteUser": "root", "runArgs": ["--cap-drop=SETFCAP"]');
    assert.deepEqual(unasked, []);
    const [repairing] = asked!;
    assert.deepEqual(
      [repairing?.needsReview, repairing?.title],
      [true, 'On Docker Desktop and Linux (Debian) (adds SETFCAP)'],
    );
    const [keep] = single!.filter(({ relaxations }) => relaxations.includes('cap-SETFCAP'));
    assert.deepEqual([keep?.needsReview, keep?.preferred], [true, false]);
  });

  test('nothing gives SYS_ADMIN or setuid, or names them, while nobody named a host that needs them', async () => {
    const { findings, repairs, otherWays, onRequest } = await judgedAndAsked(container('"remoteUser": "vscode"'));
    const all = [
      ...repairs,
      ...otherWays,
      ...onRequest.repairs,
      ...onRequest.otherWays,
      ...findings.flatMap(({ fixes }) => fixes),
    ];
    assert.ok(all.length > 0);
    for (const { title, details, relaxations } of all) {
      assert.doesNotMatch([title, ...details].join(' '), /SYS_ADMIN|setuid|no-new-privileges/, title);
      assert.ok(!relaxations.some((id) => id === 'cap-SYS_ADMIN' || id === 'bwrap-setuid'), title);
    }
  });
});
