import { known, unknown, type Sourced } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { applyEffects } from '../image/applyEffects.js';
import type { Problem } from '../text/problem.js';
import { applyCopy } from './copy.js';
import {
  builtStage,
  outlineDockerfile,
  type DockerfileInstruction,
  type DockerfileOutline,
  type DockerfileStage,
} from './outline.js';
import { dockerfileProblems } from './problems.js';
import { effectsOfRun, jsonWords, usesOfStart } from './run.js';
import {
  affordable,
  globalArguments,
  setsCodexFolder,
  StageVariables,
  substitute,
  type Environment,
} from './variables.js';
import { withEvidence } from '../image/evidence.js';
import type { ImageFacts } from '../image/facts.js';
import { publicImage } from '../image/publicImages.js';
import { unknownImage, unlistedImage } from '../image/uncertainty.js';
import { withInspected, type InspectedImage } from '../image/inspected.js';
import { linesOf } from '../text/lines.js';
import type { Span } from '../text/mappedText.js';
import { Steps } from '../text/steps.js';

/** What a Dockerfile says. */
export interface DockerfileReading {
  readonly image: ImageFacts;
  /** The `FROM` instruction of the stage that is built; undefined when there is none. */
  readonly stage: Place | undefined;
  /** `missing`: the target is no stage; it is placed at the last FROM, since the Dockerfile does not hold the target's name. */
  readonly problems: readonly Problem[];
}

/** How a Dockerfile is built. */
export interface DockerfileOptions {
  readonly target?: string;
  readonly args?: Readonly<Record<string, string | undefined>>;
  /** What this machine's engine says of an image that FROM names. */
  readonly inspected?: (reference: string) => InspectedImage | undefined;
}

/**
 * Reads a Dockerfile: what the image of its target (the last stage by default) is. Never throws; what cannot be read is
 * unknown in the image, and a text that Docker refuses is a `syntax` problem besides.
 * @param file the Dockerfile's path as places are to name it.
 */
export function readDockerfile(text: string, file: string, options: DockerfileOptions = {}): DockerfileReading {
  const outline = outlineDockerfile(text);
  const lines = linesOf(text, file);
  const placeOf = ({ start, end }: Span): Place => lines.place(start, end);
  const problems = dockerfileProblems(outline, options.target, placeOf);
  const stage = builtStage(outline, options.target);
  if (stage === undefined) {
    const why =
      outline.stages.length === 0
        ? `${file} has no build stage that can be read`
        : `${file} has no stage ${options.target ?? ''}`;
    return { image: unknownImage(why), stage: undefined, problems };
  }
  const image = new Stages(outline, options.args ?? {}, placeOf, options.inspected).read(stage.index).image;
  return { image, stage: placeOf(stage.from), problems };
}

/** The variables with which a stage ends and the image that it makes. */
interface StageResult {
  readonly image: ImageFacts;
  readonly environment: Environment | undefined;
}

/** The stages of a Dockerfile, each read when it is first needed. */
class Stages {
  /** By number and, lower case, by name; a later stage takes the name over. */
  private readonly results = new Map<string, StageResult>();
  private readonly globals: ReadonlyMap<string, string | undefined>;
  private readonly steps = new Steps();

  constructor(
    private readonly outline: DockerfileOutline,
    private readonly args: Readonly<Record<string, string | undefined>>,
    private readonly placeOf: (span: Span) => Place,
    private readonly inspected: DockerfileOptions['inspected'],
  ) {
    this.globals = globalArguments(outline.preamble, args, outline.escape, this.steps);
  }

  /** Reads the stages up to this one in their order: a stage refers only to earlier ones. */
  read(index: number): StageResult {
    let result: StageResult = { image: unknownImage('the Dockerfile has no such stage'), environment: undefined };
    for (const stage of this.outline.stages.slice(0, index + 1)) {
      result = this.readStage(stage);
      this.results.set(String(stage.index), result);
      if (stage.name !== undefined) this.results.set(stage.name, result);
    }
    return result;
  }

  private readStage(stage: DockerfileStage): StageResult {
    const { escape } = this.outline;
    const base = this.base(stage);
    const variables = new StageVariables(this.globals, this.args, escape, this.steps, base.environment);
    let image = base.image;
    let readsShell = true;
    for (const instruction of stage.instructions) {
      switch (instruction.keyword) {
        case 'ARG':
        case 'ENV':
          variables.set(instruction);
          if (setsCodexFolder(instruction)) image = withEvidence(image, 'variable', this.placeOf(instruction));
          break;
        case 'CMD':
        case 'ENTRYPOINT':
          image = applyEffects(image, usesOfStart(instruction, variables.lookup, this.steps), this.placeOf);
          break;
        case 'USER':
          image = { ...image, user: this.user(instruction, variables) };
          break;
        case 'SHELL':
          readsShell = /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(jsonWords(instruction.rest)?.[0]?.text ?? 'sh');
          break;
        case 'RUN':
          if (readsShell || jsonWords(instruction.rest) !== undefined) {
            image = applyEffects(image, effectsOfRun(instruction, variables.lookup, this.steps), this.placeOf);
          }
          break;
        case 'COPY':
        case 'ADD':
          image = applyCopy(image, instruction, {
            placeOf: this.placeOf,
            substitute: (text) => substitute(text, variables.lookup, escape).text,
            stage: (name) => this.results.get(name.toLowerCase())?.image,
          });
          break;
      }
    }
    return { image, environment: variables.environment };
  }

  /** What FROM starts from: an earlier stage or a public image. */
  private base(stage: DockerfileStage): StageResult {
    const nothing = { environment: undefined };
    if (stage.base === undefined)
      return { ...nothing, image: unknownImage('FROM names no image', this.placeOf(stage.from)) };
    const place = this.placeOf(stage.base.span);
    const lookup = (name: string): string | undefined => affordable(this.globals.get(name), this.steps);
    const reference = substitute(stage.base.text, lookup, this.outline.escape);
    if (reference.text === '') return { ...nothing, image: unknownImage('the image that FROM names is empty', place) };
    if (reference.text === undefined) {
      return {
        ...nothing,
        image: unlistedImage(`the variable ${reference.missing} of FROM has no value in the files`, place),
      };
    }
    // A stage goes by its name here; a number is the name of an image.
    const earlier = /^\d+$/.test(reference.text) ? undefined : this.results.get(reference.text.toLowerCase());
    if (earlier) return earlier;
    const image = withInspected(publicImage(reference.text, place), this.inspected?.(reference.text), place);
    return { ...nothing, image };
  }

  private user(instruction: DockerfileInstruction, variables: StageVariables): Sourced<string> {
    const place = this.placeOf(instruction);
    const user = substitute(instruction.rest.text.trim(), variables.lookup, this.outline.escape);
    if (user.text === undefined)
      return unknown(`the variable ${user.missing} of USER has no value in the files`, place);
    return user.text === '' ? unknown('USER names no user', place) : known(user.text, place);
  }
}
