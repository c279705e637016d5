import type { DockerfileInstruction } from './outline.js';
import { wordsOf } from './outline.js';
import { CODEX_HOME, namesCodexFolder } from '../image/evidence.js';
import type { Steps } from '../text/steps.js';

/** A text after substitution; `missing` names the first variable whose value is not known, and the text is then no use. */
export type Substituted =
  { readonly text: string; readonly missing?: undefined } | { readonly text?: undefined; readonly missing: string };

/** Beyond any real length: a value that doubles with every ENV would outgrow the memory, so that a longer one is not known. */
const MAX_VALUE_LENGTH = 32 * 1024;

/** The longest operand of a variable that is looked into. */
const MAX_OPERAND_LENGTH = 500;

/** A variable up to its operand, if it has one. */
const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-+?]|##?|%%?)?)/y;

interface Variable {
  readonly name: string;
  readonly operator: string | undefined;
  readonly operand: string;
  /** Offset behind it. */
  readonly end: number;
}

/** The variable that begins at a dollar. @param brace the offset of the closing brace that comes next */
function variableAt(text: string, dollar: number, brace: number): Variable | undefined {
  VARIABLE.lastIndex = dollar;
  const match = VARIABLE.exec(text);
  if (match === null) return undefined;
  const [whole, bare, braced = '', operator] = match;
  const behind = dollar + whole.length;
  if (bare !== undefined) return { name: bare, operator, operand: '', end: behind };
  const longest = operator === undefined ? 0 : MAX_OPERAND_LENGTH;
  if (brace < behind || brace - behind > longest) return undefined;
  return { name: braced, operator, operand: text.slice(behind, brace), end: brace + 1 };
}

/**
 * Docker's own substitution in FROM, USER, ENV, ARG, COPY and the like: quotes come off, `$X`, `${X}`, `${X:-default}` and `${X:+other}`
 * are replaced (Dockerfile reference, "Environment replacement").
 * @param lookup undefined: not known.
 */
export function substitute(text: string, lookup: (name: string) => string | undefined, escape: string): Substituted {
  let result = '';
  let quote: string | undefined;
  let brace = text.indexOf('}');
  for (let i = 0; i < text.length;) {
    const char = text.charAt(i);
    if (char === escape && quote !== "'" && i + 1 < text.length) {
      result += text.charAt(i + 1);
      i += 2;
    } else if ((char === '"' || char === "'") && (quote === undefined || quote === char)) {
      quote = quote === undefined ? char : undefined;
      i++;
    } else if (char === '$' && quote !== "'") {
      // Looked for only when the last one is passed, so that the text is gone through once.
      if (brace >= 0 && brace < i) brace = text.indexOf('}', i);
      const variable = variableAt(text, i, brace);
      if (variable === undefined) {
        result += char;
        i++;
        continue;
      }
      const value = expand(variable, lookup, escape);
      if (value.text === undefined) return value;
      if (result.length + value.text.length > MAX_VALUE_LENGTH) return { missing: variable.name };
      result += value.text;
      i = variable.end;
    } else {
      result += char;
      i++;
    }
  }
  return { text: result };
}

function expand(
  { name, operator, operand }: Variable,
  lookup: (name: string) => string | undefined,
  escape: string,
): Substituted {
  const value = lookup(name);
  if (operator === undefined) return value === undefined ? { missing: name } : { text: value };
  if (/[#%]/.test(operator)) {
    if (value === undefined || /[*?]/.test(operand)) return { missing: name };
    if (operator.startsWith('#')) return { text: value.startsWith(operand) ? value.slice(operand.length) : value };
    return { text: value.endsWith(operand) ? value.slice(0, value.length - operand.length) : value };
  }
  if (value === undefined) return { missing: name };
  const isSet = value !== '' || !operator.startsWith(':');
  if (operator.endsWith('+')) return isSet ? substitute(operand, lookup, escape) : { text: '' };
  return isSet ? { text: value } : substitute(operand, lookup, escape);
}

/** `NAME=value` pairs of ARG and ENV as they are written; ENV's old form `ENV NAME the rest` as well. */
export function assignmentsOf(
  instruction: DockerfileInstruction,
): readonly { readonly name: string; readonly value: string | undefined }[] {
  const words = wordsOf(instruction.rest);
  const first = words[0]?.text ?? '';
  if (instruction.keyword === 'ENV' && !first.includes('=')) {
    const value = instruction.rest.text.trim().slice(first.length).trim();
    return first === '' ? [] : [{ name: first, value }];
  }
  return words.map(({ text }) => {
    const equals = text.indexOf('=');
    return equals < 0
      ? { name: text, value: undefined }
      : { name: text.slice(0, equals), value: text.slice(equals + 1) };
  });
}

/** Whether ENV sets the variable that names Codex's folder, or names that folder in another one. */
export function setsCodexFolder(instruction: DockerfileInstruction): boolean {
  if (instruction.keyword !== 'ENV') return false;
  return assignmentsOf(instruction).some(({ name, value }) => name === CODEX_HOME || namesCodexFolder(unquoted(value)));
}

function unquoted(value = ''): string {
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

/** The ENV of a stage and of those that it is built from; not copied, since thousands of stages may build on each other. */
export interface Environment {
  readonly own: ReadonlyMap<string, string | undefined>;
  readonly below: Environment | undefined;
}

/**
 * The variables of a build stage. A name that nothing in the Dockerfile sets may be set by the base image: its value is
 * not known.
 */
export class StageVariables {
  private readonly args = new Map<string, string | undefined>();
  private readonly env = new Map<string, string | undefined>();

  constructor(
    /** ARGs before the first FROM, build arguments put in. */
    private readonly globals: ReadonlyMap<string, string | undefined>,
    private readonly buildArgs: Readonly<Record<string, string | undefined>>,
    private readonly escape: string,
    private readonly steps: Steps,
    /** ENV of the stage that this one is built from. */
    private readonly inherited?: Environment,
  ) {}

  /** ENV beats ARG of the same name. */
  readonly lookup = (name: string): string | undefined => {
    for (
      let { environment }: { environment: Environment | undefined } = this;
      environment;
      environment = environment.below
    )
      if (environment.own.has(name)) return affordable(environment.own.get(name), this.steps);
    return affordable(this.args.get(name), this.steps);
  };

  get environment(): Environment {
    return { own: this.env, below: this.inherited };
  }

  /** Takes in an ARG or ENV instruction. */
  set(instruction: DockerfileInstruction): void {
    const assignments = assignmentsOf(instruction);
    if (instruction.keyword !== 'ENV') {
      for (const { name, value } of assignments) this.args.set(name, this.argument(name, value));
      return;
    }
    // The values are those before the instruction.
    const values = assignments.map(({ value }) => (value === undefined ? '' : this.substituted(value)));
    assignments.forEach(({ name }, index) => this.env.set(name, values[index]));
  }

  private substituted(value: string): string | undefined {
    return bounded(substitute(value, this.lookup, this.escape).text);
  }

  private argument(name: string, value: string | undefined): string | undefined {
    if (Object.hasOwn(this.buildArgs, name)) return bounded(this.buildArgs[name]);
    if (value !== undefined) return this.substituted(value);
    return this.globals.has(name) ? this.globals.get(name) : PLATFORM.test(name) ? undefined : '';
  }
}

function bounded(value: string | undefined): string | undefined {
  return value !== undefined && value.length > MAX_VALUE_LENGTH ? undefined : value;
}

/** A value that is put in more often than the steps suffice for counts as not known. */
export function affordable(value: string | undefined, steps: Steps): string | undefined {
  return value !== undefined && steps.spend(value.length) ? value : undefined;
}

/** Set by BuildKit itself from the platform that is built for. */
const PLATFORM = /^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)$/;

/** The ARGs before the first FROM; one without a default and without a build argument is not known. */
export function globalArguments(
  preamble: readonly DockerfileInstruction[],
  buildArgs: Readonly<Record<string, string | undefined>>,
  escape: string,
  steps: Steps,
): ReadonlyMap<string, string | undefined> {
  const globals = new Map<string, string | undefined>();
  for (const instruction of preamble) {
    if (instruction.keyword !== 'ARG') continue;
    for (const { name, value } of assignmentsOf(instruction)) {
      const lookup = (n: string): string | undefined => affordable(globals.get(n), steps);
      if (Object.hasOwn(buildArgs, name)) globals.set(name, bounded(buildArgs[name]));
      else globals.set(name, value === undefined ? undefined : bounded(substitute(value, lookup, escape).text));
    }
  }
  return globals;
}
