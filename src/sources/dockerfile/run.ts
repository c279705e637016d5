import type { DockerfileInstruction } from './outline.js';
import { mapped, part, sourceSpan, type MappedText, type Span } from '../text/mappedText.js';
import type { ShellEffect } from '../image/effects.js';
import { scanMapped } from '../shell/readShell.js';
import { Steps } from '../text/steps.js';
import type { Lookup } from '../shell/words.js';

/**
 * What a RUN instruction does, with spans that are offsets into the Dockerfile. Shell form, exec form (`["bash", "-c", "…"]`) and
 * here-documents; other instructions have no effects.
 * @param lookup the ARG and ENV variables that are known there.
 * @param steps what the instructions of a Dockerfile may take together
 */
export function effectsOfRun(
  run: DockerfileInstruction,
  lookup: Lookup = () => undefined,
  steps: Steps = new Steps(),
): readonly ShellEffect[] {
  if (run.keyword !== 'RUN') return [];
  return effectsOfCommand(run, lookup, steps);
}

/** What CMD or ENTRYPOINT uses, Codex or another program's sandbox: it changes nothing in the image. */
export function usesOfStart(start: DockerfileInstruction, lookup: Lookup, steps: Steps): readonly ShellEffect[] {
  return effectsOfCommand(start, lookup, steps).filter(({ kind }) => kind === 'use-codex' || kind === 'other-sandbox');
}

function effectsOfCommand({ rest }: DockerfileInstruction, lookup: Lookup, steps: Steps): readonly ShellEffect[] {
  const script = execForm(rest) ?? hereDocument(rest) ?? rest;
  return scanMapped(script, lookup, steps);
}

/** The JSON strings of an exec form; undefined when it is none, and Docker then takes it for the shell form. */
export function jsonWords(rest: MappedText): readonly MappedText[] | undefined {
  const text = rest.text.trimEnd();
  if (!/^\[[\s\S]*\]$/.test(text)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // No JSON: Docker reads the line as a shell command then.
    return undefined;
  }
  if (!Array.isArray(parsed) || !parsed.every((p) => typeof p === 'string')) return undefined;
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => {
    const start = match.index + 1;
    const chars: string[] = [];
    const origins: Span[] = [];
    for (const piece of (match[1] ?? '').matchAll(/\\u[0-9a-fA-F]{4}|\\.|[^\\]/g)) {
      chars.push(piece[0].length > 1 ? String(JSON.parse(`"${piece[0]}"`)) : piece[0]);
      origins.push(sourceSpan(rest, start + piece.index, start + piece.index + piece[0].length));
    }
    return mapped(chars.join(''), origins);
  });
}

/** The exec form as a script of one command: its words quoted where a shell would split or expand them. */
function execForm(rest: MappedText): MappedText | undefined {
  const words = jsonWords(rest);
  if (words === undefined) return undefined;
  const chars: string[] = [];
  const origins: Span[] = [];
  const push = (text: string, origin: Span): void => {
    chars.push(text);
    origins.push(...Array.from({ length: text.length }, () => origin));
  };
  for (const word of words) {
    const whole = sourceSpan(word, 0, word.text.length);
    push(" '", { start: whole.start, end: whole.start });
    for (let i = 0; i < word.text.length; i++) {
      const char = word.text.charAt(i);
      push(char === "'" ? `'\\''` : char, word.origin(i));
    }
    push("'", { start: whole.end, end: whole.end });
  }
  return mapped(chars.join(''), origins);
}

/** `RUN <<EOF` without a command: the lines are the script. */
function hereDocument(rest: MappedText): MappedText | undefined {
  const head = /^<<-?(["']?)([A-Za-z_]\w*)\1[ \t]*\n/.exec(rest.text);
  if (head === null) return undefined;
  const start = head[0].length;
  const end = new RegExp(`^\\t*${head[2] ?? ''}[ \\t]*$`, 'm').exec(rest.text.slice(start));
  return part(rest, start, end === null ? rest.text.length : start + end.index);
}
