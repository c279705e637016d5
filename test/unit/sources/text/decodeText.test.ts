import assert from 'node:assert/strict';
import { decodeText } from '../../../../src/sources/text/decodeText.js';

suite('decodeText', () => {
  const text = 'bwrap: Can’t mount proc on /proc: Operation not permitted\r\n';
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(text, 'utf16le').swap16();

  test('UTF-8, with and without a byte order mark', () => {
    assert.equal(decodeText(Buffer.from(text)), text);
    assert.equal(decodeText(Buffer.from(`\ufeff${text}`)), text);
  });

  test('UTF-16, with and without a byte order mark', () => {
    assert.equal(decodeText(little), text);
    assert.equal(decodeText(big), text);
    assert.equal(decodeText(Buffer.concat([Buffer.from([0xff, 0xfe]), little])), text);
    assert.equal(decodeText(Buffer.concat([Buffer.from([0xfe, 0xff]), big])), text);
  });

  test('a text with a few zeros, an empty one and one that is none', () => {
    assert.equal(decodeText(Buffer.from('a\0b')), 'a\0b');
    assert.equal(decodeText(Buffer.from('')), '');
    assert.equal(decodeText(Buffer.from([0xc3])), '\ufffd');
    assert.equal(decodeText(Buffer.alloc(64)), '\0'.repeat(64));
  });
});
