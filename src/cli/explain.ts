import { diagnoseAll, type Symptom } from '../model/sandbox/symptoms.js';
import { oneLine } from '../report/terminal.js';
import { UsageError } from './errors.js';
import type { ExitStatus, Io } from './io.js';

function paragraph({ error, gate, alternatives, cause, remedy }: Symptom): string {
  const also = alternatives.length > 0 ? ` (or ${alternatives.join(', ')}, which prints the same)` : '';
  return [oneLine(error), `  gate:   ${gate}${also}`, `  cause:  ${oneLine(cause)}`, `  remedy: ${oneLine(remedy)}`]
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
  const symptoms = diagnoseAll(given);
  if (symptoms.length === 0) {
    io.err(
      'This is no message of the sandbox that is known. Give the lines that begin with "bwrap:" or "error". ' +
        'If those are they, please report them, with what `codex --version` and `bwrap --version` print.\n',
    );
    return 1;
  }
  io.out(symptoms.map(paragraph).join('\n'));
  return 0;
}
