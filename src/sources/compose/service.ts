import { headlineWith } from '../../model/headline.js';
import type { Place } from '../../model/place.js';
import { buildMapping } from './merge.js';
import { entryOf, entryPlace, type ComposeMapping, itemsOf } from './node.js';
import type { ComposeServiceNode } from './project.js';
import { serviceOptions } from './serviceOptions.js';
import { ComposeValues, sourced, type ComposeText } from './values.js';
import { interpolated } from './interpolation.js';
import { problemMessage, type Problem } from '../text/problem.js';
import type { Option } from '../options/option.js';
import type { StartScript } from '../devcontainer/definition.js';
import { variableOf, type Variable } from '../options/variables.js';
import { shortVolume } from '../options/mounts.js';
import { withoutTrailingSlashes } from '../text/paths.js';

/** `build` of a service. */
export interface ComposeBuild {
  /** `build` where it is last. */
  readonly place: Place;
  /** As written, and relative to `folder`. A URL is possible. */
  readonly context: string;
  readonly contextPlace: Place;
  /** Relative to the workspace folder; undefined: outside. undefined folder and context `.`: the project directory's. */
  readonly folder: string | undefined;
  /** Relative to the context. */
  readonly dockerfile: ComposeText | undefined;
  /** The Dockerfile itself. */
  readonly inline: ComposeText | undefined;
  readonly target: string | undefined;
  /** A variable that is not known stays as it is written. */
  readonly args: Readonly<Record<string, string | undefined>>;
}

/** What a service says, as far as the sandbox is concerned. `undefined` is "not said". */
export interface ComposeService {
  /** In the order of their flags, each list as the files have it together. */
  readonly options: readonly Option[];
  readonly variables: readonly Variable[];
  readonly starts: readonly StartScript[];
  readonly image: ComposeText | undefined;
  readonly build: ComposeBuild | undefined;
  /** Profiles that it belongs to where none of them is active: it is then started only when it is asked for; empty: it is started. */
  readonly inactiveProfiles: readonly ComposeText[];
  readonly problems: readonly Problem[];
}

/** Interprets a merged service. Never throws: what has a wrong type is among the problems, and the rest is judged. */
export function readComposeService({ node }: ComposeServiceNode, projectFolder: string | undefined): ComposeService {
  const values = new ComposeValues();
  const image = values.text(node, 'image');
  const build = readBuild(node, projectFolder, values);
  const options = serviceOptions(node, values);
  const inactive = inactiveProfiles(values.list(node, 'profiles', 'list'));
  const problems = [
    ...values.problems,
    ...misspelt(node),
    ...repeated(options.filter(({ flag }) => flag === 'security-opt')),
    ...refused(options.filter(({ flag }) => flag === 'sysctl')),
    ...mountsInProc(node),
  ];
  const variables = environmentOf(node);
  return { options, variables, starts: startsOf(node), image, build, inactiveProfiles: inactive, problems };
}

/** What is wrong with them is not for this program to say: they decide nothing. */
function environmentOf(node: ComposeMapping): readonly Variable[] {
  const variables = new ComposeValues().list(node, 'environment', 'list-or-map');
  return variables.map(({ text, place }) => variableOf(text, place));
}

/** What the container starts, as scripts: also the entrypoint by itself, and the command as its argument. */
function startsOf(node: ComposeMapping): readonly StartScript[] {
  const [entrypoint, command] = ['entrypoint', 'command'].map((key) => {
    const words = new ComposeValues().list(node, key, 'list-or-string');
    const isList = entryOf(node, key)?.value.kind === 'sequence';
    const script = words.map(({ text }) => (isList ? `'${text.replaceAll("'", "'\\''")}'` : text)).join(' ');
    return words.slice(0, 1).map(({ place }) => ({ script, place }));
  });
  const both = (entrypoint ?? []).flatMap((entry) =>
    (command ?? []).map(({ script, place }) => ({ script: `${entry.script} ${script}`, place })),
  );
  return [...(entrypoint ?? []), ...(command ?? []), ...both];
}

/** COMPOSE_PROFILES in `.env` is what the files tell of the active ones. */
function inactiveProfiles(profiles: readonly ComposeText[]): readonly ComposeText[] {
  const isActive = ({ text, scalar }: ComposeText): boolean => {
    const active = (scalar.scope.variables.get('COMPOSE_PROFILES') ?? '').split(',').map((name) => name.trim());
    return active.includes(text) || active.includes('*');
  };
  return profiles.some((profile) => isActive(profile) || sourced(profile).value === undefined) ? [] : profiles;
}

function readBuild(
  service: ComposeMapping,
  projectFolder: string | undefined,
  values: ComposeValues,
): ComposeBuild | undefined {
  const entry = entryOf(service, 'build');
  if (!entry) return undefined;
  if (entry.value.kind === 'sequence') {
    values.wrong('"build"', entry.value, 'a string or a map');
    return undefined;
  }
  const build = buildMapping(entry);
  const context = values.text(build, 'context');
  return {
    place: entryPlace(entry),
    context: context?.text ?? '.',
    contextPlace: context?.place ?? entry.keyPlace,
    folder: context ? context.scalar.scope.folder : projectFolder,
    dockerfile: values.text(build, 'dockerfile'),
    inline: values.text(build, 'dockerfile_inline'),
    target: values.text(build, 'target')?.text,
    args: Object.fromEntries(values.list(build, 'args', 'list-or-map').flatMap(argument)),
  };
}

/**
 * One without a value has that of the variable of its name; where that is not set, the Dockerfile's default counts. undefined: it
 * depends on the machine.
 */
function argument({ text, scalar }: ComposeText): readonly (readonly [string, string | undefined])[] {
  const equals = text.indexOf('=');
  const isKnown = interpolated(scalar).unresolved.length === 0;
  if (equals >= 0) return [[text.slice(0, equals), isKnown ? text.slice(equals + 1) : undefined]];
  const value = scalar.scope.variables.get(text);
  return value === undefined ? [] : [[text, value]];
}

/** Names that look like one that is read. */
const READ = [
  ...['image', 'build', 'init', 'platform', 'privileged', 'user', 'tmpfs', 'devices', 'sysctls', 'extends'],
  ...['cap_add', 'cap_drop', 'security_opt', 'read_only', 'userns_mode', 'network_mode'],
];

/** Docker Compose refuses a name that it does not know. Which those are changes with its versions, but these are none. */
function misspelt({ entries }: ComposeMapping): readonly Problem[] {
  return [...entries.values()].flatMap(({ key, keyPlace }) => {
    const meant = READ.find((name) => name !== key && name.replace('_', '') === key.toLowerCase().replace(/[-_]/g, ''));
    if (meant === undefined) return [];
    const message = problemMessage(
      headlineWith(key, (name) => `The container cannot start: Docker Compose has no option "${name}"`),
      `Write "${meant}".`,
    );
    return [{ kind: 'type', place: keyPlace, message }];
  });
}

/** Docker Compose wants the elements of `security_opt` to differ and joins lists without taking out what is double. */
function repeated(options: readonly Option[]): readonly Problem[] {
  return options.flatMap(({ value = '', place }, index) => {
    if (!place || options.findIndex((o) => o.value === value) === index) return [];
    const message = problemMessage(
      headlineWith(value, (option) => `The container cannot start: "${option}" is set twice`),
      'Remove one of them from "security_opt". The other may be in another file of the project.',
    );
    return [{ kind: 'type', place, message }];
  });
}

/**
 * Settings of the host that bubblewrap's own hint and reports of its failures name. In a container they cannot be set: runc
 * refuses each `sysctl` that "is not in a separate kernel namespace", with `privileged` as well (measured).
 */
function refused(sysctls: readonly Option[]): readonly Problem[] {
  return sysctls.flatMap(({ value = '', place }) => {
    const [name = ''] = value.split('=', 1);
    if (!place || !/^(kernel\.(unprivileged_userns_clone|apparmor_restrict_unprivileged_)|user\.max_)/.test(name))
      return [];
    const message = problemMessage(
      headlineWith(name, (sysctl) => `The container cannot start: the sysctl ${sysctl} is the host's`),
      'Remove it here, and set it on the host if it is needed.',
    );
    return [{ kind: 'type', place, message }];
  });
}

/** What runc lets be mounted over in /proc, as lxcfs does (libcontainer/rootfs_linux.go, checkProcMount; measured with 1.1.5). */
const IN_PROC =
  /^\/proc\/(cpuinfo|diskstats|meminfo|stat|swaps|uptime|loadavg|slabinfo|net\/dev|sys\/kernel\/ns_last_pid)$/;

/** Volumes inside of /proc: with `privileged` as well (measured). */
function mountsInProc(service: ComposeMapping): readonly Problem[] {
  return itemsOf(service, 'volumes').flatMap((item) => {
    const target = item.kind === 'mapping' ? entryOf(item, 'target')?.value : item;
    if (target?.kind !== 'scalar') return [];
    const { text } = interpolated(target);
    const path = withoutTrailingSlashes(item.kind === 'mapping' ? text : shortVolume(text).target);
    if (!path.startsWith('/proc/') || IN_PROC.test(path)) return [];
    const message = problemMessage(
      headlineWith(path, (target) => `The container cannot start: the volume at ${target} is inside /proc`),
      'Mount it at another path, or remove it.',
    );
    return [{ kind: 'type', place: target.place, message }];
  });
}
