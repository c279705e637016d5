import { known, type Container } from '../../src/model/container/container.js';
import { demandsOf, type AgentRequest } from '../../src/model/agent/request.js';
import { bwrapCalls } from '../../src/model/bwrap/calls.js';
import { relaxationsFor } from '../../src/model/plan/relaxations.js';
import { CODEX as AGENT } from '../../src/model/agents/codex/agent.js';

const place = { file: 'x', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };

/** Codex as most people have it. */
export const CODEX: AgentRequest = { agent: AGENT, version: '0.169.0', network: 'restricted', bundledBwrap: true };

/** A default container of debian:12 whose user is vscode, without bubblewrap; with what the test changes. */
export function containerWith(changes: Partial<Container> = {}): Container {
  return {
    definition: { kind: 'image', image: 'debian:12', place },
    privileged: known(false),
    capAdd: [],
    capDrop: [],
    seccomp: known({ kind: 'default' }),
    apparmor: known({ kind: 'default' }),
    noNewPrivileges: known(false),
    maskedPaths: known(true),
    readOnlyRoot: known(false),
    tmpfs: [],
    devices: [],
    user: known('vscode'),
    distro: known({ id: 'debian', version: '12' }),
    bwrap: { presence: known('absent'), setuid: known(false), version: known('') },
    agents: { codex: known({ version: undefined, bundledBwrap: true }) },
    programs: [],
    ...changes,
  };
}

/** An installed bubblewrap. */
export function bwrap(version: string, setuid = false): Container['bwrap'] {
  return { presence: known('present'), setuid: known(setuid), version: known(version) };
}

/** What bubblewrap calls for Codex. */
export const BWRAP_CALLS = bwrapCalls(demandsOf(CODEX).namespaces);

/** Every relaxation, as it is for Codex. */
export const RELAXATIONS = relaxationsFor(CODEX);
