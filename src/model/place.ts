/** A point in a text: line and character count from 0, characters in UTF-16 units, as in VS Code. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A stretch of a text; `end` is the first position behind it. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A stretch of a file. `file` is relative to the workspace folder, with forward slashes. */
export interface Place {
  readonly file: string;
  readonly range: Range;
}
