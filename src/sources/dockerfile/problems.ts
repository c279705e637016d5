import { headlineWith } from '../../model/headline.js';
import type { Place } from '../../model/place.js';
import { words } from '../../model/wordList.js';
import { problemMessage, type Problem } from '../text/problem.js';
import { builtStage, wordsOf, type DockerfileInstruction, type DockerfileOutline } from './outline.js';
import type { Span } from '../text/mappedText.js';

/** The instructions of docker/dockerfile:1 (Dockerfile reference). */
const KEYWORDS = new Set(
  words(`
    ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME
    WORKDIR`),
);

/** What keeps Docker from building a Dockerfile, as far as it can be told without building; at most one of each sort. */
export function dockerfileProblems(
  outline: DockerfileOutline,
  target: string | undefined,
  placeOf: (span: Span) => Place,
): readonly Problem[] {
  const { stages, preamble, text } = outline;
  const firstLine = { start: 0, end: /^[^\r\n]*/.exec(text)?.[0].length ?? 0 };
  const problems: Problem[] = [];
  const report = (span: Span, message: string, kind: Problem['kind'] = 'syntax'): void => {
    problems.push({ kind, place: placeOf(span), message });
  };
  if (outline.failure !== undefined) {
    const { kind, reason } = outline.failure;
    const message = problemMessage('The image is unknown: this Dockerfile cannot be read', `Reason: ${reason}.`);
    report(firstLine, message, kind);
    return problems;
  }
  if (stages.length === 0) {
    const message = problemMessage(
      'The image cannot be built: this Dockerfile has no FROM',
      'Start with FROM and a base image.',
    );
    report(firstLine, message);
    return problems;
  }
  // Another frontend may know other instructions.
  const ownSyntax =
    outline.syntax !== undefined && !/(?:^|\/)docker\/dockerfile(?:-upstream)?(?::|@|$)/.test(outline.syntax);
  const instructions = [...preamble, ...stages.flatMap((s) => s.instructions)];
  const strange = instructions.find((i) => !KEYWORDS.has(i.keyword));
  if (strange && !ownSyntax) {
    const message = problemMessage(
      `The image cannot be built: Docker has no instruction ${shown(strange)}`,
      'Correct the instruction or remove it. The check ignores it.',
    );
    report(strange.keywordSpan, message);
  }
  const early = preamble.find((i) => KEYWORDS.has(i.keyword) && i.keyword !== 'ARG');
  if (early) {
    const message = problemMessage(
      `The image cannot be built: ${early.keyword} is before the first FROM`,
      'Move it below a FROM. Only ARG can be before the first one.',
    );
    report(early.keywordSpan, message);
  }
  // "FROM requires either one or three arguments" (measured with Docker 20.10).
  const malformed = stages.find((s) => ![1, 3].includes(wordsOf(s.from.rest).length));
  if (malformed) {
    const message = problemMessage(
      'The image cannot be built: this FROM is not valid',
      'Write FROM IMAGE or FROM IMAGE AS NAME.',
    );
    report(malformed.from, message);
  }
  if (builtStage(outline, target) === undefined) {
    const names = stages.map((s) => s.name).filter((n) => n !== undefined);
    const message = problemMessage(
      headlineWith(target ?? '', (name) => `The image cannot be built: there is no stage "${name}"`),
      'Correct the build target, or name a stage with FROM … AS.',
      names.length === 0 ? 'No stage has a name.' : `Stages: ${names.join(', ')}.`,
    );
    report(stages.at(-1)?.from ?? firstLine, message, 'missing');
  }
  return problems;
}

function shown(instruction: DockerfileInstruction): string {
  return instruction.keyword.length > 30 ? `${instruction.keyword.slice(0, 30)}…` : instruction.keyword;
}
