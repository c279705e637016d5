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
