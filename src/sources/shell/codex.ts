import type { BareEffect } from './bwrap.js';
import type { Field } from './words.js';

/** How JavaScript package managers spell a global installation: verbs, and whether `global` is a word of the command. */
const MANAGERS: Readonly<
  Record<
    string,
    { readonly install: readonly string[]; readonly remove: readonly string[]; readonly globalWord?: boolean }
  >
> = {
  npm: {
    install: ['install', 'i', 'in', 'ins', 'inst', 'insta', 'instal', 'add', 'isntall', 'update', 'upgrade', 'up'],
    remove: ['uninstall', 'remove', 'rm', 'r', 'un', 'unlink'],
  },
  pnpm: { install: ['add', 'install', 'i', 'update', 'up'], remove: ['remove', 'rm', 'uninstall', 'un'] },
  bun: { install: ['add', 'install', 'i', 'a'], remove: ['remove', 'rm'] },
  deno: { install: ['install'], remove: ['uninstall'] },
  yarn: { install: ['add', 'upgrade'], remove: ['remove'], globalWord: true },
};

/** Their names. */
export const PACKAGE_MANAGERS: ReadonlySet<string> = new Set(Object.keys(MANAGERS));

/** Whether the command of a package manager removes packages. */
export function isRemoval(name: string, args: readonly Field[]): boolean {
  const manager = Object.hasOwn(MANAGERS, name) ? MANAGERS[name] : undefined;
  return args.some(({ text }) => manager?.remove.includes(text));
}

/** Codex by the short name that tool managers have for it. */
const TOOL = /^codex(?:@(.*))?$/;

const PACKAGE = /^(?:npm:)?@openai\/codex(?:@(.*))?$/;

/** Codex as a command installs or removes it. */
export function codexEffects(name: string, args: readonly Field[]): readonly BareEffect[] {
  const manager = Object.hasOwn(MANAGERS, name) ? MANAGERS[name] : undefined;
  if (manager) return javascript(manager, args);
  switch (name) {
    case 'volta':
    case 'mise':
    case 'vfox':
      return args
        .filter((a) => /^(install|use|i|u)$/.test(args[0]?.text ?? '') && (PACKAGE.test(a.text) || TOOL.test(a.text)))
        .map((a) => (PACKAGE.test(a.text) ? npmPackage(a) : tool(a)));
    case 'brew':
      return args
        .filter((a) => a.text === 'codex' && args[0]?.text === 'install')
        .map((a) => ({ kind: 'install-codex', word: a.span, version: undefined, bundledBwrap: undefined }));
    case 'cargo':
      return cargo(args);
    case 'curl':
    case 'wget':
    case 'aria2c':
      return args.flatMap((a) => codexDownload(a) ?? []);
    case 'gh':
      return releaseDownload(args);
    default:
      return [];
  }
}

/** Options whose value is the next word, which may be before the verb. */
const VALUED = /^(?:-C|--(?:prefix|location|registry|userconfig|globalconfig))$/;

function javascript(manager: (typeof MANAGERS)[string], args: readonly Field[]): readonly BareEffect[] {
  if (args.some((a) => /^--dry-run(?:=true)?$/.test(a.text))) return [];
  const words = args.filter((a, i) => !a.text.startsWith('-') && !VALUED.test(args[i - 1]?.text ?? ''));
  const location = args.some(
    (a, i) => a.text === '--location=global' || (a.text === 'global' && args[i - 1]?.text === '--location'),
  );
  const global =
    manager.globalWord === true
      ? words[0]?.text === 'global'
      : location ||
        args.some((a) => /^(-g|--global|--global=true)$/.test(a.text) || /^-[a-zA-Z]*g[a-zA-Z]*$/.test(a.text));
  if (!global) return [];
  const verb = words[manager.globalWord === true ? 1 : 0]?.text ?? '';
  if (manager.install.includes(verb)) return words.filter((w) => isCodexPackage(w.text)).map(npmPackage);
  if (!manager.remove.includes(verb)) return [];
  return words.filter((w) => isCodexPackage(w.text)).map((w) => ({ kind: 'remove-codex', word: w.span }));
}

/** Whether a word is the npm package of Codex, or a file of it. */
export function isCodexPackage(word: string): boolean {
  return PACKAGE.test(word) || /(?:^|\/)(?:openai-)?codex-(?:npm-)?[^/]*\.tgz$/.test(word);
}

/** The npm package brings a bubblewrap of its own (docs/how-it-works.md, "Which bubblewrap Codex starts"). */
function npmPackage(word: Field): BareEffect {
  const asked = PACKAGE.exec(word.text)?.[1] ?? /(\d+\.\d+\.\d+)[^/]*\.tgz$/.exec(word.text)?.[1];
  return { kind: 'install-codex', word: word.span, version: exactVersion(asked), bundledBwrap: true };
}

/** Which of its builds a tool manager takes is not known. */
function tool(word: Field): BareEffect {
  const version = exactVersion(TOOL.exec(word.text)?.[1]);
  return { kind: 'install-codex', word: word.span, version, bundledBwrap: undefined };
}

/** Tags and ranges say no version. */
function exactVersion(asked: string | undefined): string | undefined {
  return /^[v=]?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(asked ?? '')?.[1];
}

function cargo(args: readonly Field[]): readonly BareEffect[] {
  const source = args.find(
    (a) => /github\.com\/openai\/codex(\.git)?\/?$/.test(a.text) || /^codex-cli(@.*)?$/.test(a.text),
  );
  if (args[0]?.text !== 'install' || source === undefined) return [];
  const tag = args.map(
    (a, i) =>
      /^(?:--tag=)?rust-v(\d+\.\d+\.\d+\S*)$/.exec(a.text)?.[1] ?? (args[i - 1]?.text === '--tag' ? a.text : undefined),
  );
  const version = exactVersion(tag.find((t) => t !== undefined));
  return [{ kind: 'install-codex', word: source.span, version, bundledBwrap: false }];
}

/**
 * A download of a release of openai/codex: its archives `codex-ARCH-unknown-linux-*` hold the bare executable, which finds no
 * bubblewrap beside it; `codex-npm-*` is the npm package. Of the installation script it is not known what it leaves.
 */
export function codexDownload(word: Field): BareEffect | undefined {
  const release =
    /github\.com\/openai\/codex\/releases\/(?:latest\/download|download\/(?:rust-)?v?([^/]+))\/(.*)$/.exec(word.text);
  if (release) return releaseAsset(word, release[2] ?? '', release[1]);
  if (!/\/codex\/install\.sh\b|openai\/codex\/.*\/install\.sh\b/.test(word.text)) return undefined;
  return { kind: 'install-codex', word: word.span, version: undefined, bundledBwrap: undefined };
}

function releaseAsset(word: Field, asset: string, version: string | undefined): BareEffect | undefined {
  const isBinary = /^codex-(?!npm|package).*linux/.test(asset);
  const isPackage = asset.startsWith('codex-npm');
  if (!asset.startsWith('codex')) return undefined;
  const bundledBwrap = isPackage ? true : isBinary ? false : undefined;
  return { kind: 'install-codex', word: word.span, version: exactVersion(version), bundledBwrap };
}

/** `gh release download TAG --repo openai/codex --pattern 'codex-*'`. */
function releaseDownload(args: readonly Field[]): readonly BareEffect[] {
  const words = args.map((a) => a.text);
  const repo = args.find((a) => /^(?:--repo=|-R)?(?:https:\/\/github\.com\/)?openai\/codex$/.test(a.text));
  if (words[0] !== 'release' || words[1] !== 'download' || repo === undefined) return [];
  const pattern =
    words.map((w) => /^(?:--pattern=|-p)?(codex-.*)$/.exec(w)?.[1]).find((p) => p !== undefined) ?? 'codex';
  const tag = words.map((w) => /^rust-v(.*)$/.exec(w)?.[1]).find((t) => t !== undefined);
  return [releaseAsset(repo, pattern, tag) ?? []].flat();
}
