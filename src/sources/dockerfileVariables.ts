import type { DockerfileInstruction } from './dockerfileOutline.js';
import { wordsOf } from './dockerfileOutline.js';

/** A text after substitution; `missing` names the first variable whose value is not known, and the text is then no use. */
export type Substituted =
  { readonly text: string; readonly missing?: undefined } | { readonly text?: undefined; readonly missing: string };

const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?]|##?|%%?)([^}]{0,500}))?\})/y;

/**
 * Docker's own substitution in FROM, USER, ENV, ARG, COPY and the like: quotes come off, `$X`, `${X}`, `${X:-default}` and `${X:+other}`
 * are replaced (Dockerfile reference, "Environment replacement").
 * @param lookup undefined: not known.
 */
export function substitute(text: string, lookup: (name: string) => string | undefined, escape: string): Substituted {
  let result = '';
  let quote: string | undefined;
  for (let i = 0; i < text.length;) {
    const char = text.charAt(i);
    if (char === escape && quote !== "'" && i + 1 < text.length) {
      result += text.charAt(i + 1);
      i += 2;
    } else if ((char === '"' || char === "'") && (quote === undefined || quote === char)) {
      quote = quote === undefined ? char : undefined;
      i++;
    } else if (char === '$' && quote !== "'") {
      VARIABLE.lastIndex = i;
      const match = VARIABLE.exec(text);
      if (match === null) {
        result += char;
        i++;
        continue;
      }
      const value = expand(match, lookup, escape);
      if (value.text === undefined) return value;
      result += value.text;
      i += match[0].length;
    } else {
      result += char;
      i++;
    }
  }
  return { text: result };
}

function expand(match: RegExpExecArray, lookup: (name: string) => string | undefined, escape: string): Substituted {
  const name = match[1] ?? match[2] ?? '';
  const [operator, operand = ''] = [match[3], match[4]];
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

/**
 * The variables of a build stage. A name that nothing in the Dockerfile sets may be set by the base image: its value is
 * not known.
 */
export class StageVariables {
  private readonly args = new Map<string, string | undefined>();
  private readonly env: Map<string, string | undefined>;

  constructor(
    /** ARGs before the first FROM, build arguments put in. */
    private readonly globals: ReadonlyMap<string, string | undefined>,
    private readonly buildArgs: Readonly<Record<string, string | undefined>>,
    private readonly escape: string,
    /** ENV of the stage that this one is built from. */
    inherited: ReadonlyMap<string, string | undefined> = new Map(),
  ) {
    this.env = new Map(inherited);
  }

  /** ENV beats ARG of the same name. */
  readonly lookup = (name: string): string | undefined =>
    this.env.has(name) ? this.env.get(name) : this.args.get(name);

  get environment(): ReadonlyMap<string, string | undefined> {
    return this.env;
  }

  /** Takes in an ARG or ENV instruction. */
  set(instruction: DockerfileInstruction): void {
    const before = new Map(this.env);
    const lookup = (name: string): string | undefined => (before.has(name) ? before.get(name) : this.args.get(name));
    for (const { name, value } of assignmentsOf(instruction)) {
      if (instruction.keyword === 'ENV')
        this.env.set(name, value === undefined ? '' : bounded(substitute(value, lookup, this.escape).text));
      else this.args.set(name, this.argument(name, value, lookup));
    }
  }

  private argument(
    name: string,
    value: string | undefined,
    lookup: (name: string) => string | undefined,
  ): string | undefined {
    if (Object.hasOwn(this.buildArgs, name)) return this.buildArgs[name];
    if (value !== undefined) return bounded(substitute(value, lookup, this.escape).text);
    return this.globals.has(name) ? this.globals.get(name) : PLATFORM.test(name) ? undefined : '';
  }
}

/** A value that doubles with every ENV would outgrow the memory: beyond any real length it counts as not known. */
function bounded(value: string | undefined): string | undefined {
  return value !== undefined && value.length > 32 * 1024 ? undefined : value;
}

/** Set by BuildKit itself from the platform that is built for. */
const PLATFORM = /^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)$/;

/** The ARGs before the first FROM; one without a default and without a build argument is not known. */
export function globalArguments(
  preamble: readonly DockerfileInstruction[],
  buildArgs: Readonly<Record<string, string | undefined>>,
  escape: string,
): ReadonlyMap<string, string | undefined> {
  const globals = new Map<string, string | undefined>();
  for (const instruction of preamble) {
    if (instruction.keyword !== 'ARG') continue;
    for (const { name, value } of assignmentsOf(instruction)) {
      const lookup = (n: string): string | undefined => globals.get(n);
      if (Object.hasOwn(buildArgs, name)) globals.set(name, buildArgs[name]);
      else globals.set(name, value === undefined ? undefined : bounded(substitute(value, lookup, escape).text));
    }
  }
  return globals;
}
