import { capabilityName } from '../../model/container/capabilities.js';
import { known, unknown, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import type { Problem } from '../text/problem.js';
import { parseBoolean, readCommandLine, type Flag, type Misread } from './dockerFlags.js';
import { dependsOn, substitute, substituted } from '../text/variables.js';

/** One string of runArgs. */
export interface Argument {
  readonly text: string;
  readonly place: Place;
}

/** What `docker run` is told, as far as the sandbox is concerned. `undefined` is "not said". */
export interface RunOptions {
  readonly privileged: Sourced<boolean> | undefined;
  readonly capAdd: readonly Sourced<string>[];
  readonly capDrop: readonly Sourced<string>[];
  /** As written, in order; an entry of unknown value is an option that depends on the machine. */
  readonly securityOpt: readonly Sourced<string>[];
  readonly user: Sourced<string> | undefined;
  /** The user namespace's mode, `host` or one of Podman's; not there with Compose. */
  readonly userns?: Sourced<string> | undefined;
  readonly readOnly: Sourced<boolean> | undefined;
  /** PATH[:OPTIONS], as `--tmpfs` spells it. */
  readonly tmpfs: readonly Sourced<string>[];
  /** Paths on the host. */
  readonly devices: readonly Sourced<string>[];
  readonly problems: readonly Problem[];
}

/** No runArgs at all. */
export const NO_RUN_OPTIONS: RunOptions = {
  privileged: undefined,
  capAdd: [],
  capDrop: [],
  securityOpt: [],
  user: undefined,
  readOnly: undefined,
  tmpfs: [],
  devices: [],
  problems: [],
};

/** A flag with the place of the arguments that it stands in. */
interface PlacedFlag extends Flag {
  readonly place: Place;
}

/** Reads runArgs as docker reads its own arguments: every spelling, and the last of several wins where docker has it so. */
export function readRunArgs(args: readonly Argument[]): RunOptions {
  const { flags, misread } = readCommandLine(args.map((a) => a.text));
  const placed = flags.flatMap((flag) => {
    const place = span(args[flag.first], args[flag.last]);
    return place ? [{ ...flag, place }] : [];
  });
  const named = (name: string): PlacedFlag[] => placed.filter((f) => f.name === name);
  const values = (name: string): Sourced<string>[] => named(name).map((f) => substituted(f.value ?? '', f.place));
  const privileged = lastBoolean(named('privileged'));
  const readOnly = lastBoolean(named('read-only'));
  const capAdd = named('cap-add').flatMap(capabilities);
  const capDrop = named('cap-drop').flatMap(capabilities);
  return {
    privileged: privileged.value,
    capAdd,
    capDrop,
    securityOpt: named('security-opt').map((f) => known(f.value ?? '', f.place)),
    user: values('user').at(-1),
    userns: values('userns').at(-1),
    readOnly: readOnly.value,
    tmpfs: [...values('tmpfs'), ...named('mount').flatMap(tmpfsMount)],
    devices: values('device').map(hostDevice),
    problems: [
      ...misread.flatMap((m) => misreadProblem(m, args)),
      ...privileged.problems,
      ...readOnly.problems,
      ...[...named('cap-add'), ...named('cap-drop')].flatMap(commaProblem),
    ],
  };
}

function span(first: Argument | undefined, last: Argument | undefined): Place | undefined {
  if (!first || !last) return undefined;
  return { file: first.place.file, range: { start: first.place.range.start, end: last.place.range.end } };
}

function misreadProblem({ kind, argument, index }: Misread, args: readonly Argument[]): Problem[] {
  const place = args[index]?.place;
  if (!place) return [];
  const [flag = '', ...value] = argument.split(/\s+/);
  const sentences = {
    'unknown-flag': value.length
      ? `Docker knows no flag "${argument}", so the container does not start. A flag and its value are two strings: write "${flag}", "${value.join(' ')}".`
      : `Docker knows no flag "${argument}", so the container does not start. Correct its name or remove it.`,
    positional: `Docker takes "${argument}" for the name of the image and everything behind it for its command, so the container does not start as meant. Each element must be a flag or the value of the flag before it.`,
    'no-value': `"${argument}" needs a value, so the container does not start. Add the value as the next string.`,
  };
  return [{ kind: 'syntax', place, message: sentences[kind] }];
}

/** The last one wins; what is no boolean makes docker refuse. */
function lastBoolean(flags: readonly PlacedFlag[]): { value: Sourced<boolean> | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  let value: Sourced<boolean> | undefined;
  for (const { name, value: written = 'true', place } of flags) {
    const { text, unresolved } = substitute(written);
    const [variable] = unresolved;
    const parsed = parseBoolean(text);
    if (variable !== undefined) value = unknown(dependsOn(variable), place);
    else if (parsed !== undefined) value = known(parsed, place);
    else {
      const message = `"${text}" is neither true nor false, so docker refuses --${name} and the container does not start. Write --${name} alone, or --${name}=false.`;
      problems.push({ kind: 'type', place, message });
    }
  }
  return { value, problems };
}

/** Podman splits at commas and Docker refuses them; each name is read, since it is what the author means. */
function capabilities({ value = '', place }: PlacedFlag): Sourced<string>[] {
  const whole = substituted(value, place);
  if (whole.value === undefined) return [whole];
  return whole.value.split(',').flatMap((name) => (name.trim() === '' ? [] : [known(capabilityName(name), place)]));
}

function commaProblem({ name, value = '', place }: PlacedFlag): Problem[] {
  if (!value.includes(',')) return [];
  const message = `Docker does not split "${value}" at the commas and refuses it as a capability that it does not know, so the container does not start. Give --${name} once for each capability.`;
  return [{ kind: 'type', place, message }];
}

/** `/dev/fuse:/dev/fuse:rwm` → `/dev/fuse`. */
function hostDevice(source: Sourced<string>): Sourced<string> {
  return source.value === undefined ? source : { ...source, value: source.value.split(':')[0] ?? '' };
}

function tmpfsMount({ value = '', place }: PlacedFlag): Sourced<string>[] {
  const target = tmpfsTarget(value);
  return target === undefined ? [] : [substituted(target, place)];
}

/** Where a mount in docker's `type=…,target=…` spelling puts a tmpfs; undefined when it is no tmpfs. */
export function tmpfsTarget(mount: string): string | undefined {
  const fields = mount.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
  if (!fields.some((f) => /^type=tmpfs$/i.test(f))) return undefined;
  const target = fields.find((f) => /^(target|destination|dst)=/i.test(f));
  return target?.slice(target.indexOf('=') + 1);
}
