/** EACCES: AppArmor (or another security module) said no, or the mode of a file. */
export const DENIED = '(?:Permission denied|EACCES)';

/** EPERM: seccomp said no, or a capability is missing. ENOSYS: a seccomp profile that says no in this way. */
export const FORBIDDEN = '(?:Operation not permitted|EPERM|Function not implemented|ENOSYS)';
