import { isImageReference } from '../sources/image/reference.js';
import { readInspectedImage, type InspectedImage, type InspectImage } from '../sources/image/inspected.js';
import { askProgram } from './askProgram.js';
import { findProgram } from './findProgram.js';

/** An engine that takes longer is taken for none: nobody waits for it while typing. */
const TIME_LIMIT_MS = 3000;
/** How long an answer holds: a tag may be pulled or built again at any time. */
const LIFETIME_MS = 60_000;
/** Far more than a workspace names: the cache of one that changes all the time does not grow on. */
const MOST_ANSWERS = 200;

/** What the inspector needs of this machine. */
export interface InspectorOptions {
  /** Folders from below which nothing may be run. */
  readonly workspaces: readonly string[];
  /** PATH and whatever says where the engine is (DOCKER_HOST, HOME). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeLimitMs?: number;
}

/**
 * Asks `docker image inspect` about images that are on this machine. Nothing is pulled and no container is made. The
 * reference is text of the workspace: it has to be one by its grammar, goes behind `--` and meets no shell. An answer
 * holds for a minute, and so does the engine's silence.
 */
export function imageInspector({ workspaces, environment, timeLimitMs }: InspectorOptions): InspectImage {
  const answers = new Map<string, { readonly since: number; readonly answer: Promise<InspectedImage | undefined> }>();
  let program: { readonly since: number; readonly found: Promise<string | undefined> } | undefined;
  return (reference) => {
    if (!isImageReference(reference)) return Promise.resolve(undefined);
    const now = Date.now();
    const before = answers.get(reference);
    if (before && now - before.since < LIFETIME_MS) return before.answer;
    if (!program || now - program.since >= LIFETIME_MS) {
      program = { since: now, found: findProgram('docker', workspaces, environment['PATH'] ?? '') };
    }
    const answer = program.found.then((docker) =>
      docker === undefined
        ? undefined
        : inspect(docker, reference, { workspaces, environment, timeLimitMs: timeLimitMs ?? TIME_LIMIT_MS }),
    );
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(reference, { since: now, answer });
    return answer;
  };
}

async function inspect(
  program: string,
  reference: string,
  options: Required<InspectorOptions>,
): Promise<InspectedImage | undefined> {
  const args = ['image', 'inspect', '--format', '{{json .Config}}', '--', reference];
  const { exitCode, stdout } = await askProgram({ program, args, ...options });
  // An image that is not here and an engine that is not there come to the same: nothing is known.
  return exitCode === 0 ? readInspectedImage(stdout) : undefined;
}
