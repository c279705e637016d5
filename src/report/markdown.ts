/** The text as a code block of Markdown, in a fence that no line of it closes. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

/**
 * Text that Markdown shows as it is, in a table's cell as elsewhere. A renderer that makes links of addresses finds none: neither `//host`,
 * `www.`, `a@b.c` nor a scheme.
 */
export function literal(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@]/g, '\\$&')
    .replace(/\/(?=\/)/g, '\\/');
}
