import type { Host } from '../model/host.js';
import type { EngineInfo } from './engineInfo.js';

/** What a machine, a container or a process can be part of, as its own variables show. */
export interface Environment {
  readonly id: EnvironmentId;
  /** For people. */
  readonly name: string;
  /** What follows for Codex's sandbox: a sentence. */
  readonly follows: string;
}

type EnvironmentId =
  'github-actions' | 'codespaces' | 'kubernetes' | 'wsl' | 'rancher-desktop' | 'claude-code-sandbox' | 'codex-sandbox';

interface Known extends Environment {
  /** Why nothing is predicted for its machines, because nobody measured them: a clause. */
  readonly unmeasured?: string;
  /** The sandbox of this agent surrounds this process. */
  readonly sandboxOf?: string;
}

const CLAUDE_CODE = 'Claude Code';
const CODEX = 'Codex';

/** What is known about them; reported means not measured for this project. */
const ENVIRONMENTS: readonly Known[] = [
  {
    id: 'github-actions',
    name: 'GitHub Actions',
    follows:
      'Its ubuntu-24.04 runners behave like Ubuntu 24.04 hosts, and codex exec can exit 0 although no command ran (reported).',
  },
  {
    id: 'codespaces',
    name: 'GitHub Codespaces',
    follows: 'Nobody measured what the host of a codespace allows, so run the probe in the codespace.',
    unmeasured: 'nobody measured what the host of a codespace allows',
  },
  {
    id: 'kubernetes',
    name: 'Kubernetes',
    follows: 'The cluster decides the seccomp and AppArmor profiles, so run the probe in the pod.',
    unmeasured: 'the cluster decides the seccomp and AppArmor profiles',
  },
  {
    id: 'wsl',
    name: 'WSL',
    follows: 'The kernel of WSL 2 has no AppArmor, so Docker behaves like Docker Desktop there (reported).',
  },
  {
    id: 'rancher-desktop',
    name: 'Rancher Desktop',
    follows: 'Its daemon can set a seccomp profile for all containers (reported), so run the probe in the container.',
  },
  {
    // SANDBOX_RUNTIME=1: @anthropic-ai/sandbox-runtime 0.0.78, sandbox-utils.js [read]. What follows: model/agent/nestedSandbox.ts.
    id: 'claude-code-sandbox',
    name: `the sandbox of ${CLAUDE_CODE}`,
    follows: 'This ran inside that sandbox, which can keep a second sandbox from starting.',
    sandboxOf: CLAUDE_CODE,
  },
  {
    // CODEX_SANDBOX_NETWORK_DISABLED=1: measured with 0.130.0 and 0.169.0, where the network is restricted. CODEX_SANDBOX is reported of macOS.
    id: 'codex-sandbox',
    name: `the sandbox of ${CODEX}`,
    follows: 'This ran inside that sandbox, and no second sandbox starts in it.',
    sandboxOf: CODEX,
  },
];

/** The environments of these ids, each once; other ids are ignored. */
export function environmentsNamed(ids: readonly string[]): readonly Environment[] {
  return ENVIRONMENTS.filter(({ id }) => ids.includes(id)).map(({ id, name, follows }) => ({ id, name, follows }));
}

/** The agent in whose sandbox this ran, for people; null: in none that shows itself. */
export function surroundingAgent(environments: readonly Environment[]): string | null {
  const around = ENVIRONMENTS.find(({ id, sandboxOf }) => sandboxOf && environments.some((other) => other.id === id));
  return around?.sandboxOf ?? null;
}

/**
 * What the variables of a process and the name of its kernel show; media/probe.sh finds the same in a container. Of variables only
 * counts whether they are set, or set to the one value.
 */
export function environmentsShown(
  variables: Readonly<Record<string, string | undefined>>,
  kernel: string | null,
): readonly Environment[] {
  const has = (name: string): boolean => (variables[name] ?? '') !== '';
  const shown: Readonly<Record<Exclude<EnvironmentId, 'rancher-desktop'>, boolean>> = {
    'github-actions': variables['GITHUB_ACTIONS'] === 'true',
    codespaces: variables['CODESPACES'] === 'true',
    kubernetes: has('KUBERNETES_SERVICE_HOST'),
    wsl: has('WSL_DISTRO_NAME') || /microsoft/i.test(kernel ?? ''),
    'claude-code-sandbox': has('SANDBOX_RUNTIME'),
    'codex-sandbox': has('CODEX_SANDBOX') || has('CODEX_SANDBOX_NETWORK_DISABLED'),
  };
  return environmentsNamed(Object.entries(shown).flatMap(([id, isShown]) => (isShown ? [id] : [])));
}

/** What an engine's answer shows [reported]: Rancher Desktop's distribution on Windows, its virtual machine elsewhere. */
export function environmentsOfEngine(engine: EngineInfo | undefined): readonly Environment[] {
  const said = [engine?.name, engine?.system].join(' ');
  return /\brancher[ -]desktop\b/i.test(said) ? environmentsNamed(['rancher-desktop']) : [];
}

/** A machine in these environments. Its description says what follows; nothing is predicted for machines that nobody measured. */
export function inEnvironments(host: Host, environments: readonly Environment[]): Host {
  if (environments.length === 0) return host;
  const sentences = environments.map(
    ({ name, follows }) => `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${follows}`,
  );
  const why = ENVIRONMENTS.find(({ id, unmeasured }) => unmeasured && environments.some((other) => other.id === id));
  return {
    ...host,
    description: [`${host.description}.`, ...sentences].join(' '),
    ...(why?.unmeasured !== undefined && { unmeasured: why.unmeasured }),
  };
}
