import { headlineWith } from '../../model/headline.js';
import { known, unknown, type AppArmor, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { parseBoolean } from './dockerFlags.js';
import { dependsOn, replaceVariables, substitute } from '../text/variables.js';

/** The seccomp filter that is asked for; a file's path is still as written. */
export type SeccompOption =
  { readonly kind: 'default' } | { readonly kind: 'unconfined' } | { readonly kind: 'file'; readonly path: string };

/** What all `--security-opt` of a command line come to. */
export interface SecurityOptions {
  readonly seccomp: Sourced<SeccompOption>;
  readonly apparmor: Sourced<AppArmor>;
  readonly noNewPrivileges: Sourced<boolean>;
  readonly maskedPaths: Sourced<boolean>;
  readonly problems: readonly Problem[];
}

const DEFAULTS: SecurityOptions = {
  seccomp: known({ kind: 'default' }),
  apparmor: known({ kind: 'default' }),
  noNewPrivileges: known(false),
  maskedPaths: known(true),
  problems: [],
};

/**
 * Reads the values of `--security-opt` in the order of docker's command line. The last seccomp=, apparmor= and
 * no-new-privileges win (measured), systempaths=unconfined cannot be taken back (docker/cli parseSystemPaths): `docker run` and
 * Docker Compose 2 turn it into empty lists of paths themselves (measured with 2.26.1), docker-compose 1.29 hands it on to
 * Docker, which refuses it and creates no container (`invalid --security-opt 2`, measured with 1.29.2 and Docker 20.10). An entry
 * of unknown value may be any option: it makes unknown what no later entry decides.
 */
export function readSecurityOptions(entries: readonly Sourced<string>[]): SecurityOptions {
  return entries.reduce(apply, DEFAULTS);
}

function apply(options: SecurityOptions, entry: Sourced<string>): SecurityOptions {
  const { value: raw, places } = entry;
  if (raw === undefined) return mayBeAnything(options, entry.why ?? 'it cannot be read', places);
  const written = substitute(raw).text;
  const { key, value } = split(written);
  const [hidden] = substitute(key).unresolved;
  if (hidden !== undefined) return mayBeAnything(options, dependsOn(hidden), places);
  const [variable] = substitute(value ?? '').unresolved;
  switch (key) {
    case 'seccomp':
      if (!value) return withProblem(options, places, noValue(written));
      // The path is resolved later: ${localWorkspaceFolder} means something there.
      return { ...options, seccomp: known(seccompOption(value), ...places) };
    case 'apparmor':
      if (variable !== undefined) return { ...options, apparmor: unknown(dependsOn(variable), ...places) };
      if (!value) return withProblem(options, places, noValue(written));
      return { ...options, apparmor: known(appArmor(value), ...places) };
    case 'no-new-privileges':
      return noNewPrivileges(options, written, variable, value, places);
    case 'systempaths':
      if (written === 'systempaths=unconfined') return { ...options, maskedPaths: known(false, ...places) };
      return withProblem(options, places, unknownSystemPaths(written));
    case 'unmask':
      return /(^|:)(ALL|\/proc\/\*|\/proc)(:|$)/i.test(value ?? '')
        ? { ...options, maskedPaths: known(false, ...places) }
        : options;
    default:
      return value === undefined ? withProblem(options, places, noValue(written)) : options;
  }
}

/** Docker splits at the first `=`, and only where there is none at the first `:`, the old spelling. */
function split(written: string): { key: string; value: string | undefined } {
  const outsideVariables = replaceVariables(written, (variable) => '$'.repeat(variable.length));
  const at = outsideVariables.includes('=') ? outsideVariables.indexOf('=') : outsideVariables.indexOf(':');
  return at < 0 ? { key: written, value: undefined } : { key: written.slice(0, at), value: written.slice(at + 1) };
}

function seccompOption(value: string): SeccompOption {
  if (value === 'unconfined') return { kind: 'unconfined' };
  return value === 'builtin' ? { kind: 'default' } : { kind: 'file', path: value };
}

function appArmor(value: string): AppArmor {
  // Named even where it names the engine's own: that one then holds under --privileged as well (moby daemon/apparmor).
  return value === 'unconfined' ? { kind: 'unconfined' } : { kind: 'named', name: value };
}

function noNewPrivileges(
  options: SecurityOptions,
  written: string,
  variable: string | undefined,
  given: string | undefined,
  places: readonly Place[],
): SecurityOptions {
  if (variable !== undefined) return { ...options, noNewPrivileges: unknown(dependsOn(variable), ...places) };
  const value = given === undefined ? true : parseBoolean(given);
  if (value !== undefined) return { ...options, noNewPrivileges: known(value, ...places) };
  const message = problemMessage(
    headlineWith(written, (shown) => `The container cannot start: Docker refuses "${shown}"`),
    'Write "no-new-privileges" or "no-new-privileges=false".',
  );
  return withProblem(options, places, message);
}

function noValue(written: string): string {
  return problemMessage(
    headlineWith(written, (shown) => `The container cannot start: "${shown}" has no value`),
    'Write KEY=VALUE, for instance "seccomp=unconfined".',
  );
}

function unknownSystemPaths(written: string): string {
  return problemMessage(
    headlineWith(written, (shown) => `The container cannot start: Docker refuses "${shown}"`),
    'Write "systempaths=unconfined". There is no other form.',
  );
}

function withProblem(options: SecurityOptions, places: readonly Place[], message: string): SecurityOptions {
  const [place] = places;
  return place ? { ...options, problems: [...options.problems, { kind: 'type', place, message }] } : options;
}

function mayBeAnything(options: SecurityOptions, why: string, places: readonly Place[]): SecurityOptions {
  return {
    ...options,
    seccomp: unknown(why, ...places),
    apparmor: unknown(why, ...places),
    noNewPrivileges: unknown(why, ...places),
    maskedPaths: options.maskedPaths.value === false ? options.maskedPaths : unknown(why, ...places),
  };
}
