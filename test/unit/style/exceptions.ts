import { CODEX_ERRORS } from '../../../src/model/agents/codex/errors.js';
import { ERRORS } from '../../../src/model/bwrap/errors.js';

/** A text to which the style does not apply. */
export interface Exception {
  readonly text: string;
  readonly reason: string;
}

/** The one place for them. The longest come first, because some contain others. */
export const EXCEPTIONS: readonly Exception[] = [
  ...Object.values(ERRORS).map((text) => ({ text, reason: 'bubblewrap prints exactly this' })),
  ...Object.values(CODEX_ERRORS).map((text) => ({ text, reason: 'Codex prints exactly this' })),
].sort((a, b) => b.text.length - a.text.length);
