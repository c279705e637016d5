import assert from 'node:assert/strict';
import { reportText } from '../../../run/drift/report.js';

suite('drift: the report', () => {
  test('says once what concerns several files', () => {
    const found = [
      { what: 'new text', file: 'rows.jsonl:3' },
      { what: 'old version', file: 'versions.ts' },
      { what: 'new text', file: 'rows.jsonl:7' },
    ];
    assert.equal(
      reportText(found, ['table.ts: 91 days old']),
      `Old tables:
  table.ts: 91 days old

3 differences:

  new text
    to change: rows.jsonl:3, rows.jsonl:7

  old version
    to change: versions.ts`,
    );
  });

  test('counts one, and says where there is none', () => {
    assert.match(reportText([{ what: 'a', file: 'b' }], []), /^1 difference:\n/);
    assert.equal(reportText([], []), 'Nothing differs.');
  });
});
