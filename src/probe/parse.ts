import { diagnose } from '../model/sandbox/symptoms.js';
import { codexesOf, stepsOfFirst } from './codexes.js';
import { factsOf, symptomFacts } from './facts.js';
import type { Facts, Observation, PassedOver, Step } from './observation.js';
import { together } from './together.js';
import { verdictOf } from './verdict.js';

/** More than media/probe.sh ever prints; what comes behind is not read. */
const MOST_CHARACTERS = 1_000_000;
const MOST_STEPS = 50;
const MOST_LINES_OF_A_STEP = 40;

/** One line of the protocol of media/probe.sh. */
interface ProbeRecord {
  readonly type: string;
  readonly key: string;
  readonly value: string;
}

/** A step while its records come in. */
interface StepRecords {
  readonly command: string;
  readonly lines: string[];
  end?: { readonly status: 'ok' | 'fail' | 'skipped'; readonly exitCode: number | null; readonly durationMs: number };
}

/**
 * Removes characters that could control a terminal or reverse a sentence: control characters (the script already removed those
 * of ASCII) and marks of writing direction.
 */
function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '');
}

/** The records that carry the nonce; every other line is not the script's and is left out. */
function* recordsOf(output: string, nonce: string): Generator<ProbeRecord> {
  for (const line of output.slice(0, MOST_CHARACTERS).split('\n')) {
    const [tag, type, key, value, ...more] = line.split('\t');
    if (tag !== nonce || type === undefined || key === undefined || value === undefined || more.length > 0) continue;
    yield { type, key: clean(key), value: clean(value) };
  }
}

function endOf(value: string): StepRecords['end'] {
  const match = /^(ok|fail) (\d{1,3}) (\d{1,7})$/.exec(value);
  if (!match) return undefined;
  return { status: match[1] === 'ok' ? 'ok' : 'fail', exitCode: Number(match[2]), durationMs: Number(match[3]) };
}

/** Collects the steps in the order in which they began. Records that do not fit in (no beginning, a second end) are ignored. */
class StepCollector {
  readonly #steps = new Map<string, StepRecords>();

  add({ type, key, value }: ProbeRecord): void {
    const known = this.#steps.get(key);
    if (known === undefined) {
      if (this.#steps.size >= MOST_STEPS) return;
      if (type === 'begin') this.#steps.set(key, { command: value, lines: [] });
      if (type === 'skip') {
        this.#steps.set(key, {
          command: '',
          lines: [value],
          end: { status: 'skipped', exitCode: null, durationMs: 0 },
        });
      }
      return;
    }
    if (known.end !== undefined) return;
    if (type === 'output' && known.lines.length < MOST_LINES_OF_A_STEP) known.lines.push(value);
    if (type === 'end') {
      const end = endOf(value);
      if (end) known.end = end;
    }
  }

  steps(facts: Facts): readonly Step[] {
    return [...this.#steps].map(([id, { command, lines, end }]) => {
      const stderr = lines.join('\n');
      const status = end?.status ?? 'fail';
      const gate = status === 'fail' ? (diagnose(stderr, symptomFacts(facts))?.gate ?? null) : null;
      return { id, command, status, exitCode: end?.exitCode ?? null, stderr, durationMs: end?.durationMs ?? 0, gate };
    });
  }
}

/**
 * Reads what media/probe.sh printed. Never throws: output that is cut short, empty or of another program gives an
 * observation whose outcome is unknown.
 */
export function parseProbe(output: string, nonce: string): Observation {
  const values = new Map<string, string>();
  const passedOver: PassedOver[] = [];
  const steps = new StepCollector();
  let complete = false;
  for (const record of recordsOf(output, nonce)) {
    switch (record.type) {
      case 'fact':
        if (!values.has(record.key)) values.set(record.key, record.value);
        break;
      case 'passed':
        passedOver.push({ path: record.key, reason: record.value });
        break;
      case 'probe':
        if (record.key === 'done') complete = true;
        break;
      default:
        steps.add(record);
    }
  }
  const facts = factsOf(values, passedOver);
  const all = steps.steps(facts);
  const codexes = codexesOf({ values, passedOver, steps: all, complete });
  const first = stepsOfFirst(all);
  const verdict = together(codexes, verdictOf(facts, first, complete));
  return { schemaVersion: 1, facts, steps: first, ...verdict, codexes };
}
