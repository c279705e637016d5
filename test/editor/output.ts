import { openSync, writeSync } from 'node:fs';
import { format } from 'node:util';

/**
 * Sends everything that is printed in the extension host to a file, which test/run/editor.ts shows as it grows:
 * VS Code itself passes no output of the extension host on. Comes before mocha, which keeps console.log when it loads.
 */
export function printTo(file: string): void {
  const descriptor = openSync(file, 'a');
  const print = (...parts: unknown[]): void => {
    writeSync(descriptor, `${format(...parts)}\n`);
  };
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    // VS Code has wrapped console in properties that a plain assignment does not change.
    Object.defineProperty(console, method, { value: print, configurable: true, writable: true });
  }
}
