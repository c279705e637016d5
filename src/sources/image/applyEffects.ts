import { CODEX } from '../../model/agents/codex/agent.js';
import { PACKAGED_BWRAP_PATH } from '../../model/bwrapPath.js';
import { packagedBwrap } from '../../model/bwrap/bwrap.js';
import { known, unknown, type Bwrap, type AgentInstall, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { withEvidence } from './evidence.js';
import type { ImageFacts } from './facts.js';
import type { Span } from '../text/mappedText.js';
import type { AskedVersion, ShellEffect } from './effects.js';

/** A bwrap that is not there. */
export const ABSENT: Bwrap = {
  presence: known('absent'),
  setuid: known(false),
  version: unknown('no bubblewrap is installed'),
};

const CONDITIONAL = 'a command that decides this runs only under a condition';

/** What effects make of an image, each after the one before it. */
export function applyEffects(
  facts: ImageFacts,
  effects: readonly ShellEffect[],
  placeOf: (span: Span) => Place,
): ImageFacts {
  return effects.reduce((before, effect) => applyEffect(before, effect, placeOf), facts);
}

function applyEffect(facts: ImageFacts, effect: ShellEffect, placeOf: (span: Span) => Place): ImageFacts {
  const place = placeOf(effect.word);
  const sometimes = effect.likelihood === 'sometimes';
  switch (effect.kind) {
    case 'install-bwrap':
      return withPackage(facts, effect.version, effect.likelihood, place);
    case 'install-unknown': {
      if (facts.bwrap.presence.value === 'present') return facts;
      const why = 'the packages of this command are unknown';
      return { ...facts, bwrap: { ...facts.bwrap, presence: unknown(why, place), version: unknown(why, place) } };
    }
    case 'unread':
      return unreadScript(facts, place);
    case 'remove-bwrap':
      return { ...facts, bwrap: removed(facts.bwrap, sometimes, place) };
    case 'place-bwrap':
      return withPlaced(facts, effect, place);
    case 'mode-of-bwrap': {
      const place = placeOf(effect.command);
      return { ...facts, bwrap: { ...facts.bwrap, setuid: mode(facts.bwrap.setuid, effect, place) } };
    }
    case 'program': {
      const present = facts.programs.some((p) => p.value === effect.name && p.places.length > 0);
      return present ? facts : { ...facts, programs: [...facts.programs, known(effect.name, place)] };
    }
    case 'root-user': {
      const isRoot: Sourced<true> = effect.likelihood === 'always' ? known(true, place) : unknown(CONDITIONAL, place);
      return { ...facts, rootNames: { ...facts.rootNames, [effect.name]: isRoot } };
    }
    case 'other-sandbox':
      return { ...facts, otherSandboxes: [...(facts.otherSandboxes ?? []), known(effect.name, place)] };
    case 'install-codex': {
      const { version, bundledBwrap } = effect;
      const codex: Sourced<AgentInstall | null> = sometimes
        ? unknown(CONDITIONAL, place)
        : bundledBwrap === undefined
          ? unknown('this way of installing Codex is unknown', place)
          : known({ version, bundledBwrap }, place);
      return withEvidence({ ...facts, codex }, 'package', place);
    }
    case 'use-codex':
      return withEvidence(facts, effect.shows, place);
    case 'remove-codex':
      return { ...facts, codex: sometimes ? unknown(CONDITIONAL, place) : known(null, place) };
  }
}

/** It may have installed, changed or removed anything; what was not known before keeps its reason. */
function unreadScript(facts: ImageFacts, place: Place): ImageFacts {
  const { presence, setuid, version } = facts.bwrap;
  const doubted = <T>(before: Sourced<T>): Sourced<T> =>
    before.value === undefined && before.places.length > 0
      ? before
      : unknown('this script takes too many steps', place);
  return {
    ...facts,
    bwrap: { presence: doubted(presence), setuid: doubted(setuid), version: doubted(version) },
    codex: doubted(facts.codex),
  };
}

/** A package overwrites a file that was put at its path by hand (measured with Debian 13); one that is there already leaves it. */
function withPackage(
  facts: ImageFacts,
  asked: AskedVersion,
  likelihood: ShellEffect['likelihood'],
  place: Place,
): ImageFacts {
  const { bwrapIsNoPackage, ...rest } = facts;
  const overwrites = bwrapIsNoPackage && likelihood === 'always';
  const before = overwrites ? { ...rest, bwrap: ABSENT } : facts;
  return { ...before, bwrap: installed(before, asked, likelihood, place) };
}

function installed(facts: ImageFacts, asked: AskedVersion, likelihood: ShellEffect['likelihood'], place: Place): Bwrap {
  const { bwrap } = facts;
  // A package that is there already stays as it is, its mode included, unless another version is asked for.
  if (bwrap.presence.value === 'present' && (asked.from === 'distribution' || likelihood !== 'always')) {
    return { ...bwrap, presence: known('present', ...bwrap.presence.places, place) };
  }
  const version = versionOf(facts, asked, place);
  if (likelihood === 'sometimes') return { ...bwrap, presence: unknown(CONDITIONAL, place), version };
  const beneath = bwrap.presence.value === undefined ? { beneath: bwrap } : {};
  return { presence: known('present', place), setuid: known(false, place), version, ...beneath };
}

function versionOf(facts: ImageFacts, asked: AskedVersion, place: Place): Sourced<string> {
  if (asked.from === 'exact') return known(asked.version, place);
  if (asked.from === 'unknown') return unknown('the version that is installed here is unknown', place);
  const distro = facts.distro.value;
  const version = distro && packagedBwrap(distro.id, distro.version);
  if (version !== undefined) return known(version, place);
  // What the image leaves open is said where the image is named.
  if (facts.distro.why !== undefined) return unknown(facts.distro.why, ...facts.distro.places);
  const name = [distro?.id, distro?.version].filter((p) => p !== undefined).join(' ');
  return unknown(distro ? `the bubblewrap of ${name} is unknown` : 'the distribution of the image is unknown', place);
}

function removed(bwrap: Bwrap, sometimes: boolean, place: Place): Bwrap {
  if (!sometimes) return { ...ABSENT, presence: known('absent', place) };
  if (bwrap.presence.value === 'absent') return bwrap;
  return { ...bwrap, presence: unknown(CONDITIONAL, place) };
}

type Placement = Extract<ShellEffect, { kind: 'place-bwrap' }>;

function withPlaced(facts: ImageFacts, effect: Placement, place: Place): ImageFacts {
  if (effect.likelihood === 'unless-bwrap' && facts.bwrap.presence.value === 'present') return facts;
  return withFile(facts, placed(facts, effect, place), effect, place);
}

/** An image with a bwrap that is put there by hand, but where one that comes before it on the usual PATH stays the one that runs. */
export function withFile(
  facts: ImageFacts,
  bwrap: Omit<Bwrap, 'path'>,
  { path, isPackaged }: Pick<Placement, 'path' | 'isPackaged'>,
  place: Place,
): ImageFacts {
  const { bwrap: before } = facts;
  const isLocal = before.presence.value === 'present' && before.path?.value?.startsWith('/usr/local/') === true;
  if (isLocal && isPackaged) return facts;
  const where =
    path === undefined ? unknown<string>('it is a link to a file that cannot be told', place) : known(path, place);
  return {
    ...facts,
    bwrap: { ...bwrap, ...(path !== PACKAGED_BWRAP_PATH && { path: where }) },
    ...(isPackaged && before.presence.value === 'absent' && { bwrapIsNoPackage: true }),
  };
}

/** The version of the bubblewrap that comes with the Codex of the image; where the image does not say which Codex, with the newest. */
export function bundledVersion({ codex }: ImageFacts, place: Place): Sourced<string> {
  const version = CODEX.demands(codex.value?.version ?? CODEX.newestVersion).bundledBwrap;
  return version === undefined ? unknown('this version of Codex has no such file', place) : known(version, place);
}

function placed(facts: ImageFacts, { setuid, likelihood, from }: Placement, place: Place): Omit<Bwrap, 'path'> {
  const { bwrap } = facts;
  const version =
    from === 'codex' ? bundledVersion(facts, place) : unknown<string>('it is copied from elsewhere', place);
  const mode =
    setuid === undefined ? unknown<boolean>('it is copied from elsewhere with its mode', place) : known(setuid, place);
  if (likelihood === 'sometimes') {
    const presence = bwrap.presence.value === 'present' ? bwrap.presence : unknown<'present'>(CONDITIONAL, place);
    const either = <T>(before: Sourced<T>, after: Sourced<T>): Sourced<T> =>
      bwrap.presence.value === 'absent' || before.value === after.value ? after : unknown(CONDITIONAL, place);
    return { presence, setuid: either(bwrap.setuid, mode), version: either(bwrap.version, version) };
  }
  return { presence: known('present', place), setuid: mode, version };
}

function mode(
  before: Sourced<boolean>,
  effect: Extract<ShellEffect, { kind: 'mode-of-bwrap' }>,
  place: Place,
): Sourced<boolean> {
  if (effect.setuid === undefined) {
    const why = {
      setcap: 'file capabilities, which setcap gives it, are not judged by this program',
      'dpkg-statoverride': 'without --update the override takes effect only when the package is unpacked again',
      chmod: 'the mode that chmod gives it cannot be read',
    }[effect.tool];
    return unknown(why, place);
  }
  if (effect.likelihood === 'always' || before.value === effect.setuid) return known(effect.setuid, place);
  return unknown(CONDITIONAL, place);
}
