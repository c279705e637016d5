/** What the YAML library's error codes mean, for people. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'This alias has no name',
  BAD_DIRECTIVE: 'YAML knows no such directive',
  BAD_DQ_ESCAPE: 'This escape does not exist in a string in double quotes',
  BAD_INDENT: 'This line is indented less or more than its neighbours',
  BAD_SCALAR_START: 'A value cannot begin with this character: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'A value follows on the same line where none can stand',
  BLOCK_IN_FLOW: 'A list or map in lines cannot stand between brackets',
  DUPLICATE_KEY: 'This name stands twice in its map',
  MISSING_CHAR: 'A character is missing here, for instance a colon, a bracket or a closing quote',
  MULTILINE_IMPLICIT_KEY: 'A name must stand on one line and end with a colon',
  MULTIPLE_ANCHORS: 'A value can have one anchor only',
  MULTIPLE_TAGS: 'A value can have one tag only',
  TAB_AS_INDENT: 'YAML takes spaces and no tabs for indentation',
};

/** The beginning of a sentence about an error of the YAML library. */
export function yamlExplanation(code: string): string {
  return EXPLANATIONS[code] ?? 'This is not valid YAML';
}
