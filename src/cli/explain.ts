import { GATE_NAMES, type Gate } from '../model/gates.js';
import { diagnoseAll, type Symptom } from '../model/sandbox/symptoms.js';
import { oneLine } from '../report/terminal.js';
import { UsageError } from './errors.js';
import type { ExitStatus, Io } from './io.js';

function named(gate: Gate): string {
  return `${GATE_NAMES[gate]} [${gate}]`;
}

/** What failed, in words, with the id of its gate. */
function whatFailed({ gate, alternatives, weak }: Symptom): string {
  if (gate === null) return 'not a step that the check predicts';
  const names = [gate, ...alternatives].map(named).join(', or ');
  return weak ? `${names}; alone this line stops nothing` : names;
}

function paragraph(symptom: Symptom): string {
  const { error, cause, remedy, reported } = symptom;
  return [
    oneLine(error),
    `  what:   ${whatFailed(symptom)}`,
    `  why:    ${oneLine(cause)}`,
    `  to do:  ${oneLine(remedy)}`,
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
