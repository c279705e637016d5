import type { SyntaxNode } from 'unbash';
import type { Likelihood } from '../image/effects.js';

/** What the success of a command says of bubblewrap; `test`: that something else holds; undefined: nothing. */
export type Guard = 'bwrap-present' | 'bwrap-absent' | 'test' | undefined;

/**
 * What the success of a command says, where the command does nothing but ask.
 * @param source the script that the node was parsed from
 */
export function guardOf(node: SyntaxNode, source: string): Guard {
  if (node.type === 'Pipeline') {
    // `!` and `time` may be alone.
    const last = node.commands.at(-1);
    const guard = last && guardOf(last, source);
    const negated = node.prefixes.filter((p) => p.type === 'Negation').length % 2 === 1;
    if (!negated || guard === 'test' || guard === undefined) return negated ? 'test' : guard;
    return guard === 'bwrap-present' ? 'bwrap-absent' : 'bwrap-present';
  }
  if (node.type === 'TestCommand') return testGuard(source.slice(node.pos, node.end));
  if (node.type !== 'Command') return undefined;
  const name = node.name?.value ?? '';
  const text = source.slice(node.pos, node.end);
  if (/^(test|\[|\[\[)$/.test(name)) return testGuard(text);
  if (/^(command\s+-[vV]|which|type|hash)\b/.test(text)) return /\bbwrap\b/.test(text) ? 'bwrap-present' : 'test';
  return /^(grep|egrep|dpkg-query|cmp|diff|pgrep|id|getent|exists)$/.test(name) ? 'test' : undefined;
}

function testGuard(text: string): Guard {
  const asks = /^(?:test|\[\[?)\s+(!\s+)?-[efxs]\s+\S*\/bwrap["']?\s*\]*$/.exec(text);
  if (asks) return asks[1] === undefined ? 'bwrap-present' : 'bwrap-absent';
  return 'test';
}

/** The likelihood of a command that runs under a condition inside something of that likelihood. */
export function under(outer: Likelihood, condition: Likelihood): Likelihood {
  return outer === 'always' ? condition : 'sometimes';
}
