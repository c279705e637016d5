import type { Agent } from '../../../../src/model/agent/agent.js';
import type { AgentRequest } from '../../../../src/model/agent/request.js';

/** CLONE_NEWPID and CLONE_NEWNS, without a user namespace. */
export const MORE_NAMESPACES = 0x20020000;

/**
 * An agent as there is none: it takes the first bubblewrap on PATH and brings none, insists on a fresh /proc, needs a program of
 * its own and more namespaces afterwards, and shields nothing.
 */
export const MADE_UP: Agent = {
  id: 'made-up',
  name: 'Made Up',
  newestVersion: '1.2.0',
  bundlesBwrap: false,
  bundledBwrapPath: '/**/made-up/bwrap',
  homeFolder: '.made-up',
  bwrapMissing: 'made-up: bwrap: not found',
  symptoms: {
    first: [{ pattern: /made-up: no relay/, gate: 'bwrap-available', cause: 'No relay.', remedy: 'Install relay.' }],
    last: [],
  },
  demands: (version) => ({
    bwrap: 'system',
    bwrapBuiltIn: false,
    insistsOnArgv0: false,
    namespaces: ['pid', 'net'],
    proc: 'insists',
    afterwards: {
      calls: [{ name: 'unshare', args: [MORE_NAMESPACES] }],
      error: 'made-up: unshare: Operation not permitted',
    },
    writes: version.startsWith('0.') ? [{ folder: 'home', error: 'made-up: read-only' }] : [],
    shields: { names: [], as: 'file' },
    programs: [{ name: 'relay', error: 'made-up: no relay' }],
  }),
};

/** Its newest version, as it is usually installed. */
export const MADE_UP_REQUEST: AgentRequest = {
  agent: MADE_UP,
  version: MADE_UP.newestVersion,
  network: 'restricted',
  bundledBwrap: false,
};
