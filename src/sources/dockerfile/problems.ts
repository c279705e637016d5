import type { Place } from '../../model/place.js';
import { words } from '../../model/wordList.js';
import type { Problem } from '../text/problem.js';
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
    const message = `This Dockerfile is not read, since ${reason}. Nothing is known of the image that it builds.`;
    report(firstLine, message, kind);
    return problems;
  }
  if (stages.length === 0) {
    const message = 'There is no FROM instruction, so Docker cannot build an image. Start with FROM and a base image.';
    report(firstLine, message);
    return problems;
  }
  // Another frontend may know other instructions.
  const ownSyntax =
    outline.syntax !== undefined && !/(?:^|\/)docker\/dockerfile(?:-upstream)?(?::|@|$)/.test(outline.syntax);
  const instructions = [...preamble, ...stages.flatMap((s) => s.instructions)];
  const strange = instructions.find((i) => !KEYWORDS.has(i.keyword));
  if (strange && !ownSyntax) {
    const message = `Docker knows no instruction ${shown(strange)} and stops here. It is ignored in what follows.`;
    report(strange.keywordSpan, message);
  }
  const early = preamble.find((i) => KEYWORDS.has(i.keyword) && i.keyword !== 'ARG');
  if (early) {
    const message = `${early.keyword} stands before the first FROM, where Docker accepts only ARG. Move it below a FROM.`;
    report(early.keywordSpan, message);
  }
  // "FROM requires either one or three arguments" (measured with Docker 20.10).
  const malformed = stages.find((s) => ![1, 3].includes(wordsOf(s.from.rest).length));
  if (malformed) {
    const message =
      'Docker takes FROM only as FROM IMAGE or FROM IMAGE AS NAME and stops here. Correct the instruction.';
    report(malformed.from, message);
  }
  if (builtStage(outline, target) === undefined) {
    const names = stages.map((s) => s.name).filter((n) => n !== undefined);
    const stated = names.length === 0 ? 'no stage has a name' : `its stages are ${names.join(', ')}`;
    const message = `The build target "${target ?? ''}" is no stage of this Dockerfile (${stated}), so the build fails. Name a stage with FROM … AS, or correct the target.`;
    report(stages.at(-1)?.from ?? firstLine, message, 'missing');
  }
  return problems;
}

function shown(instruction: DockerfileInstruction): string {
  return instruction.keyword.length > 30 ? `${instruction.keyword.slice(0, 30)}…` : instruction.keyword;
}
