import { parse, type Statement, type SyntaxNode } from 'unbash';
import type { Span } from '../text/mappedText.js';

/** What keeps a command from being followed by another with `&&`, so that nothing else of the script changes. */
export type Bound =
  /** Its output goes into a pipe, which would get that of the other command instead. */
  | 'pipe'
  /** A condition, a loop or a function, or a negation: whether both succeed would decide there, or how often they run. */
  | 'condition';

/**
 * What binds the simple command at that stretch of a script, of which scanShell has said that it is there; undefined: nothing.
 */
export function boundBy(script: string, { start, end }: Span): Bound | undefined {
  const holds = (node: SyntaxNode): boolean => node.pos <= start && end <= node.end;
  const among = (nodes: readonly SyntaxNode[]): Bound | undefined => {
    const node = nodes.find(holds);
    return node ? within(node) : 'condition';
  };
  const inList = ({ commands }: { readonly commands: readonly Statement[] }): Bound | undefined =>
    among(commands.map(({ command }) => command));
  const within = (node: SyntaxNode): Bound | undefined => {
    switch (node.type) {
      case 'Command':
        return undefined;
      case 'AndOr':
        return among(node.commands);
      case 'Pipeline': {
        if (node.prefixes.some(({ type }) => type === 'Negation')) return 'condition';
        const at = node.commands.findIndex(holds);
        const isFed = at < node.commands.length - 1 && node.commands[at]?.type === 'Command';
        return isFed ? 'pipe' : among(node.commands);
      }
      case 'Subshell':
      case 'BraceGroup':
        return inList(node.body);
      case 'Redirected':
        return within(node.command);
      default:
        return 'condition';
    }
  };
  return inList(parse(script));
}
