import type { Place } from '../../model/place.js';

/** One `key = value` of a configuration of Codex, wherever it is written, or a table. */
export interface Setting {
  readonly keys: readonly string[];
  /** undefined: a table or a list. */
  readonly value: unknown;
  readonly place: Place;
  /** Of the value alone. */
  readonly valuePlace: Place;
}

/** The setting of this name; of several files the last one decides. */
export function settingAt(settings: readonly Setting[], ...keys: readonly string[]): Setting | undefined {
  return settings.findLast((s) => s.keys.length === keys.length && keys.every((key, i) => s.keys[i] === key));
}

/** A table by itself, what is in it and in those within it. */
export function settingsIn(settings: readonly Setting[], ...table: readonly string[]): readonly Setting[] {
  return settings.filter((s) => table.every((key, i) => s.keys[i] === key));
}
