import type { StyleFault } from './faults.js';

/** A text that may be as it is, with the reason. */
interface Exception {
  /** A part of the sentence. */
  readonly text: string | RegExp;
  readonly reason: string;
}

/** The one place for what the style does not apply to. */
const EXCEPTIONS: readonly Exception[] = [];

/** Whether a fault is none. */
export function isException({ sentence }: StyleFault): boolean {
  return EXCEPTIONS.some(({ text }) => (typeof text === 'string' ? sentence.includes(text) : text.test(sentence)));
}

/** Files that may hold curly quotes, with the reason. */
export const MAY_HOLD_CURLY_QUOTES: Readonly<Record<string, string>> = {};
