import { GATE_NAMES } from '../model/gates.js';
import { diagnoseAll, type Symptom } from '../model/sandbox/symptoms.js';
import { oneLine } from '../report/terminal.js';
import { textWidth, wrapped } from '../report/wrap.js';
import { UsageError } from './errors.js';
import type { ExitStatus, Io } from './io.js';

function meaning({ gate, alternatives, weak }: Symptom): string {
  if (gate === null) return 'not one of the known steps';
  const names = [gate, ...alternatives].map((one) => `${GATE_NAMES[one]} [${one}]`).join(', or ');
  return weak ? `${names}; this line alone stops nothing` : names;
}

function paragraph(symptom: Symptom, width: number): string {
  const { error, cause, remedy, reported } = symptom;
  return [
    oneLine(error),
    ...wrapped(meaning(symptom), width, '  means:  '),
    ...wrapped(oneLine(cause), width, '  cause:  '),
    ...wrapped(oneLine(remedy), width, '  to do:  '),
    ...(reported === undefined ? [] : wrapped(`reported, not measured: ${reported}`, width, '  source: ')),
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
  const width = textWidth(io.columns);
  const also = others.length > 0 ? ['Also in this text:\n', ...others.map((one) => paragraph(one, width))] : [];
  io.out([paragraph(first, width), ...also].join('\n'));
  return 0;
}
