/** How an author lays a list out, as far as new entries have to fit in. */
export interface Layout {
  /** Line break. */
  readonly eol: string;
  /** One step of indentation. */
  readonly unit: string;
  /** Between the entries of a list on one line. */
  readonly comma: string;
}

/** The white space at the start of the line in which `offset` is. */
export function indentationAt(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  return /^\uFEFF?([ \t]*)/.exec(text.slice(start))?.[1] ?? '';
}

/** Whether only white space stands before `offset` in its line. */
export function beginsLine(text: string, offset: number): boolean {
  return /[\r\n]/.test(text.charAt(blanksBefore(text, offset) - 1));
}

/** Where the spaces and tabs before `offset` begin. No regular expression: it would try anew from each blank of the text. */
export function blanksBefore(text: string, offset: number): number {
  let start = offset;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  return start;
}
