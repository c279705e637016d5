import { headlineWith } from '../../model/headline.js';
import type { Network } from '../../model/agent/request.js';
import { known, unknown, type Sourced } from '../../model/container/container.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { BUILT_IN, OPEN_PROFILE, profileOf } from './permissions.js';
import { settingAt, settingsIn, type Setting } from './settings.js';
import { readSettings } from './toml.js';

/** Codex's `sandbox_mode`. */
const MODES: readonly unknown[] = ['read-only', 'workspace-write', 'danger-full-access'];

/** The mode in which commands run without a sandbox. */
const OPEN_MODE = 'danger-full-access';

/** What decides whether Codex's commands run in a sandbox. */
export interface SandboxSetting {
  readonly on: boolean;
  /** What decides, as the subject of a sentence. */
  readonly by: string;
  /** The setting, as people write it. */
  readonly written: string;
  /** What switches the sandbox on in its place; not there: there is more than one way. */
  readonly instead?: { readonly of: string; readonly write: string };
  /** Why, where the repository only says so to this check. */
  readonly reason?: string;
}

/** What Codex's configuration says of its sandbox. */
export interface CodexConfig {
  readonly network: Sourced<Network>;
  /** undefined: not said. */
  readonly sandbox: Sourced<SandboxSetting> | undefined;
  readonly problems: readonly Problem[];
}

/** Measured with Codex 0.169.0. */
const REFUSED = 'Codex does not start in a project that it trusts. Elsewhere it ignores the whole file.';

const DEFAULTS: CodexConfig = { network: known('restricted'), sandbox: undefined, problems: [] };

/**
 * Reads .codex/config.toml. Never throws.
 * @param brought settings of the user's own configuration, which those of the project go before
 */
export function readCodexConfig(text: string, file: string, brought: readonly Setting[] = []): CodexConfig {
  const { settings, error } = readSettings(text, file);
  const said = codexConfig(brought, settings);
  // Whether a file that only a command names is Codex's is a guess: nothing in it is a problem.
  const problems = said.problems.filter(({ place }) => place.file === file);
  if (error === undefined) return { ...said, problems };
  const message = refused('it is not valid TOML', 'Correct it here.', `Reason: ${error.reason}.`);
  return { ...said, problems: [...problems, { kind: 'syntax', place: error.place, message }] };
}

/**
 * What settings amount to. Of the files, the last that names a mode or a profile decides; in one file the profile goes before the mode
 * (measured with Codex 0.169.0; its documentation says the opposite, openai/codex #36448).
 * @param files the settings of each, the user's before the project's
 */
export function codexConfig(...files: readonly (readonly Setting[])[]): CodexConfig {
  const settings = files.flat();
  const deciding = files.findLast((file) => profileIn(file) ?? modeIn(file)) ?? [];
  const profile = profileIn(deciding);
  if (profile) return byProfile(profile, settings);
  const mode = modeIn(deciding);
  return mode === undefined && settingsIn(settings, 'permissions').length > 0
    ? withoutDefault(settings)
    : byMode(mode, settings);
}

function profileIn(settings: readonly Setting[]): Setting | undefined {
  return settingAt(settings, 'default_permissions');
}

function modeIn(settings: readonly Setting[]): Setting | undefined {
  return settingAt(settings, 'sandbox_mode');
}

/** network_access belongs to workspace-write alone; danger-full-access has the network anyway. */
function byMode(setting: Setting | undefined, settings: readonly Setting[]): CodexConfig {
  const access = settingAt(settings, 'sandbox_workspace_write', 'network_access');
  const problems = [
    ...(setting && !MODES.includes(setting.value) ? [wrongType(setting, `one of ${quoted(MODES)}`)] : []),
    ...notBoolean(access),
  ];
  if (!setting || !MODES.includes(setting.value)) {
    return {
      network: networkOf(access?.value === true, access ? [access] : [], settings),
      sandbox: undefined,
      problems,
    };
  }
  const { value, place } = setting;
  const sandbox = known(selected(setting, OPEN_MODE, 'workspace-write'), place);
  if (value === OPEN_MODE) return { network: known('full', place), sandbox, problems };
  if (value === 'read-only') return { network: known('restricted', place), sandbox, problems };
  return { network: networkOf(access?.value === true, access ? [access] : [], settings), sandbox, problems };
}

/** The sandbox_workspace_write table means nothing then. */
function byProfile(setting: Setting, settings: readonly Setting[]): CodexConfig {
  const { value: name, place } = setting;
  if (typeof name !== 'string' || (name.startsWith(':') && !BUILT_IN.includes(name))) {
    return { ...DEFAULTS, problems: [wrongType(setting, `${quoted(BUILT_IN)} or the name of a profile`)] };
  }
  const sandbox = known(selected(setting, OPEN_PROFILE, ':workspace'), place);
  if (BUILT_IN.includes(name)) {
    return { network: known(name === OPEN_PROFILE ? 'full' : 'restricted', place), sandbox, problems: [] };
  }
  const profile = profileOf(name, settings);
  if (profile.kind === 'refused') {
    const message = refused(profile.why, 'Extend ":workspace" or ":read-only".');
    return { ...DEFAULTS, problems: [{ kind: 'type', place, message }] };
  }
  if (profile.kind === 'elsewhere') return notRead(setting, profile.name);
  const { network, by, everywhere } = profile;
  const problems = by.flatMap(notBoolean);
  if (everywhere && !(network && hasProxy(settings))) {
    const off = {
      on: false,
      by: `The permission profile "${name}"`,
      written: `":root" = "write" in the permission profile "${name}"`,
    };
    return { network: known('full', everywhere.place), sandbox: known(off, everywhere.place), problems };
  }
  return { network: networkOf(network, by.length > 0 ? by : [setting], settings), sandbox, problems };
}

function refused(why: string, remedy: string, ...lines: readonly string[]): string {
  const headline = headlineWith(why, (shown) => `Codex refuses this file: ${shown}`);
  return problemMessage(headline, remedy, ...lines, REFUSED);
}

/** Codex 0.169.0 does not start with a table of profiles and none that is named. */
function withoutDefault(settings: readonly Setting[]): CodexConfig {
  const [{ place }] = settingsIn(settings, 'permissions') as [Setting];
  const message = problemMessage(
    'Codex may not start: no permission profile is selected',
    'Set default_permissions here.',
    'With [permissions] Codex needs default_permissions or sandbox_mode in one of its files.',
  );
  return {
    ...DEFAULTS,
    network: unknown('no permission profile is selected'),
    problems: [{ kind: 'not-judged', place, message }],
  };
}

function notRead({ place }: Setting, name: string): CodexConfig {
  const message = problemMessage(
    headlineWith(name, (shown) => `Codex may not start: there is no permission profile "${shown}" here`),
    'Define the profile here, unless another configuration of Codex defines it.',
  );
  return {
    network: unknown(`the permission profile "${name}" is not defined in these files`, place),
    sandbox: undefined,
    problems: [{ kind: 'not-judged', place, message }],
  };
}

/** With its proxy Codex gives commands a network namespace of their own, whatever they may reach (measured with both kinds of settings). */
function networkOf(allowed: boolean, by: readonly Setting[], settings: readonly Setting[]): Sourced<Network> {
  const places = by.map(({ place }) => place);
  return known(allowed && !hasProxy(settings) ? 'full' : 'restricted', ...places);
}

function hasProxy(settings: readonly Setting[]): boolean {
  return [
    settingAt(settings, 'features', 'network_proxy'),
    settingAt(settings, 'features', 'network_proxy', 'enabled'),
  ].some((setting) => setting?.value === true);
}

function selected({ keys, value }: Setting, open: string, closed: string): SandboxSetting {
  const by = keys.join('.');
  const written = `${by} = "${String(value)}"`;
  return value === open ? { on: false, by, written, instead: { of: open, write: closed } } : { on: true, by, written };
}

function quoted(values: readonly unknown[]): string {
  return values.map((value) => `"${String(value)}"`).join(', ');
}

function notBoolean(setting: Setting | undefined): readonly Problem[] {
  return setting === undefined || typeof setting.value === 'boolean' ? [] : [wrongType(setting, 'true or false')];
}

function wrongType({ keys, valuePlace }: Setting, expected: string): Problem {
  const message = refused(`"${String(keys.at(-1))}" has a wrong value`, `Write ${expected}.`);
  return { kind: 'type', place: valuePlace, message };
}
