import { CODEX_HOME, namesCodexFolder } from '../image/evidence.js';
import type { BareEffect } from './bwrap.js';
import { isCodexPackage, isRemoval, PACKAGE_MANAGERS } from './codex.js';
import type { Field } from './words.js';

/** Programs that run a package without installing it. */
const RUNNERS = new Set(['npx', 'bunx', 'pnpx', 'pnx']);

/** Codex's executable, as such a program is asked for it. */
const EXECUTABLE = /^codex(?:@.*)?$/;

/** To remove Codex's folder is no use of it. */
const REMOVERS = new Set(['rm', 'rmdir', 'unlink', 'shred']);

/** What a command shows of Codex without changing which one is installed: that it runs it, or names its package or its folder. */
export function codexUses(name: string, args: readonly Field[], nameField: Field | undefined): readonly BareEffect[] {
  if (name === 'codex' && nameField) return [use('command', nameField)];
  const run = RUNNERS.has(name) ? args.find(({ text }) => !text.startsWith('-')) : undefined;
  if (run && EXECUTABLE.test(run.text)) return [use('command', run)];
  const named =
    RUNNERS.has(name) || PACKAGE_MANAGERS.has(name) ? args.find(({ text }) => isCodexPackage(text)) : undefined;
  if (named && !isRemoval(name, args)) return [use(RUNNERS.has(name) ? 'command' : 'package', named)];
  if (REMOVERS.has(name)) return [];
  const folder = args.find(({ text }) => namesCodexFolder(text));
  return folder ? [use('config', folder)] : [];
}

/** A file that a redirection writes into Codex's folder. */
export function writesCodexFolder(target: Field): BareEffect | undefined {
  return namesCodexFolder(target.text) ? use('config', target) : undefined;
}

/** A variable that a script sets. @param word its value */
export function setsCodexHome(name: string, word: Field['span']): BareEffect | undefined {
  return name === CODEX_HOME ? { kind: 'use-codex', shows: 'variable', word } : undefined;
}

function use(shows: Extract<BareEffect, { kind: 'use-codex' }>['shows'], { span }: Field): BareEffect {
  return { kind: 'use-codex', shows, word: span };
}
