import { parseTOML, ParseError, type AST } from 'toml-eslint-parser';
import type { Place } from '../../model/place.js';
import { linesOf, type Lines } from '../text/lines.js';
import type { Setting } from './settings.js';

/** What is in a file; `error` where it is no TOML. */
export interface Settings {
  readonly settings: readonly Setting[];
  readonly error?: { readonly reason: string; readonly place: Place };
}

/** Reads a file in TOML. Never throws. */
export function readSettings(text: string, file: string): Settings {
  const lines = linesOf(text, file);
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text);
  } catch (error) {
    // Anything but a ParseError is the parser's stack running over at thousands of brackets.
    const index = error instanceof ParseError ? error.index : 0;
    const reason = error instanceof ParseError ? error.message.toLowerCase() : 'it is nested too deeply';
    return { settings: [], error: { reason, place: lines.place(index, index + 1) } };
  }
  const settings = program.body[0].body.flatMap((node) => {
    if (node.type !== 'TOMLTable') return settingsOf(node, [], lines);
    const keys = node.resolvedKey.map(String);
    const place = lines.place(node.key.range[0], node.key.range[1]);
    const table = { keys, value: undefined, place, valuePlace: place };
    return [table, ...node.body.flatMap((pair) => settingsOf(pair, keys, lines))];
  });
  return { settings };
}

/** `a = { b = 1 }` is `a.b = 1`. */
function settingsOf(pair: AST.TOMLKeyValue, table: readonly string[], lines: Lines): readonly Setting[] {
  const keys = [...table, ...pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))];
  const { value } = pair;
  const setting = {
    keys,
    value: value.type === 'TOMLValue' ? value.value : undefined,
    place: lines.place(pair.range[0], pair.range[1]),
    valuePlace: lines.place(value.range[0], value.range[1]),
  };
  const inner = value.type === 'TOMLInlineTable' ? value.body : [];
  return [setting, ...inner.flatMap((each) => settingsOf(each, keys, lines))];
}
