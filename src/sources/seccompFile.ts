import { known, unknown, type Seccomp, type Sourced } from '../model/container.js';
import { parseSeccompProfile } from '../model/seccomp.js';
import type { Problem } from './configuration.js';
import { resolvePath } from './paths.js';
import type { ConfigurationReader } from './reader.js';
import type { SeccompOption } from './securityOptions.js';

/**
 * Reads the profile that `seccomp=FILE` names. Docker resolves a relative path against the folder it is started in,
 * which is the workspace folder. One that is missing or invalid keeps the container from starting: the value says so, and
 * a rule of its own reports it.
 */
export async function readSeccomp(
  option: Sourced<SeccompOption>,
  reader: ConfigurationReader,
): Promise<{ readonly seccomp: Sourced<Seccomp>; readonly problems: readonly Problem[] }> {
  const { value, places } = option;
  const [place] = places;
  if (value === undefined) return { seccomp: unknown(option.why ?? 'it cannot be read', ...places), problems: [] };
  if (value.kind !== 'file' || !place) {
    return {
      seccomp: known(value.kind === 'unconfined' ? { kind: 'unconfined' } : { kind: 'default' }, ...places),
      problems: [],
    };
  }
  const path = resolvePath('', value.path);
  const file = path.kind === 'inside' ? path.path : value.path;
  const answer = await reader.follow(path, `The seccomp profile "${file}"`, 'the container does not start', place);
  const custom = (rest: Partial<Seccomp & { kind: 'custom' }>): Sourced<Seccomp> =>
    known({ kind: 'custom', file, profile: undefined, ...rest }, ...places);
  switch (answer.kind) {
    case 'unknown':
      return { seccomp: unknown(answer.why, ...places), problems: [] };
    case 'text':
      try {
        return { seccomp: custom({ profile: parseSeccompProfile(answer.text) }), problems: [] };
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        return { seccomp: custom({ problem }), problems: [] };
      }
    case 'missing':
      return { seccomp: custom({ problem: 'it does not exist' }), problems: [] };
    default:
      return { seccomp: custom({}), problems: answer.problem ? [answer.problem] : [] };
  }
}
