import { parseTOML, ParseError, type AST } from 'toml-eslint-parser';
import type { Network } from '../../model/agent/request.js';
import { known, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import type { Problem } from '../text/problem.js';
import { linesOf, type Lines } from '../text/lines.js';

/** Codex's `sandbox_mode`. */
export type SandboxMode = 'read-only' | 'workspace-write' | 'danger-full-access';

/** What Codex's configuration says of its sandbox. */
export interface CodexConfig {
  readonly network: Sourced<Network>;
  /** undefined: not said. */
  readonly sandboxMode: Sourced<SandboxMode> | undefined;
  readonly problems: readonly Problem[];
}

/** What is assumed where Codex refuses the file. */
const NO_CODEX_CONFIG: CodexConfig = { network: known('restricted'), sandboxMode: undefined, problems: [] };

/** Measured with Codex 0.169.0. */
const REFUSED = 'in a project that it trusts it does not start, elsewhere none of the settings is in force';

const MODES: readonly SandboxMode[] = ['read-only', 'workspace-write', 'danger-full-access'];

/** Reads .codex/config.toml. Never throws. */
export function readCodexConfig(text: string, file: string): CodexConfig {
  const lines = linesOf(text, file);
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text);
  } catch (error) {
    // Anything but a ParseError is the parser's stack running over at thousands of brackets.
    return { ...NO_CODEX_CONFIG, problems: [refused(error, lines)] };
  }
  const settings = program.body[0].body.flatMap((node) =>
    node.type === 'TOMLTable' ? node.body.map((pair) => setting(pair, node.resolvedKey)) : [setting(node, [])],
  );
  const values = settings.flatMap(flattenInline);
  const problems: Problem[] = [];
  const sandboxMode = readMode(find(values, 'sandbox_mode'), lines, problems);
  const access = readBoolean(find(values, 'sandbox_workspace_write.network_access'), lines, problems);
  return { network: network(sandboxMode, access), sandboxMode, problems };
}

interface Setting {
  readonly path: string;
  readonly pair: AST.TOMLKeyValue;
}

function setting(pair: AST.TOMLKeyValue, table: readonly (string | number)[]): Setting {
  const keys = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
  return { path: [...table, ...keys].join('.'), pair };
}

/** `a = { b = 1 }` is `a.b = 1`. */
function flattenInline(outer: Setting): Setting[] {
  const { value } = outer.pair;
  if (value.type !== 'TOMLInlineTable') return [outer];
  return value.body.flatMap((pair) => flattenInline(setting(pair, [outer.path])));
}

function find(settings: readonly Setting[], path: string): AST.TOMLKeyValue | undefined {
  return settings.find((s) => s.path === path)?.pair;
}

function placeOf(node: AST.TOMLNode, lines: Lines): Place {
  return lines.place(node.range[0], node.range[1]);
}

function readMode(
  pair: AST.TOMLKeyValue | undefined,
  lines: Lines,
  problems: Problem[],
): Sourced<SandboxMode> | undefined {
  if (!pair) return undefined;
  const value = pair.value.type === 'TOMLValue' ? pair.value.value : undefined;
  const mode = MODES.find((m) => m === value);
  if (mode) return known(mode, placeOf(pair, lines));
  problems.push(
    wrongType('sandbox_mode', `one of ${MODES.map((m) => `"${m}"`).join(', ')}`, placeOf(pair.value, lines)),
  );
  return undefined;
}

function readBoolean(
  pair: AST.TOMLKeyValue | undefined,
  lines: Lines,
  problems: Problem[],
): Sourced<boolean> | undefined {
  if (!pair) return undefined;
  if (pair.value.type === 'TOMLValue' && typeof pair.value.value === 'boolean') {
    return known(pair.value.value, placeOf(pair, lines));
  }
  problems.push(wrongType('network_access', 'true or false', placeOf(pair.value, lines)));
  return undefined;
}

function wrongType(name: string, expected: string, place: Place): Problem {
  const message = `"${name}" must be ${expected}, so Codex refuses the whole file: ${REFUSED}. Correct the value.`;
  return { kind: 'type', place, message };
}

/** network_access belongs to workspace-write alone; danger-full-access has the network anyway. */
function network(mode: Sourced<SandboxMode> | undefined, access: Sourced<boolean> | undefined): Sourced<Network> {
  if (mode?.value === 'danger-full-access') return known('full', ...mode.places);
  if (mode?.value === 'read-only') return known('restricted', ...mode.places);
  return access ? known(access.value === true ? 'full' : 'restricted', ...access.places) : known('restricted');
}

function refused(error: unknown, lines: Lines): Problem {
  const index = error instanceof ParseError ? error.index : 0;
  const reason = error instanceof ParseError ? error.message.toLowerCase() : 'it is nested too deeply';
  const message = `This is not valid TOML (${reason}), so Codex refuses the whole file: ${REFUSED}. Correct it here.`;
  return { kind: 'syntax', place: lines.place(index, index + 1), message };
}
