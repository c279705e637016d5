import type { Io } from './io.js';
import { decodeText } from '../sources/text/decodeText.js';

/** More than any log in which somebody looks for an error; the first that stopped the sandbox stands near its beginning. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Standard input as text, in whatever encoding a shell wrote it; of more than the most, the beginning. */
async function input(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Paste the error text, then press Ctrl+D on an empty line.\n');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      process.stderr.write(`Only the first ${MOST_BYTES / 1024 / 1024} MB of standard input were read.\n`);
      break;
    }
  }
  return decodeText(Buffer.concat(chunks).subarray(0, MOST_BYTES));
}

function interruption(): ReturnType<Io['interruption']> {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(new Error('interrupted'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, abort);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.removeListener(signal, abort);
    },
  };
}

/** This process. A reader that closes the pipe early, as head does, is not an error; a full disk is. */
export function processIo(): Io {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`codex-sandbox-check: the result cannot be written: ${error.message}.\n`);
    process.exit(2);
  });
  process.stderr.on('error', () => {
    // There is nowhere left to say it; the exit status still tells.
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    input,
    interruption,
    cwd: process.cwd(),
    terminal: process.stdout.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    env: process.env,
  };
}
