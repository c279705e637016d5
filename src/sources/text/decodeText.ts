/** So many bytes show the encoding of a text without a byte order mark. */
const SAMPLE = 1024;

/** Fewer show nothing, and hold no error text. */
const FEWEST = 8;

/** UTF-16 of mostly ASCII has a zero in nearly every second byte: in the odd ones if little-endian. */
function zeros(bytes: Uint8Array, first: 0 | 1): number {
  return bytes.filter((byte, index) => index % 2 === first && byte === 0).length;
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, SAMPLE);
  if (sample.length < FEWEST) return 'utf-8';
  const half = sample.length / 2;
  if (zeros(sample, 1) > half / 2 && zeros(sample, 0) < half / 8) return 'utf-16le';
  if (zeros(sample, 0) > half / 2 && zeros(sample, 1) < half / 8) return 'utf-16be';
  return 'utf-8';
}

/**
 * The text in UTF-8 or, as the redirection of Windows PowerShell writes it, in UTF-16, with or without a byte order mark. What is
 * no text in it becomes U+FFFD.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}
