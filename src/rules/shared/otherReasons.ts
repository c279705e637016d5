import type { Container } from '../../model/container.js';
import type { Configuration } from '../../sources/configuration/configuration.js';

/** Programs that make containers of their own: they need what bubblewrap needs and more. */
const CONTAINER_ENGINES = ['docker', 'podman', 'buildah'];

/** Programs that trace others, with calls and a /proc that Docker's defaults keep from them. */
const TRACERS = ['gdb', 'strace', 'perf'];

/** Programs that mount file systems. */
const MOUNTERS = ['fuse', 'mount'];

/**
 * Reasons beside Codex's sandbox for a relaxation, as far as the files show them (CAPABILITY_PROGRAMS and devices). Where
 * there is one, the rules about needless relaxations are silent: what the program really needs is not theirs to judge.
 */
export type Purpose = 'privileged' | 'seccomp' | 'apparmor' | 'systempaths';

/** Whether the files show another reason for the relaxation. */
export function hasOtherReason(
  { container, file, texts }: Pick<Configuration, 'container' | 'file' | 'texts'>,
  purpose: Purpose,
): boolean {
  switch (purpose) {
    case 'privileged':
      return container.programs.length > 0 || container.devices.length > 0 || DEVICE.test(texts.get(file) ?? '');
    case 'seccomp':
      return runs(container, [...CONTAINER_ENGINES, ...TRACERS]) || debugs(container);
    case 'apparmor':
      return runs(container, [...CONTAINER_ENGINES, ...TRACERS, ...MOUNTERS]) || debugs(container);
    case 'systempaths':
      return runs(container, CONTAINER_ENGINES);
  }
}

/** A path below /dev in devcontainer.json, such as the source of a mount. */
const DEVICE = /["'\s=:,]\/dev(?:[/:,"']|$)/m;

function runs({ programs }: Container, names: readonly string[]): boolean {
  return programs.some((p) => p.value !== undefined && names.includes(p.value));
}

/** SYS_PTRACE beside a bubblewrap that has no use for it is there for a debugger, as in the templates for C++, Go and Rust. */
function debugs({ capAdd, bwrap }: Container): boolean {
  return bwrap.setuid.value !== true && capAdd.some((c) => c.value === 'SYS_PTRACE');
}
