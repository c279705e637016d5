import { capabilityName } from '../../model/container/capabilities.js';
import type { Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { buildMapping } from './merge.js';
import { entryOf, entryPlace, itemsOf, type ComposeMapping } from './node.js';
import type { ComposeServiceNode } from './project.js';
import { ComposeValues, sourced, unique, type ComposeText } from './values.js';
import { interpolated } from './interpolation.js';
import { mountsInProc, writableVolumes } from './volumes.js';
import type { Problem } from '../text/problem.js';
import type { RunOptions } from '../options/runArgs.js';

/** `build` of a service. */
export interface ComposeBuild {
  /** `build` where it stands last. */
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
  /** The options in the words of `docker run`; all problems of the service's values are in it. */
  readonly options: RunOptions;
  readonly image: ComposeText | undefined;
  readonly build: ComposeBuild | undefined;
  readonly init: Sourced<boolean> | undefined;
  readonly usernsMode: Sourced<string> | undefined;
  readonly networkMode: Sourced<string> | undefined;
  readonly platform: Sourced<string> | undefined;
  /** `NAME=VALUE`. */
  readonly sysctls: readonly Sourced<string>[];
  /** Profiles that it belongs to where none of them is active: it is then started only when it is asked for; empty: it is started. */
  readonly inactiveProfiles: readonly ComposeText[];
}

/** Interprets a merged service. Never throws: what has a wrong type is among the problems, and the rest is judged. */
export function readComposeService({ node }: ComposeServiceNode, projectFolder: string | undefined): ComposeService {
  const values = new ComposeValues();
  const optional = (text: ComposeText | undefined): Sourced<string> | undefined => text && sourced(text);
  const capabilities = (key: string): Sourced<string>[] =>
    unique(values.list(node, key, 'list')).map((text) => {
      const name = sourced(text);
      return name.value === undefined ? name : { ...name, value: capabilityName(name.value) };
    });
  const sysctls = unique(values.list(node, 'sysctls', 'list-or-map'));
  const service = {
    image: values.text(node, 'image'),
    build: readBuild(node, projectFolder, values),
    init: values.boolean(node, 'init'),
    usernsMode: optional(values.text(node, 'userns_mode')),
    networkMode: optional(values.text(node, 'network_mode')),
    platform: optional(values.text(node, 'platform')),
    sysctls: sysctls.map(sourced),
    inactiveProfiles: inactiveProfiles(values.list(node, 'profiles', 'list')),
  };
  const securityOpt = values.list(node, 'security_opt', 'list');
  const options = {
    privileged: values.boolean(node, 'privileged'),
    capAdd: capabilities('cap_add'),
    capDrop: capabilities('cap_drop'),
    // What a variable leaves open is seen when the option is taken apart: its name may be known all the same.
    securityOpt: securityOpt.map(({ text, place }) => ({ value: text, places: [place] })),
    user: optional(values.text(node, 'user')),
    readOnly: values.boolean(node, 'read_only'),
    tmpfs: [...unique(values.list(node, 'tmpfs', 'list-or-string')).map(sourced), ...writableVolumes(node, values)],
    devices: devices(node, values),
  };
  const problems = [
    ...values.problems,
    ...misspelt(node),
    ...repeated(securityOpt),
    ...refused(sysctls),
    ...mountsInProc(node),
  ];
  return { ...service, options: { ...options, problems } };
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

/** Paths on the host. Of devices at the same path in the container the last one counts. */
function devices(service: ComposeMapping, values: ComposeValues): readonly Sourced<string>[] {
  const byTarget = new Map<string, Sourced<string>>();
  for (const item of itemsOf(service, 'devices')) {
    if (item.kind === 'mapping') {
      const source = values.text(item, 'source');
      if (source) byTarget.set(values.text(item, 'target')?.text ?? source.text, sourced(source));
    } else if (item.kind === 'scalar' && item.value !== null) {
      const text = values.element(item, 'devices');
      const device = sourced(text);
      const [source = '', target = source] = text.text.split(':');
      byTarget.set(target, device.value === undefined ? device : { ...device, value: source });
    }
  }
  return [...byTarget.values()];
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
    const message = `Docker Compose knows no "${key}" and refuses the file, so the container does not start. Write "${meant}".`;
    return [{ kind: 'type', place: keyPlace, message }];
  });
}

/** Docker Compose wants the elements of `security_opt` to differ and joins lists without taking out what is double. */
function repeated(options: readonly ComposeText[]): readonly Problem[] {
  return options.flatMap(({ text, place }, index) => {
    if (options.findIndex((o) => o.text === text) === index) return [];
    const message = `"${text}" stands twice in "security_opt", here or in another file of the project, so Docker Compose refuses it and the container does not start. Remove one of them.`;
    return [{ kind: 'type', place, message }];
  });
}

/**
 * Settings of the host that bubblewrap's own hint and reports of its failures name. In a container they cannot be set: runc
 * refuses each `sysctl` that "is not in a separate kernel namespace", with `privileged` as well (measured).
 */
function refused(sysctls: readonly ComposeText[]): readonly Problem[] {
  return sysctls.flatMap(({ text, place }) => {
    const [name = ''] = text.split('=', 1);
    if (!/^(kernel\.(unprivileged_userns_clone|apparmor_restrict_unprivileged_)|user\.max_)/.test(name)) return [];
    const message = `The sysctl ${name} belongs to the host and cannot be set for a container, so Docker refuses it and the container does not start. Remove it, and set it on the host where it is needed.`;
    return [{ kind: 'type', place, message }];
  });
}
