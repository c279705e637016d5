import { CODEX } from '../../model/agents/codex/agent.js';
import { PACKAGED_BWRAP_PATH } from '../../model/bwrapPath.js';
import { isMode, setuidOfMode } from './fileModes.js';
import type { ShellEffect } from '../image/effects.js';
import { UNREADABLE, type Field } from './words.js';

/** An effect without what the caller knows: the command's span and likelihood. */
export type BareEffect<T = ShellEffect> = T extends ShellEffect ? Omit<T, 'command' | 'likelihood'> : never;

/** Whether a path names a bwrap, wherever it lies. */
export function isBwrapPath(path: string): boolean {
  return /(?:^|\/)bwrap$/.test(path);
}

/** A directory that PATH usually holds. */
function isBinDirectory(path: string): boolean {
  return /(?:^|\/)s?bin\/?$/.test(path);
}

/** Whether copying one of `sources` to `destination` puts a program called `name` on PATH. */
export function placesProgram(name: RegExp, sources: readonly string[], destination: string): boolean {
  const slash = destination.lastIndexOf('/');
  const [directory, base] = [destination.slice(0, slash + 1), destination.slice(slash + 1)];
  if (isBinDirectory(directory) && base !== '' && name.test(base)) return true;
  return isBinDirectory(destination) && sources.some((s) => name.test(s.slice(s.lastIndexOf('/') + 1)));
}

/** Where Codex's npm package has the bubblewrap that it brings (measured with 0.130.0 and 0.169.0), from the folder of its resources on. */
const BUNDLED = /(?:^|\/)codex-resources\/bwrap$/;

/** Whether one of the files is the bubblewrap that comes with Codex. */
export function isBundledBwrap(sources: readonly string[]): boolean {
  return sources.some((source) => BUNDLED.test(source));
}

/** The path of a bwrap that is put at `destination`, a file or a folder; /bin is /usr/bin on every distribution that is known here. */
export function placedPath(destination: string): string {
  const file = isBwrapPath(destination) ? destination : `${destination.replace(/\/$/, '')}/bwrap`;
  return file.replace(/^\/bin\//, '/usr/bin/');
}

/** The effect of putting one of `sources` at `destination`; undefined where that makes no bwrap on PATH, or none that is new. */
function placement(
  sources: readonly Field[],
  destination: Field,
  setuid: boolean | undefined,
  isLink = false,
): BareEffect | undefined {
  const paths = sources.map((source) => source.text);
  if (!placesProgram(/^bwrap$/, paths, destination.text)) return undefined;
  const from = isBundledBwrap(paths) ? 'codex' : 'elsewhere';
  const path = isLink ? linkedPath(paths, from) : placedPath(destination.text);
  // Another name of the one that packages bring.
  if (isLink && path === PACKAGED_BWRAP_PATH) return undefined;
  const isPackaged = placedPath(destination.text) === PACKAGED_BWRAP_PATH;
  // Codex's has no set-user-ID bit that a copy could keep.
  const mode = from === 'codex' ? (setuid ?? false) : setuid;
  return { kind: 'place-bwrap', word: destination.span, from, isPackaged, path, setuid: mode };
}

/** AppArmor goes by what a link leads to: Codex starts the very file (measured: /proc/PID/exe). */
function linkedPath([source = '']: readonly string[], from: 'codex' | 'elsewhere'): string | undefined {
  if (from === 'codex') return CODEX.bundledBwrapPath;
  return source.startsWith('/') && !source.includes(UNREADABLE) ? placedPath(source) : undefined;
}

/** What a command that is no package manager does to a bwrap. */
export function bwrapEffects(name: string, args: readonly Field[]): readonly BareEffect[] {
  switch (name) {
    case 'chmod':
      return chmod(args);
    case 'find':
      return findExec(args);
    case 'install':
      return install(args);
    case 'cp':
    case 'mv':
    case 'ln':
      return copy(name, args);
    case 'rm':
    case 'unlink':
      return operands(args)
        .filter((f) => isBwrapPath(f.text) && isInBin(f.text))
        .map((word) => ({ kind: 'remove-bwrap', word: word.span }));
    case 'dpkg-statoverride':
      return statoverride(args);
    case 'setcap':
      return setcap(args);
    case 'curl':
    case 'wget':
      return download(args);
    case 'git':
      return args
        .filter((a) => /github\.com[/:]containers\/bubblewrap/.test(a.text) && args[0]?.text === 'clone')
        .map((a) => ({ kind: 'install-unknown', word: a.span }));
    default:
      return [];
  }
}

/** A file that a redirection writes. */
export function redirectionEffect(target: Field): BareEffect | undefined {
  return isBwrapPath(target.text) ? placement([], target, false) : undefined;
}

function isInBin(path: string): boolean {
  return isBinDirectory(path.slice(0, path.lastIndexOf('/') + 1));
}

function operands(args: readonly Field[]): readonly Field[] {
  const end = args.findIndex((a) => a.text === '--');
  return args.filter((a, i) => i !== end && (end >= 0 && i > end ? true : !a.text.startsWith('-')));
}

/** chmod(1). A mode may begin with `-`, as in `chmod -s FILE`. */
function chmod(args: readonly Field[]): readonly BareEffect[] {
  const words = args.filter((a) => !/^-[Rvfc]+$|^--/.test(a.text));
  const byReference = args.some((a) => a.text.startsWith('--reference'));
  const [mode, ...files] = byReference ? [args[0], ...words] : words;
  if (mode === undefined) return [];
  const paths = files.filter((f): f is Field => f !== undefined && isBwrapPath(f.text));
  const path = paths[0];
  const setuid = byReference || mode.text.includes(UNREADABLE) ? undefined : setuidOfMode(mode.text);
  const judged = byReference || mode.text.includes(UNREADABLE) || (isMode(mode.text) && setuid !== undefined);
  if (path === undefined || !judged) return [];
  const others = files.length > paths.length;
  return [{ kind: 'mode-of-bwrap', word: mode.span, setuid, tool: 'chmod', path: path.span, others }];
}

/** What find(1) does with what it finds: copies the bubblewrap that comes with Codex, or changes modes. */
function findExec(args: readonly Field[]): readonly BareEffect[] {
  const exec = args.findIndex((a) => /^-(exec|execdir|ok)$/.test(a.text));
  const [program, ...rest] = exec < 0 ? [] : args.slice(exec + 1);
  const tests = args.slice(0, Math.max(exec, 0)).map((a) => a.text);
  if (program && tests.some((t) => t.includes('codex-resources')) && tests.some((t) => t.endsWith('bwrap'))) {
    const found = (field: Field): Field => (field.text === '{}' ? { ...field, text: '/codex-resources/bwrap' } : field);
    return bwrapEffects(program.text, rest.filter(({ text }) => !/^[;+]$/.test(text)).map(found));
  }
  return findChmod(args, exec);
}

/** `find / -perm /6000 -exec chmod a-s {} +`: the usual hardening, which takes setuid off bwrap too; or `-name bwrap`. */
function findChmod(args: readonly Field[], exec: number): readonly BareEffect[] {
  const mode = args.slice(exec + 2).find((a) => isMode(a.text));
  if (exec < 0 || mode === undefined || !/(?:^|\/)chmod$/.test(args[exec + 1]?.text ?? '')) return [];
  const setuid = setuidOfMode(mode.text);
  const tests = args.slice(0, exec);
  const start = tests.find((a) => !a.text.startsWith('-'));
  const name = tests[tests.findIndex((a) => a.text === '-name') + 1];
  const named = tests.some((a) => a.text === '-name');
  const reaches = named
    ? name?.text === 'bwrap'
    : tests.some((a) => a.text === '-perm') && /^\/(usr(\/bin)?|bin)?\/?$/.test(start?.text ?? '');
  if (!reaches || setuid === undefined || start === undefined) return [];
  return [
    {
      kind: 'mode-of-bwrap',
      word: mode.span,
      setuid,
      tool: 'chmod',
      path: (named && name ? name : start).span,
      others: !named,
    },
  ];
}

/** install(1): `install -D -m 4755 SOURCE /usr/local/bin/bwrap`; 0755 when it does not say. */
function install(args: readonly Field[]): readonly BareEffect[] {
  let mode = '755';
  let directory: Field | undefined;
  const words: Field[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === undefined) break;
    const short = /^-[bcCDdpsTv]*([mogtS])(.*)$/.exec(arg.text);
    const long = /^--(mode|owner|group|target-directory|suffix)(?:=(.*))?$/.exec(arg.text);
    const option = short?.[1] ?? long?.[1];
    if (option === undefined) {
      if (!arg.text.startsWith('-')) words.push(arg);
      continue;
    }
    const inline = (short ? short[2] : long?.[2]) ?? '';
    const valueField = inline === '' ? args[++i] : arg;
    const value = inline === '' ? (valueField?.text ?? '') : inline;
    if (option === 'm' || option === 'mode') mode = value;
    if ((option === 't' || option === 'target-directory') && valueField)
      directory = { text: `${value}/`, span: valueField.span };
  }
  const destination = directory ?? words.pop();
  return destination === undefined ? [] : [placement(words, destination, setuidOfMode(mode) ?? false) ?? []].flat();
}

function copy(name: string, args: readonly Field[]): readonly BareEffect[] {
  const words = [...operands(args)];
  const destination = words.pop();
  if (destination === undefined) return [];
  // cp drops the bit unless told to keep the mode; mv and a link keep it (cp(1), --preserve).
  const keeps = name !== 'cp' || args.some((a) => /^-[a-zA-Z]*[ap]|^--(preserve|archive)/.test(a.text));
  const isLink = name === 'ln' && args.some((a) => /^-[a-zA-Z]*s|^--symbolic$/.test(a.text));
  const placed = placement(words, destination, keeps ? undefined : false, isLink);
  if (placed) return [placed];
  if (name !== 'mv') return [];
  return words
    .filter((w) => isBwrapPath(w.text) && isInBin(w.text))
    .map((w) => ({ kind: 'remove-bwrap', word: w.span }));
}

/** dpkg-statoverride(1): without --update it takes effect only when the package is unpacked again. */
function statoverride(args: readonly Field[]): readonly BareEffect[] {
  const words = operands(args);
  const path = words.find((w) => isBwrapPath(w.text));
  if (path === undefined) return [];
  const mode = words.find((w) => /^[0-7]{3,5}$/.test(w.text));
  const common = { kind: 'mode-of-bwrap', tool: 'dpkg-statoverride', path: path.span, others: false } as const;
  if (args.some((a) => a.text === '--remove')) return [];
  if (mode === undefined || !args.some((a) => a.text === '--add')) return [];
  const setuid = args.some((a) => a.text === '--update') ? setuidOfMode(mode.text) : undefined;
  return [{ ...common, word: mode.span, setuid }];
}

/** setcap(8). File capabilities make bwrap neither plain nor setuid: what Codex then does with it was not measured. */
function setcap(args: readonly Field[]): readonly BareEffect[] {
  const path = args.find((a) => isBwrapPath(a.text));
  const what = args.find((a) => /cap_/i.test(a.text));
  if (path === undefined || what === undefined) return [];
  return [
    { kind: 'mode-of-bwrap', word: what.span, setuid: undefined, tool: 'setcap', path: path.span, others: false },
  ];
}

function download(args: readonly Field[]): readonly BareEffect[] {
  const target = args.find(
    (a, i) => isBwrapPath(a.text) && isInBin(a.text) && /^-[a-zA-Z]*[oO]$|^--output/.test(args[i - 1]?.text ?? ''),
  );
  return target ? [placement([], target, false) ?? []].flat() : [];
}
