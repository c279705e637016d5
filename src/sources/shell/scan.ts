import {
  parse,
  type AndOr,
  type Command,
  type CompoundList,
  type If,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
} from 'unbash';
import { bwrapEffects, redirectionEffect, type BareEffect } from './bwrap.js';
import { codexEffects } from './codex.js';
import { codexUses, setsCodexHome, writesCodexFolder } from './codexUses.js';
import { slice, sourceSpan, through, type MappedText, type Span } from '../text/mappedText.js';
import { guardOf, under } from './guards.js';
import { addPackages } from './packageManagers.js';
import { programOfCommand } from './programs.js';
import type { Likelihood, ShellEffect } from '../image/effects.js';
import { innerCommand } from './prefixes.js';
import { NODE_STEPS, OutOfSteps, type Steps } from '../text/steps.js';
import { userEffects } from './users.js';
import { sandboxStartedBy } from '../workspace/otherSandboxes.js';
import { fieldsOf, scriptOf, UNREADABLE, type Field, type Lookup } from './words.js';

/** How deep functions, `bash -c` and nested commands are followed; deeper ones have no effects. */
const MAX_DEPTH = 40;
/** What a character of a script inside of a script takes: it is expanded, parsed and often short. */
const NESTED_SCRIPT_STEPS = 4;
/** The longest script that is read, in UTF-16 units: what a longer one installs is not known. */
const MAX_SCRIPT_LENGTH = 128 * 1024;
/** The longest value of a variable that is followed: one that doubles with every assignment would outgrow the memory. */
const MAX_VALUE_LENGTH = 32 * 1024;
/** unbash 6.0.4 takes time with the square of their number: a script of more is not read either. */
const MAX_HERE_DOCUMENTS = 200;
/** How many values of a `for` loop are followed. */
const MAX_VALUES = 200;

/** Walks through a script and collects what it does, in its order. */
export class Scan {
  readonly effects: ShellEffect[] = [];
  private readonly variables = new Map<string, string | undefined>();
  private readonly functions = new Map<string, { body: SyntaxNode; source: MappedText }>();
  private source: MappedText = slice('', 0, 0);

  constructor(
    private readonly outer: Lookup,
    private readonly steps: Steps,
  ) {}

  script(source: MappedText, likelihood: Likelihood, depth: number): void {
    if (depth > MAX_DEPTH) return;
    const affords = this.steps.spend(source.text.length * (depth === 0 ? 1 : NESTED_SCRIPT_STEPS));
    if (source.text.length > MAX_SCRIPT_LENGTH || source.text.split('<<').length > MAX_HERE_DOCUMENTS) {
      const word = sourceSpan(source, 0, source.text.length);
      this.effects.push({ kind: 'install-unknown', word, command: word, likelihood });
      return;
    }
    if (!affords) throw new OutOfSteps();
    const before = this.source;
    this.source = source;
    this.statements(this.parsed(source.text), likelihood, depth);
    this.source = before;
  }

  /** @throws OutOfSteps where unbash 6.0.4 overflows the stack, as it does on thousands of nested coprocesses */
  private parsed(script: string): readonly Statement[] {
    try {
      return parse(script).commands;
    } catch (error) {
      if (error instanceof RangeError) this.steps.take(Infinity);
      throw error;
    }
  }

  private readonly lookup: Lookup = (name) => {
    const value = this.variables.has(name) ? this.variables.get(name) : this.outer(name);
    this.steps.take(value?.length ?? 0);
    return value;
  };

  private statements(list: readonly Statement[], likelihood: Likelihood, depth: number): void {
    for (const statement of list) this.node(statement.command, likelihood, depth + 1);
  }

  private list(list: CompoundList, likelihood: Likelihood, depth: number): void {
    this.statements(list.commands, likelihood, depth);
  }

  private node(node: SyntaxNode, likelihood: Likelihood, depth: number, stdin?: SyntaxNode): void {
    if (depth > MAX_DEPTH) return;
    this.steps.take(NODE_STEPS);
    switch (node.type) {
      case 'AndOr':
        this.andOr(node, likelihood, depth);
        return;
      case 'Pipeline':
        node.commands.forEach((c, i) => {
          this.node(c, likelihood, depth + 1, node.commands[i - 1]);
        });
        return;
      case 'Command':
        this.command(node, likelihood, depth, stdin);
        return;
      case 'If':
        this.if(node, likelihood, depth);
        return;
      case 'For':
        this.for(node.name, node.wordlist, node.body, likelihood, depth);
        return;
      case 'While':
        this.list(node.clause, likelihood, depth);
        this.list(node.body, 'sometimes', depth);
        return;
      case 'Select':
      case 'ArithmeticFor':
        this.list(node.body, 'sometimes', depth);
        return;
      case 'Case':
        for (const item of node.items) this.list(item.body, 'sometimes', depth);
        return;
      case 'Subshell':
      case 'BraceGroup':
        this.list(node.body, likelihood, depth);
        return;
      case 'CompoundList':
        this.list(node, likelihood, depth);
        return;
      case 'Redirected':
        this.node(node.command, likelihood, depth + 1);
        this.redirections(node.redirects, this.span(node), likelihood);
        return;
      case 'Function':
        this.functions.set(node.name.value, { body: node.body, source: this.source });
        return;
      case 'Coproc':
        this.node(node.body, likelihood, depth + 1);
        return;
      default:
        return;
    }
  }

  private span(node: { readonly pos: number; readonly end: number }): Span {
    return sourceSpan(this.source, node.pos, node.end);
  }

  private fields(word: Word): readonly Field[] {
    this.steps.take(word.end - word.pos);
    return fieldsOf(word, this.source, this.lookup);
  }

  /** `&&` and `||` bind alike, to the left: what follows `||` is an alternative, what follows a test a condition. */
  private andOr(node: AndOr, outer: Likelihood, depth: number): void {
    let likelihood = outer;
    node.commands.forEach((command, i) => {
      const previous = node.commands[i - 1];
      if (previous !== undefined) {
        const guard = guardOf(previous, this.source.text);
        if (node.operators[i - 1] === '||')
          likelihood = under(outer, guard === 'bwrap-present' ? 'unless-bwrap' : 'sometimes');
        else if (guard !== undefined)
          likelihood = under(likelihood, guard === 'bwrap-absent' ? 'unless-bwrap' : 'sometimes');
        else if (node.operators[i - 2] === '||') likelihood = outer;
      }
      this.node(command, likelihood, depth + 1);
    });
  }

  private if(node: If, likelihood: Likelihood, depth: number): void {
    const last = node.clause.commands.at(-1)?.command;
    const guard = last && guardOf(last, this.source.text);
    this.list(node.clause, likelihood, depth);
    this.list(node.then, under(likelihood, guard === 'bwrap-absent' ? 'unless-bwrap' : 'sometimes'), depth);
    for (const branch of node.elif) {
      this.list(branch.clause, 'sometimes', depth);
      this.list(branch.then, 'sometimes', depth);
    }
    const alone = node.elif.length === 0 && guard === 'bwrap-present';
    if (node.else) this.list(node.else, under(likelihood, alone ? 'unless-bwrap' : 'sometimes'), depth);
  }

  private for(
    name: Word,
    words: readonly Word[] | undefined,
    body: CompoundList,
    likelihood: Likelihood,
    depth: number,
  ): void {
    const values = (words ?? []).flatMap((w) => this.fields(w)).slice(0, MAX_VALUES);
    const before = this.effects.length;
    for (const value of values) {
      this.assign(name.value, value.text.includes(UNREADABLE) ? undefined : value.text, 'always');
      this.list(body, likelihood, depth);
      if (this.effects.length - before > MAX_VALUES) return;
    }
  }

  private assign(name: string, value: string | undefined, likelihood: Likelihood): void {
    const same = this.lookup(name) === value;
    this.variables.set(name, likelihood === 'always' || same ? value : undefined);
  }

  private command(node: Command, likelihood: Likelihood, depth: number, stdin: SyntaxNode | undefined): void {
    const command = this.span(node);
    const add = (effect: BareEffect | undefined): void => {
      if (effect) this.effects.push({ ...effect, command, likelihood });
    };
    this.redirections(node.redirects, command, likelihood);
    if (node.name === undefined) {
      for (const part of node.prefix) {
        if (part.type === 'Assignment') this.assignment(part.name, part.value, likelihood);
      }
      return;
    }
    const words: Word[] = [node.name];
    for (const arg of node.args) {
      if (arg.type === 'Word') words.push(arg);
      else this.assignment(arg.name, arg.value, likelihood);
    }
    const wordOf = new Map<Field, Word>();
    const argv = words.flatMap((word) => {
      const fields = this.fields(word);
      for (const field of fields) wordOf.set(field, word);
      return fields;
    });
    const inner = innerCommand(argv);
    if (inner === undefined) return;
    if (inner.script !== undefined) {
      const scripts = inner.script.map((field) => wordOf.get(field)).filter((w) => w !== undefined);
      for (const word of scripts)
        this.script(through(this.source, scriptOf(word, this.lookup)), likelihood, depth + 10);
      return;
    }
    if (inner.readsScript) this.hereDocuments(node.redirects, likelihood, depth);
    const { name } = inner;
    const args = inner.readsArguments ? [...inner.args, ...this.output(stdin, command)] : inner.args;
    const called = this.functions.get(name);
    if (called) {
      const before = this.source;
      this.source = called.source;
      this.node(called.body, likelihood, depth + 10);
      this.source = before;
      return;
    }
    addPackages(name, args, add);
    const effects = [bwrapEffects, codexEffects, userEffects].flatMap((read) => read(name, args));
    for (const effect of effects) add(effect);
    const program = programOfCommand(name);
    const nameField = argv.find((f) => f.text.endsWith(name));
    // An installation shows it already.
    if (!effects.some(({ kind }) => kind === 'install-codex'))
      for (const effect of codexUses(name, args, nameField)) add(effect);
    if (program && nameField) add({ kind: 'program', name: program, word: nameField.span });
    const started = sandboxStartedBy(
      name,
      args.map(({ text }) => text),
    );
    if (started !== undefined && nameField) add({ kind: 'other-sandbox', name: started, word: nameField.span });
  }

  /** What xargs reads: the words that `echo` or `printf` prints, else something unreadable. */
  private output(stdin: SyntaxNode | undefined, command: Span): readonly Field[] {
    const name = stdin?.type === 'Command' ? stdin.name?.value : undefined;
    if (stdin?.type !== 'Command' || !(name === 'echo' || name === 'printf'))
      return [{ text: UNREADABLE, span: command }];
    return stdin.args
      .flatMap((a) => (a.type === 'Word' ? this.fields(a) : []))
      .filter((f) => !/^-|%/.test(f.text))
      .flatMap((f) =>
        f.text
          .split(/\s+|\\n/)
          .filter((t) => t !== '')
          .map((text) => ({ text, span: f.span })),
      );
  }

  private assignment(name: string, value: Word | { readonly type: 'ArrayValue' }, likelihood: Likelihood): void {
    if (value.type !== 'Word') {
      this.assign(name, undefined, likelihood);
      return;
    }
    const word = this.span(value);
    const effect = setsCodexHome(name, word);
    if (effect) this.effects.push({ ...effect, command: word, likelihood });
    const { text } = scriptOf(value, this.lookup);
    this.assign(name, text.includes(UNREADABLE) || text.length > MAX_VALUE_LENGTH ? undefined : text, likelihood);
  }

  private redirections(redirects: readonly Redirection[], command: Span, likelihood: Likelihood): void {
    for (const redirect of redirects) {
      if (redirect.type !== 'Redirect' || !redirect.operator.includes('>') || !redirect.target) continue;
      for (const target of this.fields(redirect.target)) {
        for (const effect of [redirectionEffect(target), writesCodexFolder(target)])
          if (effect) this.effects.push({ ...effect, command, likelihood });
      }
    }
  }

  private hereDocuments(redirects: readonly Redirection[], likelihood: Likelihood, depth: number): void {
    for (const redirect of redirects) {
      if (redirect.type !== 'HereDoc') continue;
      this.script(
        through(this.source, slice(this.source.text, redirect.body.pos, redirect.body.end)),
        likelihood,
        depth + 10,
      );
    }
  }
}
