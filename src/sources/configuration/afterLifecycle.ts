import { isRoot, type Container } from '../../model/container/container.js';
import type { LifecycleScript } from '../devcontainer/lifecycle.js';
import type { ImageFacts } from '../image/facts.js';
import { ELEVATION, ifPermitted } from '../image/permitted.js';
import { maybeInstalled } from '../image/uncertainty.js';
import { applyShell } from '../shell/readShell.js';
import { linesOf } from '../text/lines.js';
import { Steps } from '../text/steps.js';
import type { ConfigurationReader } from '../workspace/reader.js';
import { startedScripts } from '../workspace/startedScripts.js';

/**
 * Lifecycle commands may install what the image lacks, by themselves or by a script of the workspace that they start.
 * @param user who they run as
 */
export async function afterLifecycle(
  facts: ImageFacts,
  user: Container['user'],
  lifecycle: readonly LifecycleScript[],
  reader: ConfigurationReader,
): Promise<ImageFacts> {
  let result = facts;
  const steps = new Steps();
  const apply = (text: string, placeOf: LifecycleScript['placeOf'], mayElevate: boolean): void => {
    const after = applyShell(result, text, placeOf, undefined, steps);
    result = mayElevate || isRoot({ user }) !== false ? after : ifPermitted(result, after, user.value ?? '');
  };
  for (const { script, placeOf } of lifecycle) {
    const elevates = ELEVATION.test(script);
    for (const path of startedScripts(script)) {
      // What it does is not known anyway.
      if (steps.areUsedUp) break;
      const answer = await reader.read(path);
      if (answer.kind === 'text')
        apply(answer.text, linesOf(answer.text, path).place, elevates || ELEVATION.test(answer.text));
      if (answer.kind === 'too-large')
        result = maybeInstalled(result, `${path} is too long to be read`, placeOf(0, script.length));
    }
    apply(script, placeOf, elevates);
  }
  return { ...result, ...asLifecycle(facts, result) };
}

/** What runs Codex is told apart from what does so while the image is built. */
function asLifecycle({ evidence: before = [] }: ImageFacts, { evidence }: ImageFacts): Pick<ImageFacts, 'evidence'> {
  if (!evidence) return {};
  return {
    evidence: evidence.map((one, i) =>
      i >= before.length && one.kind === 'command' ? { ...one, kind: 'lifecycle' } : one,
    ),
  };
}
