import { diagnoseAll, type Symptom } from '../model/sandbox/symptoms.js';
import { oneLine } from '../report/terminal.js';
import { UsageError } from './errors.js';
import type { ExitStatus, Io } from './io.js';

function paragraph({ error, gate, alternatives, cause, remedy, weak, reported }: Symptom): string {
  const also = alternatives.length > 0 ? ` (or ${alternatives.join(', ')}, which prints the same)` : '';
  return [
    oneLine(error),
    `  gate:   ${gate === null ? 'none of the known ones' : `${gate}${also}${weak ? ', passed: this line stops nothing' : ''}`}`,
    `  cause:  ${oneLine(cause)}`,
    `  remedy: ${oneLine(remedy)}`,
    ...(reported === undefined ? [] : [`  source: reported, not measured: ${reported}`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * `explain`: what an error text means. The message that stopped the sandbox comes first. Exit status 1: no line of it is known.
 * @param text undefined: standard input
 */
export async function explain(text: string | undefined, io: Io): Promise<ExitStatus> {
  const given = text ?? (await io.input());
  if (given.trim() === '') throw new UsageError('The error text to explain is empty.');
  const [first, ...others] = diagnoseAll(given);
  if (!first) {
    io.err(
      'This is not a known sandbox error. Run `codex-sandbox-check probe` where Codex runs: it measures which step fails. ' +
        'If the text has lines that begin with "bwrap:" or "error", please report them. ' +
        'Add what `codex --version` and `bwrap --version` print.\n',
    );
    return 1;
  }
  const also = others.length > 0 ? ['Also in this text:\n', ...others.map(paragraph)] : [];
  io.out([paragraph(first), ...also].join('\n'));
  return 0;
}
