import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { overlay } from '../../../src/cli/repair.js';
import { applyAll } from '../../../src/edits/textEdits.js';
import { isRoot, type Container } from '../../../src/model/container.js';
import { DEFAULT_HOSTS, HOST_NAMES, HOSTS } from '../../../src/model/host.js';
import { judge } from '../../../src/rules/judge.js';
import { nodeFiles } from '../../../src/sources/nodeFiles.js';
import { readConfigurations } from '../../../src/sources/workspace.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

const PROJECTS = ['corpus', 'samples', 'compose'].flatMap((kind) =>
  readdirSync(join(FIXTURES, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(FIXTURES, kind, name)),
);

/** What nobody gets who has not asked for it by name. */
function powersOf({ privileged, capAdd, bwrap, noNewPrivileges, maskedPaths, ...rest }: Container): readonly string[] {
  const root = isRoot({ privileged, capAdd, bwrap, noNewPrivileges, maskedPaths, ...rest }) !== false;
  return [
    ...(privileged.value === true ? ['privileged'] : []),
    ...(capAdd.some(({ value }) => value === 'SYS_ADMIN' || value === 'ALL') ? ['SYS_ADMIN'] : []),
    ...(bwrap.setuid.value === true ? ['a setuid bubblewrap'] : []),
    ...(noNewPrivileges.value === true ? [] : ['new privileges']),
    ...(maskedPaths.value === false && root ? ['systempaths=unconfined for root'] : []),
  ];
}

suite('what is done unasked', () => {
  test('no repair and no preferred fix in any fixture, for the default hosts or all, gives more power than there was', async function () {
    this.timeout(300_000);
    let tried = 0;
    for (const project of PROJECTS.filter((folder) => existsSync(folder))) {
      const files = nodeFiles(project, project);
      for (const before of await readConfigurations(files)) {
        for (const hosts of [DEFAULT_HOSTS, HOST_NAMES]) {
          const { repairs, findings } = judge(before, { hosts: hosts.map((host) => HOSTS[host]) });
          const preferred = findings.flatMap(({ fixes }) => fixes.filter((fix) => fix.preferred));
          for (const fix of new Map([...repairs, ...preferred].map((f) => [JSON.stringify(f.edits), f])).values()) {
            const [after] = await readConfigurations(overlay(files, applyAll(before.texts, fix.edits)), before.file);
            assert.ok(after);
            const had = powersOf(before.container);
            const got = powersOf(after.container).filter((power) => !had.includes(power));
            // What replaces privileged is less than it.
            if (!had.includes('privileged')) assert.deepEqual(got, [], `${project} ${before.file}: ${fix.title}`);
            tried += 1;
          }
        }
      }
    }
    assert.ok(tried > 200, `only ${String(tried)} fixes`);
  });
});
