import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_JSON, REFUSED, REFUSED_BY_NEWER, TAKEN } from '../unit/model/seccomp/texts.js';
import { ensureBaseImages } from './baseImages.js';
import { pool } from './pool.js';
import { run } from './process.js';

/** Docker 20.10 with runc 1.1 is measured: what only newer ones refuse, it takes. */
const cases: readonly (readonly [string, boolean])[] = [
  ...[...Object.keys(REFUSED), ...NO_JSON].map((text) => [text, false] as const),
  ...[...TAKEN, ...Object.keys(REFUSED_BY_NEWER)].map((text) => [text, true] as const),
];

/** How Docker, its client and runc word that they do not take a profile; anything else is another failure. */
const REFUSAL =
  /seccomp profile|Decoding seccomp|not a valid (action|operator|arch) for seccomp|empty string is not a valid syscall|listenerPath is not set|SCMP_ACT_NOTIFY cannot|error (adding|creating) seccomp|error adding architecture/;

suite('seccomp profiles that Docker refuses', () => {
  let folder = '';
  let results: readonly Promise<boolean>[] = [];
  suiteSetup(async () => {
    await ensureBaseImages();
    folder = mkdtempSync(join(tmpdir(), 'seccomp-'));
    const start = async (text: string, index: number): Promise<boolean> => {
      const file = join(folder, `${index}.json`);
      writeFileSync(file, text);
      const option = ['--security-opt', `seccomp=${file}`];
      const { status, stderr } = await run('docker', ['run', '--rm', '--network=none', ...option, 'debian:12', 'true']);
      if (status !== 0) assert.match(stderr, REFUSAL);
      return status === 0;
    };
    results = pool(
      2,
      cases.map(
        ([text], index) =>
          () =>
            start(text, index),
      ),
    );
    // Each test reports its own.
    for (const result of results) result.catch(() => undefined);
  });
  suiteTeardown(() => rm(folder, { recursive: true, force: true }));

  for (const [index, [text, taken]] of cases.entries()) {
    test(`${taken ? 'takes' : 'refuses'} ${JSON.stringify(text)}`, async () => {
      assert.equal(await results[index], taken);
    });
  }

  for (const [what, path] of [
    ['a folder', '.'],
    ['a file that does not exist', 'missing.json'],
  ] as const) {
    test(`refuses ${what}`, async () => {
      const option = ['--security-opt', `seccomp=${join(folder, path)}`];
      const { status, stderr } = await run('docker', ['run', '--rm', '--network=none', ...option, 'debian:12', 'true']);
      assert.notEqual(status, 0);
      assert.match(stderr, REFUSAL);
    });
  }
});
