import { under, words } from '../../model/wordList.js';
import type { AskedVersion } from '../image/effects.js';
import { UNREADABLE, type Field } from './words.js';
import { sandboxHelpedBy } from '../workspace/otherSandboxes.js';
import type { BareEffect } from './bwrap.js';
import { programOfPackage } from './programs.js';

/** What a package manager is asked to do: packages as they are written, versions included. */
interface PackageRequest {
  readonly manager: string;
  readonly install: readonly Field[];
  readonly remove: readonly Field[];
  /** They come from another release than the distribution's own: `-t bookworm-backports`. */
  readonly otherRelease: boolean;
}

/** How a package manager's command line is read. Sources: the manual pages named. */
interface Manager {
  readonly install: readonly string[];
  readonly remove: readonly string[];
  /** Options whose value is the next word. */
  readonly valued: readonly string[];
  /** Options with which nothing is changed in this image. */
  readonly harmless: readonly string[];
}

const APT: Manager = {
  install: ['install', 'reinstall', 'satisfy'],
  remove: ['remove', 'purge', 'autoremove', 'autopurge'],
  valued: words('-o --option -t --target-release --default-release -c --config-file -a --host-architecture'),
  harmless: words('-s --simulate --just-print --dry-run --recon --no-act -d --download-only --print-uris'),
};

const DNF: Manager = {
  install: ['install', 'in', 'localinstall', 'reinstall'],
  remove: ['remove', 'erase', 'rm', 'autoremove'],
  valued: words(`
    -c --config -d -e -x -R --exclude --setopt --enablerepo --disablerepo --repo --repoid --releasever --forcearch
    --disableplugin --enableplugin --comment --repofrompath --rpmverbosity`),
  harmless: ['--downloadonly', '--assumeno', '--installroot'],
};

/** apt-get(8), apt(8), aptitude(8), apk(8), dnf(8), yum(8), microdnf(8), zypper(8). */
const MANAGERS: Readonly<Record<string, Manager>> = {
  ...under('apt-get apt apt-fast nala', APT),
  aptitude: { ...APT, valued: [...APT.valued, '-w', '-F', '-O', '-q'] },
  apk: {
    install: ['add'],
    remove: ['del'],
    valued: words(`
      -t --virtual -X --repository --cache-dir --cache-max-age --keys-dir --repositories-file --arch --wait`),
    harmless: ['-s', '--simulate', '-p', '--root'],
  },
  ...under('dnf dnf5 yum microdnf tdnf', DNF),
  zypper: {
    install: ['install', 'in'],
    remove: ['remove', 'rm'],
    valued: words('-r --repo --from -t --type -n --name --plus-repo -p -C -c --config -D --reposd-dir'),
    harmless: ['-d', '--download-only', '--dry-run', '-R', '--root', '--installroot'],
  },
};

/** Managers that are not a distribution's usual one, or whose bubblewrap's version is not known. */
const OTHER_MANAGERS = words('brew nix-env nix conda mamba micromamba guix emerge xbps-install pixi opkg port');

/** Reads the command line of a package manager; undefined when it is none, or changes no packages. */
function packageRequest(name: string, args: readonly Field[]): PackageRequest | undefined {
  if (name === 'pacman' || name === 'yay' || name === 'paru') return pacman(name, args);
  if (name === 'dpkg' || name === 'rpm') return lowLevel(name, args);
  if (OTHER_MANAGERS.includes(name)) {
    const verb = args.some((a) => /^(install|add|-i[A-Za-z]*|profile|--install|--query-format)$/.test(a.text));
    if (!verb && name !== 'emerge' && name !== 'xbps-install') return undefined;
    return { manager: name, install: args.filter((a) => !a.text.startsWith('-')), remove: [], otherRelease: true };
  }
  const manager = Object.hasOwn(MANAGERS, name) ? MANAGERS[name] : undefined;
  return manager && conventional(name, manager, args);
}

/** `manager [options] verb [options] packages`. */
function conventional(name: string, manager: Manager, args: readonly Field[]): PackageRequest | undefined {
  const { words, options } = separate(name, manager, args);
  const [verb, ...packages] = words;
  if (verb === undefined || options.some((o) => manager.harmless.includes(o.split('=')[0] ?? o))) return undefined;
  const installs = manager.install.includes(verb.text);
  if (!installs && !manager.remove.includes(verb.text)) return undefined;
  const apt = manager.install === APT.install;
  // apt's own notation: a trailing `-` removes a package and a trailing `+` installs it, whatever the verb.
  const removes = (p: Field): boolean =>
    apt && p.text.endsWith('-') ? true : apt && p.text.endsWith('+') ? false : !installs;
  return {
    manager: name,
    install: packages.filter((p) => !removes(p)),
    remove: packages.filter(removes),
    otherRelease: apt && options.some((o) => /^(-t|--target-release|--default-release)/.test(o)),
  };
}

function separate(name: string, manager: Manager, args: readonly Field[]): { words: Field[]; options: string[] } {
  const words: Field[] = [];
  const options: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === undefined) break;
    if (!arg.text.startsWith('-') || arg.text === '-') {
      words.push(arg);
      continue;
    }
    options.push(arg.text);
    // zypper's -n is --non-interactive before the verb and --name behind it; only the first is in use.
    const global =
      name === 'zypper' && words.length === 0 && !['-D', '-C', '-c', '--config', '--reposd-dir'].includes(arg.text);
    if (manager.valued.includes(arg.text) && !global) i++;
  }
  return { words, options };
}

/** pacman(8): the operation is an option, its letters in one word. */
function pacman(name: string, args: readonly Field[]): PackageRequest | undefined {
  const valued = words('-b --dbpath -r --root --cachedir --config --ignore --ignoregroup --color --arch --overwrite');
  const named: Field[] = [];
  const letters: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === undefined) break;
    if (valued.includes(arg.text)) i++;
    else if (arg.text.startsWith('--'))
      letters.push({ '--sync': 'S', '--remove': 'R', '--upgrade': 'U', '--downloadonly': 'w' }[arg.text] ?? '');
    else if (arg.text.startsWith('-')) letters.push(arg.text.slice(1));
    else named.push(arg);
  }
  const operation = letters.join('');
  if (/[SU]/.test(operation)) {
    // Searching, listing, cleaning and downloading are -S as well.
    return /[sigclpw]/.test(operation) ? undefined : { manager: name, install: named, remove: [], otherRelease: false };
  }
  return operation.includes('R') ? { manager: name, install: [], remove: named, otherRelease: false } : undefined;
}

/** `dpkg -i FILE`, `dpkg -r|-P NAME`, `rpm -i|-U FILE`, `rpm -e NAME`. */
function lowLevel(name: string, args: readonly Field[]): PackageRequest | undefined {
  const options = args.filter((a) => a.text.startsWith('-')).map((a) => a.text);
  const words = args.filter((a) => !a.text.startsWith('-'));
  const has = (short: RegExp, ...long: string[]): boolean =>
    options.some((o) => long.includes(o) || (!o.startsWith('--') && short.test(o)));
  const installs =
    name === 'dpkg' ? has(/^-i/, '--install') : has(/^-[vh]*[iUF]/, '--install', '--upgrade') && !has(/q/);
  const removes = name === 'dpkg' ? has(/^-[rP]/, '--remove', '--purge') : has(/^-[vh]*e/, '--erase');
  if (!installs && !removes) return undefined;
  return { manager: name, install: installs ? words : [], remove: removes ? words : [], otherRelease: false };
}

/** A package word's name: without version, architecture, release, directory, and apt's trailing sign. */
function packageName(word: string): string {
  const stem = /^(.*)\.(?:deb|rpm|apk|pkg\.tar\.\w+)$/s.exec(word.slice(word.lastIndexOf('/') + 1))?.[1];
  const file = /^([A-Za-z0-9.+-]+?)[_-]\d/.exec(stem ?? '');
  if (file) return file[1] ?? word;
  const bare = withoutVersion(word).replace(/\/[^/]*$/, '');
  return bare.trim().replace(/[-+]$/, '');
}

/** Up to the sign that begins a version or an architecture, as long as that is on one line. */
function withoutVersion(word: string): string {
  const lastLine = word.lastIndexOf('\n') + 1;
  const sign = word.slice(lastLine).search(/[=<>~@:]/);
  return sign < 0 ? word : word.slice(0, lastLine + sign);
}

/** Whether a package word is bubblewrap, in the ways in which the managers let a version be said. */
function isBubblewrap(word: string): boolean {
  return (
    /^(?:bubblewrap|nixpkgs[#.]bubblewrap|[a-z-]+::bubblewrap|[a-z-]+\/bubblewrap)$/.test(word) ||
    packageName(word) === 'bubblewrap' ||
    /^bubblewrap-\d/.test(word)
  );
}

/** A word of which not even the package's name can be read. */
function isUnreadable(word: string): boolean {
  return word.startsWith(UNREADABLE);
}

/** The version that a package word asks for. */
function askedVersion(word: string, request: PackageRequest): AskedVersion {
  const said =
    /^bubblewrap(?::\w+)?(?:==?|-(?=\d))(?:\d+:)?(\d+(?:\.\d+)+)(?![\d.]*\*)/.exec(word) ??
    /bubblewrap[_-](\d+(?:\.\d+)+)/.exec(word);
  if (said?.[1] !== undefined) return { from: 'exact', version: said[1] };
  const vague = /[=<>~/]/.test(word.replace(/=[^=]*\*$/, '')) || word.includes(UNREADABLE);
  return { from: vague || request.otherRelease ? 'unknown' : 'distribution' };
}

/** Adds what a command of a package manager does that matters to the sandbox. */
export function addPackages(name: string, args: readonly Field[], add: (effect: BareEffect) => void): void {
  const request = packageRequest(name, args);
  if (!request) return;
  const packages = [...request.install, ...request.remove].map((f) => f.span);
  for (const field of request.install) {
    const word = field.span;
    const program = programOfPackage(packageName(field.text));
    const helped = sandboxHelpedBy(packageName(field.text));
    if (isBubblewrap(field.text))
      add({ kind: 'install-bwrap', word, packages, version: askedVersion(field.text, request) });
    else if (isUnreadable(field.text)) add({ kind: 'install-unknown', word });
    else if (program) add({ kind: 'program', word, name: program });
    else if (helped !== undefined) add({ kind: 'other-sandbox', word, name: helped });
  }
  for (const field of request.remove) if (isBubblewrap(field.text)) add({ kind: 'remove-bwrap', word: field.span });
}
