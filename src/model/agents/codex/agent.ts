import type { Agent } from '../../agent/agent.js';
import { CODEX_ERRORS } from './errors.js';
import { CODEX_SYMPTOMS } from './symptoms.js';
import { behaviourOf, NEWEST_CODEX } from './versions.js';
import { PROJECT_CONFIG, shieldedBy } from './workspaceEntries.js';

/** OpenAI's Codex. */
export const CODEX: Agent = {
  id: 'codex',
  name: 'Codex',
  newestVersion: NEWEST_CODEX,
  // The npm package does, the bare executable does not.
  bundlesBwrap: true,
  bundledBwrapPath: '/**/codex-resources/bwrap',
  homeFolder: '.codex',
  bwrapMissing: CODEX_ERRORS.bwrapMissing,
  symptoms: CODEX_SYMPTOMS,
  demands: (version) => ({ ...behaviourOf(version), shields: shieldedBy(version), projectFile: PROJECT_CONFIG }),
};
