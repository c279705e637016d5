import type { Container, Sourced } from '../../model/container/container.js';
import type { Configuration } from '../../sources/configuration/configuration.js';
import type { Judgement } from './judgement.js';
import type { Finding } from './rule.js';
import { list } from '../../model/wordList.js';

/** What a finding in a file that several configurations use is about. */
export interface Concern {
  /** The configurations of which it is true, word for word. */
  readonly concerned: readonly Configuration[];
  /** Sentences: which ones it concerns, and which ones use the file without having such a problem. */
  readonly sentence: string;
}

/**
 * Says for which configurations a finding in a shared file is: a Dockerfile, a Compose file, a local Feature, a script.
 * @param judgements of all configurations of the workspace folder
 * @returns undefined where the file is a configuration itself or serves only one
 */
export function concernOf(finding: Finding, judgements: readonly Judgement[]): Concern | undefined {
  const users = judgements.filter(({ configuration }) => uses(configuration, finding));
  if (users.length < 2 || judgements.some(({ configuration }) => configuration.file === finding.place.file)) {
    return undefined;
  }
  const having = (same: (other: Finding) => boolean): readonly Judgement[] =>
    users.filter(({ findings }) => findings.some((other) => isAlike(other, finding) && same(other)));
  const concerned = having((other) => other.message === finding.message && other.severity === finding.severity);
  const alike = having(() => true);
  const free = users.filter((user) => !alike.includes(user));
  const others = free.length === 0 ? '' : ` It does not concern ${names(free)}.`;
  return {
    concerned: concerned.map(({ configuration }) => configuration),
    sentence: `This concerns ${names(concerned)}.${others}`,
  };
}

function names(judgements: readonly Judgement[]): string {
  return list(judgements.map(({ configuration }) => configuration.file));
}

function isAlike(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && a.place.file === b.place.file && isSame(a.place.range.start, b.place.range.start);
}

function isSame(a: Finding['place']['range']['start'], b: typeof a): boolean {
  return a.line === b.line && a.character === b.character;
}

/** Not whether the file was read: a configuration also looks where its edits might put something. */
function uses({ container, featureFiles, problems }: Configuration, { place }: Finding): boolean {
  const { file } = place;
  return (
    featureFiles.includes(file) ||
    (container.definition.kind === 'dockerfile' && container.definition.file === file) ||
    problems.some((problem) => problem.place.file === file) ||
    values(container).some(({ places }) => places.some((p) => p.file === file))
  );
}

function values(container: Container): readonly Sourced<unknown>[] {
  const { presence, setuid, version } = container.bwrap;
  return [
    container.privileged,
    ...container.capAdd,
    ...container.capDrop,
    container.seccomp,
    container.apparmor,
    container.noNewPrivileges,
    container.maskedPaths,
    container.readOnlyRoot,
    ...container.tmpfs,
    ...container.devices,
    container.user,
    container.distro,
    presence,
    setuid,
    version,
    ...Object.values(container.agents),
    ...Object.values(container.otherInstalls ?? {}).flat(),
    ...container.programs,
  ];
}
