import { supportsSetuid } from '../bwrap/bwrap.js';
import { known, type Container } from '../container/container.js';
import type { AgentRequest } from '../agent/request.js';
import type { RelaxationId } from './relaxation.js';
import { relaxation } from './relaxations.js';

const CAPABILITIES = ['SYS_ADMIN', 'SYS_CHROOT', 'SETUID', 'SETGID', 'SYS_PTRACE', 'NET_ADMIN', 'NET_RAW'] as const;

/**
 * The secure profile of OpenAI's own dev container (openai/codex pull request #17547, April 2026, base Ubuntu 24.04). NET_RAW
 * is not needed, nor is the whole system call filter in the way (measured); it is offered because people know it.
 */
export const OPENAI_SECURE_PROFILE = {
  title: "OpenAI's secure profile",
  relaxations: [
    'bwrap-setuid',
    ...CAPABILITIES.map((name) => `cap-${name}` as const),
    'seccomp-unconfined',
    'apparmor-unconfined',
  ] satisfies readonly RelaxationId[],
  /** What to know before taking it, a sentence each. */
  caveats: [
    'bubblewrap 0.11.2 and later refuse setuid, so the base must be older, such as Debian 12 or Ubuntu 24.04.',
    "It disables Docker's system-call filter (seccomp), and adds NET_RAW where that was dropped.",
  ],
  /** Whether it can do what it says at all. */
  applies: (container: Container, request: AgentRequest): boolean =>
    container.noNewPrivileges.value === false &&
    (container.bwrap.setuid.value === true
      ? supportsSetuid(container.bwrap.version.value) === true
      : relaxation('bwrap-setuid', request).applies(container)),
  apply(container: Container, request: AgentRequest): Container {
    const setuid = relaxation('bwrap-setuid', request);
    const installed = setuid.applies(container) ? setuid.apply(container) : container;
    return {
      ...installed,
      capAdd: [...installed.capAdd, ...CAPABILITIES.map((name) => known(name))],
      capDrop: installed.capDrop.filter(({ value }) => !CAPABILITIES.some((name) => name === value)),
      seccomp: known({ kind: 'unconfined' }),
      apparmor: known({ kind: 'unconfined' }),
    };
  },
};
