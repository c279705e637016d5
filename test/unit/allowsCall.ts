import { evaluate, type SystemCall } from '../../src/model/seccomp/filter.js';
import type { SeccompProfile } from '../../src/model/seccomp/profile.js';

/** Whether a container with these capabilities (without CAP_) may make the call under this profile. */
export function allowsCall(profile: SeccompProfile, call: SystemCall, capabilities: ReadonlySet<string>): boolean {
  return evaluate(profile, call, { capabilities }).allowed === true;
}
