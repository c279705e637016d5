/** Kleene's three-valued logic: undefined is "not known". */
export type Ternary = boolean | undefined;

/** False where one is false, true where all are true, else not known. */
export function all(...values: readonly Ternary[]): Ternary {
  return values.includes(false) ? false : values.includes(undefined) ? undefined : true;
}

/** True where one is true, false where all are false, else not known. */
export function any(...values: readonly Ternary[]): Ternary {
  return values.includes(true) ? true : values.includes(undefined) ? undefined : false;
}

/** The opposite, where it is known. */
export function not(value: Ternary): Ternary {
  return value === undefined ? undefined : !value;
}
