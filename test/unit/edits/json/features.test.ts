import assert from 'node:assert/strict';
import type { Change } from '../../../../src/edits/changes/change.js';
import { compile } from '../../../../src/edits/compile.js';
import type { Configuration } from '../../../../src/sources/configuration/configuration.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { applyAll } from '../../appliedEdits.js';
import { memoryFiles } from '../../memoryFiles.js';

type Files = Readonly<Record<string, string>>;

const FILE = '.devcontainer/devcontainer.json';
const FEATURE = '.devcontainer/tools/devcontainer-feature.json';
const USED = '"image": "debian:12", "features": { "./tools": {} }';

async function configurationOf(files: Files): Promise<Configuration> {
  const [configuration] = await readConfigurations(memoryFiles(files));
  assert.ok(configuration);
  return configuration;
}

/** The files after the changes, which must not change them a second time. */
async function changed(files: Files, ...changes: readonly Change[]): Promise<Files | undefined> {
  const edits = compile(changes, await configurationOf(files))?.edits;
  if (!edits) return undefined;
  const after = Object.fromEntries(applyAll(new Map(Object.entries(files)), edits));
  assert.deepEqual(compile(changes, await configurationOf(after))?.edits, [], JSON.stringify(after, null, 2));
  return after;
}

const SYS_ADMIN: Change = { kind: 'remove-capability', capability: 'SYS_ADMIN' };

suite('edits of local Features', () => {
  test('a capability goes wherever it stands, and comments stay with their neighbours', async () => {
    const after = await changed(
      {
        [FILE]: `{ ${USED}, "capAdd": ["cap_sys_admin"] }`,
        [FEATURE]:
          '{\n  "id": "tools",\n  "capAdd": [\n    "SYS_ADMIN", // for mounts\n    "SYS_PTRACE" // gdb\n  ]\n}\n',
      },
      SYS_ADMIN,
    );
    assert.deepEqual(after, {
      [FILE]: `{ ${USED} }`,
      [FEATURE]: '{\n  "id": "tools",\n  "capAdd": [\n    "SYS_PTRACE" // gdb\n  ]\n}\n',
    });
  });

  test('privileged and security options that only widen go', async () => {
    const files = {
      [FILE]: `{ ${USED} }`,
      [FEATURE]: '{\n  "id": "tools",\n  "privileged": true,\n  "securityOpt": ["apparmor=unconfined"]\n}\n',
    };
    const remove: readonly Change[] = [{ kind: 'remove-privileged' }, { kind: 'remove-security-opt', key: 'apparmor' }];
    const after = await changed(files, ...remove);
    assert.deepEqual(after, { ...files, [FEATURE]: '{\n  "id": "tools"\n}\n' });
  });

  test('what devcontainer.json overrules stays in the Feature', async () => {
    const files = {
      [FILE]: `{ ${USED} }`,
      [FEATURE]: '{ "id": "tools", "securityOpt": ["seccomp=unconfined", "no-new-privileges"] }',
    };
    const after = await changed(
      files,
      { kind: 'security-opt', key: 'seccomp', value: '${localWorkspaceFolder}/.devcontainer/seccomp.json' },
      { kind: 'remove-security-opt', key: 'no-new-privileges' },
    );
    assert.equal(after?.[FEATURE], files[FEATURE]);
    assert.match(
      after[FILE] ?? '',
      /"securityOpt": \["no-new-privileges=false", "seccomp=\$\{localWorkspaceFolder\}\/\.devcontainer\/seccomp\.json"\]/,
    );
  });

  test('what takes no-new-privileges back counts where a Feature says it first, so what sets it goes', async () => {
    const files = {
      [FILE]: `{ ${USED}, "securityOpt": ["no-new-privileges:true", "no-new-privileges=false"] }`,
      [FEATURE]: '{ "id": "tools", "securityOpt": ["no-new-privileges=false"] }',
    };
    assert.equal((await configurationOf(files)).container.noNewPrivileges.value, true);
    const after = await changed(files, { kind: 'remove-security-opt', key: 'no-new-privileges' });
    assert.deepEqual(after, { ...files, [FILE]: `{ ${USED}, "securityOpt": ["no-new-privileges=false"] }` });
  });

  test('an entry that repeats a Feature’s is spelled so that it counts', async () => {
    const files = {
      [FILE]: '{ "image": "debian:12", "features": { "./tools": {}, "./more": {} }, "securityOpt": ["apparmor=y"] }',
      [FEATURE]: '{ "id": "tools", "securityOpt": ["apparmor=unconfined"] }',
      '.devcontainer/more/devcontainer-feature.json': '{ "id": "more", "securityOpt": ["apparmor=x"] }',
    };
    const after = await changed(files, { kind: 'security-opt', key: 'apparmor', value: 'unconfined' });
    assert.match(after?.[FILE] ?? '', /"securityOpt": \["apparmor:unconfined"\]/);
    assert.equal((await configurationOf(after ?? {})).container.apparmor.value?.kind, 'unconfined');
  });

  test('systempaths=unconfined of a Feature is not said again: Docker knows only one spelling', async () => {
    const files = {
      [FILE]: `{ ${USED} }`,
      [FEATURE]: '{ "id": "tools", "securityOpt": ["systempaths=unconfined"] }',
    };
    const change: Change = { kind: 'security-opt', key: 'systempaths', value: 'unconfined' };
    assert.deepEqual(await changed(files, change), files);
  });

  test('a Feature that is used twice is changed once', async () => {
    const files = {
      [FILE]: '{ "image": "debian:12", "features": { "./tools": {}, "./more": {} } }',
      [FEATURE]: '{ "id": "tools", "capAdd": ["SYS_ADMIN"], "options": { "a": { "type": "string" } } }',
      '.devcontainer/more/devcontainer-feature.json':
        '{ "id": "more", "dependsOn": { "./tools": { "a": "other" } }, "capAdd": ["NET_RAW"] }',
    };
    const after = await changed(files, SYS_ADMIN);
    assert.deepEqual(after, { ...files, [FEATURE]: '{ "id": "tools", "options": { "a": { "type": "string" } } }' });
  });

  test('a Feature whose file has errors is not touched, and nothing else then', async () => {
    const files = {
      [FILE]: `{ ${USED}, "capAdd": ["SYS_ADMIN"] }`,
      [FEATURE]: '{ "id": "tools", "capAdd": ["SYS_ADMIN"], "name": }',
    };
    assert.equal(await changed(files, SYS_ADMIN), undefined);
    const other = await changed(files, { kind: 'add-capability', capability: 'SYS_PTRACE' });
    assert.match(other?.[FILE] ?? '', /"SYS_PTRACE"/);
  });

  test('with Compose as well', async () => {
    const files = {
      [FILE]: '{ "dockerComposeFile": "compose.yml", "service": "app", "features": { "./tools": {} } }',
      '.devcontainer/compose.yml':
        'services:\n  app:\n    image: debian:12\n    cap_add: [SYS_ADMIN]\n    init: true\n',
      [FEATURE]: '{ "id": "tools", "capAdd": ["SYS_ADMIN"], "privileged": true }',
    };
    const after = await changed(files, SYS_ADMIN, { kind: 'remove-privileged' });
    assert.deepEqual(after, {
      ...files,
      '.devcontainer/compose.yml': 'services:\n  app:\n    image: debian:12\n    init: true\n',
      [FEATURE]: '{ "id": "tools" }',
    });
  });

  test('a capability that a Feature gives is not added again', async () => {
    const files = { [FILE]: `{ ${USED} }`, [FEATURE]: '{ "id": "tools", "capAdd": ["CAP_SYS_ADMIN"] }' };
    assert.deepEqual(await changed(files, { kind: 'add-capability', capability: 'SYS_ADMIN' }), files);
  });
});
