/** The text as a code block of Markdown, in a fence that no line of it closes. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

/**
 * Text that Markdown shows as it is, behind something else on its line: in a cell, a list, emphasis. Unlike `literal` it leaves alone what
 * means nothing there, so that people can read the source too.
 */
export function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*[\]<>|~&$@#]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\./gi, (start) => start.replace('.', '\\.'))
    .replace(/^(?:[-+]|\d+[.)])/, (start) => start.replace(/[-+.)]/, '\\$&'));
}
