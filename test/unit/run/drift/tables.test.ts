import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ageInDays, LONGEST_DAYS, oldTables, TABLES } from '../../../run/drift/tables.js';
import { root } from '../../../run/project.js';

suite('drift: the age of tables', () => {
  for (const table of TABLES) {
    test(`${table.file} says of which day it is`, () => {
      assert(existsSync(join(root, table.file)));
      assert.match(table.date, /^20\d\d-\d\d-\d\d$/);
      assert(ageInDays(table, new Date()) >= 0, table.date);
    });
  }

  test('a table is named when it is older than the longest time, with how it is made anew', () => {
    const table = { file: 'table.ts', date: '2026-01-01', renewal: 'make it' };
    const day = new Date('2026-01-01T12:00:00Z');
    const after = (days: number): Date => new Date(day.getTime() + days * 86_400_000);
    assert.deepEqual(oldTables([table], after(LONGEST_DAYS)), []);
    assert.deepEqual(oldTables([table], after(LONGEST_DAYS + 1)), [
      'table.ts: 91 days old (2026-01-01); to renew: make it',
    ]);
  });
});
