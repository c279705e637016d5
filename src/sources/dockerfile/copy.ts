import { known, unknown } from '../../model/container/container.js';
import { PACKAGED_BWRAP_PATH } from '../../model/bwrapPath.js';
import type { Place } from '../../model/place.js';
import { isBundledBwrap, placedPath, placesProgram } from '../shell/bwrap.js';
import { codexDownload } from '../shell/codex.js';
import { wordsOf, type DockerfileInstruction } from './outline.js';
import { jsonWords } from './run.js';
import { setuidOfMode } from '../shell/fileModes.js';
import { bundledVersion, withFile } from '../image/applyEffects.js';
import { namesCodexFolder, withEvidence } from '../image/evidence.js';
import type { ImageFacts } from '../image/facts.js';
import { sourceSpan, type Span } from '../text/mappedText.js';

interface Surroundings {
  readonly placeOf: (span: Span) => Place;
  /** Puts variables in; undefined when one is not known. */
  readonly substitute: (text: string) => string | undefined;
  /** The image of an earlier stage by name or number. */
  readonly stage: (name: string) => ImageFacts | undefined;
}

const BWRAP = /^bwrap$/;
const CODEX = /^codex(?:-(?:x86_64|aarch64)-unknown-linux-\w+)?$/;

/** What COPY or ADD brings into an image: a bwrap, a Codex, or a whole stage's file system. */
export function applyCopy(image: ImageFacts, copy: DockerfileInstruction, around: Surroundings): ImageFacts {
  const words = (
    jsonWords(copy.rest)?.map((w) => ({ text: w.text, span: sourceSpan(w, 0, w.text.length) })) ?? wordsOf(copy.rest)
  ).map(({ text, span }) => ({ text: around.substitute(text) ?? '', span }));
  const sources = words.slice(0, -1).map((w) => w.text);
  const destination = words.at(-1)?.text ?? '';
  const fromName = copy.flags.get('from');
  const from = fromName === undefined ? undefined : around.stage(around.substitute(fromName) ?? '');
  const place = around.placeOf(copy);

  if (from !== undefined && destination === '/' && sources.some((s) => s === '/' || s === '/.')) {
    return { ...from, user: image.user, metadata: image.metadata };
  }
  let result = image;
  if (placesProgram(BWRAP, sources, destination)) {
    const bwrap = copiedBwrap(copy, from, place);
    // The stage that it is copied from has the Codex that it comes with.
    const file = isBundledBwrap(sources) ? bundled(bwrap, from ?? image, place) : bwrap;
    const path = placedPath(destination);
    result = withFile(result, file, { path, isPackaged: path === PACKAGED_BWRAP_PATH }, place);
  }
  if (placesProgram(CODEX, sources, destination)) {
    const codex = known({ version: undefined, bundledBwrap: false }, place);
    result = withEvidence({ ...result, codex }, 'package', place);
  }
  if (namesCodexFolder(destination)) result = withEvidence(result, 'config', place);
  for (const word of copy.keyword === 'ADD' ? words : []) {
    const effect = codexDownload(word);
    if (effect?.kind === 'install-codex' && effect.bundledBwrap !== undefined) {
      const codex = known({ version: effect.version, bundledBwrap: effect.bundledBwrap }, place);
      result = withEvidence({ ...result, codex }, 'package', place);
    }
  }
  return result;
}

/** Codex's own has no set-user-ID bit that COPY could keep. */
function bundled(bwrap: ImageFacts['bwrap'], from: ImageFacts, place: Place): ImageFacts['bwrap'] {
  const setuid = bwrap.setuid.value === true ? bwrap.setuid : known(false, place);
  return { ...bwrap, setuid, version: bundledVersion(from, place) };
}

/** COPY --from keeps the set-user-ID bit (measured with Docker 20.10) unless --chmod says otherwise; a repository holds no setuid file. */
function copiedBwrap(copy: DockerfileInstruction, from: ImageFacts | undefined, place: Place): ImageFacts['bwrap'] {
  const mode = copy.flags.get('chmod');
  const there = from?.bwrap.presence.value === 'present' ? from.bwrap : undefined;
  const version = there?.version.value;
  const setuid = mode === undefined ? (copy.flags.has('from') ? there?.setuid.value : false) : setuidOfMode(mode);
  return {
    presence: known('present', place),
    version: version === undefined ? unknown('bubblewrap is copied from elsewhere', place) : known(version, place),
    setuid:
      setuid === undefined ? unknown('bubblewrap is copied from elsewhere with its mode', place) : known(setuid, place),
  };
}
