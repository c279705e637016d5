/** An image reference taken apart; Docker Hub's prefixes are taken off. */
export interface ImageReference {
  /** `debian`, `mcr.microsoft.com/devcontainers/base`, `ghcr.io/x/y`. */
  readonly name: string;
  /** `latest` when neither tag nor digest is given; undefined with a digest alone. */
  readonly tag: string | undefined;
}

/** Prefixes under which Docker Hub's official images are pulled. */
const OFFICIAL =
  /^(?:(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com|public\.ecr\.aws\/docker|mirror\.gcr\.io)\/)?library\//;
const HUB = /^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)\//;

/** Takes `[REGISTRY/]NAME[:TAG][@DIGEST]` apart (distribution/reference). Anything is accepted: what is no reference is an unknown name. */
export function imageReference(text: string): ImageReference {
  const [bare = '', digest] = text.trim().split('@', 2);
  const colon = bare.indexOf(':', bare.lastIndexOf('/') + 1);
  const name = (colon < 0 ? bare : bare.slice(0, colon)).replace(OFFICIAL, '').replace(HUB, '');
  const tag = colon < 0 ? (digest === undefined ? 'latest' : undefined) : bare.slice(colon + 1);
  return { name, tag };
}

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  String.raw`^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?/)?` +
    String.raw`${COMPONENT}(?:/${COMPONENT})*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$`,
);

/** Whether a text is an image reference by its grammar (distribution/reference), and so none of an engine's options. */
export function isImageReference(text: string): boolean {
  return text.length <= 512 && REFERENCE.test(text);
}
