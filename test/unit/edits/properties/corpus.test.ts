import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Change } from '../../../../src/edits/changes/change.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';
import { checked, show, type Files } from './check.js';
import { cases } from '../../cases.js';
import { assertInForce } from './inForce.js';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');

const CHANGES: readonly Change[] = [
  { kind: 'security-opt', key: 'seccomp', value: 'unconfined' },
  { kind: 'security-opt', key: 'seccomp', value: '${localWorkspaceFolder}/.devcontainer/seccomp.json' },
  { kind: 'security-opt', key: 'apparmor', value: 'unconfined' },
  { kind: 'security-opt', key: 'systempaths', value: 'unconfined' },
  { kind: 'remove-security-opt', key: 'seccomp' },
  { kind: 'remove-security-opt', key: 'apparmor' },
  { kind: 'remove-security-opt', key: 'systempaths' },
  { kind: 'remove-security-opt', key: 'no-new-privileges' },
  { kind: 'add-capability', capability: 'SYS_ADMIN' },
  { kind: 'add-capability', capability: 'NET_ADMIN' },
  { kind: 'remove-capability', capability: 'SYS_ADMIN' },
  { kind: 'remove-capability', capability: 'SYS_PTRACE' },
  { kind: 'keep-capability', capability: 'SETFCAP' },
  { kind: 'remove-privileged' },
  { kind: 'tmpfs', path: '/tmp', options: 'exec' },
  { kind: 'install-bwrap', setuid: false },
  { kind: 'install-bwrap', setuid: true },
  { kind: 'remove-bwrap' },
  { kind: 'remove-setuid' },
  { kind: 'move-run-args' },
];

function filesBelow(folder: string, root = folder): readonly (readonly [string, string])[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesBelow(path, root);
    return [[relative(root, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')] as const];
  });
}

/** The texts as they are, with CRLF, and without the last line break. */
const LAYOUTS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replace(/\r?\n/g, '\r\n'),
  (text) => text.replace(/\s+$/, ''),
];

suite('properties of edits: the dev containers of the tests', function () {
  this.timeout(0);
  for (const group of ['samples', 'corpus']) {
    test(group, async () => {
      let made = 0;
      // All of them take half a minute: the unit suite looks at some.
      const names = readdirSync(join(FIXTURES, group)).filter((_, index) => cases(40) >= 1000 || index % 10 === 0);
      for (const name of names) {
        const folder = join(FIXTURES, group, name);
        if (!statSync(folder).isDirectory()) continue;
        const original = filesBelow(folder);
        for (const layout of LAYOUTS) {
          const files: Files = Object.fromEntries(original.map(([file, text]) => [file, layout(text)]));
          for (const { file } of await readConfigurations(memoryFiles(files))) {
            for (const change of CHANGES) {
              const outcome = await checked(files, [change], file);
              if (!outcome || outcome.changed === 0) continue;
              made++;
              if (!change.kind.startsWith('remove-')) {
                assertInForce(outcome.after.container, change, `${name}\n${show([change], files, outcome.files)}`);
              }
            }
          }
        }
      }
      assert.ok(made > names.length * 5, String(made));
      if (process.env['PROPERTY_SHOW']) console.log(group, { made });
    });
  }
});
