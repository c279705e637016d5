import type { EvidenceKind } from './evidence.js';
import type { Span } from '../text/mappedText.js';

/** Whether a command runs, as far as the script tells. */
export type Likelihood =
  /** It runs whenever the script runs through. */
  | 'always'
  /** It depends on something that only the run finds out: in an `if`, after `||` or a test, in a `while` or a `case`. */
  | 'sometimes'
  /** It runs where there is no bwrap yet: `command -v bwrap || apt-get install bubblewrap`. */
  | 'unless-bwrap';

interface EffectBase {
  /** The whole simple command with its prefixes: `sudo FOO=1 apt-get install -y git bubblewrap`. */
  readonly command: Span;
  /** The words that make the effect: what a finding points at. Its text may be a variable that holds them. */
  readonly word: Span;
  readonly likelihood: Likelihood;
}

/** Which version of bubblewrap a package manager is asked for. */
export type AskedVersion =
  | { readonly from: 'distribution' }
  /** The upstream version: 0.8.0 of `bubblewrap=0.8.0-2+deb12u1`. */
  | { readonly from: 'exact'; readonly version: string }
  /** A backport, a range, a variable, another package manager than the distribution's. */
  | { readonly from: 'unknown' };

/**
 * What a shell script does to an image that matters to the sandbox. Spans are offsets into the text that was given to
 * scanShell, or into the Dockerfile where they come from effectsOfRun.
 */
export type ShellEffect =
  /** A package manager installs bubblewrap; `word` is the package word (`bubblewrap=0.8.0-2`). */
  | (EffectBase & {
      readonly kind: 'install-bwrap';
      /** Every package word of the command, bubblewrap included: an edit that takes the only one out takes out the command. */
      readonly packages: readonly Span[];
      readonly version: AskedVersion;
    })
  /** Something is installed that may bring a bwrap: packages that a variable or a file names, a build from source; `word` is what cannot be read. */
  | (EffectBase & { readonly kind: 'install-unknown' })
  /** The script takes too many steps to be followed, so that it may do anything; `word` is all of it. */
  | (EffectBase & { readonly kind: 'unread' })
  /** bubblewrap's package or its file is removed; `word` is the package word or the path. */
  | (EffectBase & { readonly kind: 'remove-bwrap' })
  /** A bwrap is put in place by `install`, `cp`, `mv`, `ln`, a download or a redirection. `word` is the path. */
  | (EffectBase & {
      readonly kind: 'place-bwrap';
      /** What it is a copy of: the one that comes with Codex, or a file of unknown version. */
      readonly from: 'codex' | 'elsewhere';
      /** It lies where the distribution's package has its own, which overwrites it. */
      readonly isPackaged: boolean;
      /** The file that runs, links resolved, as Bwrap.path has it; undefined: that cannot be read. */
      readonly path: string | undefined;
      /** undefined: as the file that is copied. */
      readonly setuid: boolean | undefined;
    })
  /** chmod, `dpkg-statoverride` or `setcap` on a bwrap; `word` is the mode. */
  | (EffectBase & {
      readonly kind: 'mode-of-bwrap';
      /** undefined: not to be told (dpkg-statoverride without --update), or not judged (setcap). */
      readonly setuid: boolean | undefined;
      readonly tool: 'chmod' | 'dpkg-statoverride' | 'setcap';
      /** The word that names the bwrap. */
      readonly path: Span;
      /** The command names other files than bwrap as well. */
      readonly others: boolean;
    })
  /** A user of another name is made root: `name` has the number 0; `word` is the name. */
  | (EffectBase & { readonly kind: 'root-user'; readonly name: string })
  /** A program that explains a capability is installed or run; `name` is a key of CAPABILITY_PROGRAMS. */
  | (EffectBase & { readonly kind: 'program'; readonly name: string })
  /** Something else starts bubblewrap: a package that only such a program needs, or a command; `name` says what, for people (otherSandboxes.ts). */
  | (EffectBase & { readonly kind: 'other-sandbox'; readonly name: string })
  /** Codex is installed; `word` is the package word or the address. */
  | (EffectBase & {
      readonly kind: 'install-codex';
      /** undefined: the newest, a range, or a variable of unknown value. */
      readonly version: string | undefined;
      /** undefined: not known for this way of installing it. */
      readonly bundledBwrap: boolean | undefined;
    })
  | (EffectBase & { readonly kind: 'remove-codex' })
  /** Codex is run, or its package, its folder or its variable is named; `word` is what names it. */
  | (EffectBase & {
      readonly kind: 'use-codex';
      readonly shows: Extract<EvidenceKind, 'command' | 'package' | 'config' | 'variable'>;
    });
