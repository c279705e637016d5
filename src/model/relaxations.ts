export type RelaxationId =
  | 'seccomp-tailored'
  | 'seccomp-unconfined'
  | 'apparmor-unconfined'
  | 'systempaths-unconfined'
  | 'bwrap-installed'
  | 'bwrap-removed'
  | 'bwrap-setuid'
  | 'bwrap-not-setuid'
  | 'no-new-privileges-removed'
  | 'tmpfs'
  | 'privileged'
  | `cap-${string}`;
