import { isConfiguration } from '../sources/workspace/configurationPlaces.js';

/**
 * A comment that switches a rule off for the line below it, with a reason to be filled in; undefined: the format has no comments.
 * @param file as its workspace folder names it
 */
export function ignoreComment(
  file: string,
  rule: string,
): { readonly start: string; readonly reason: string } | undefined {
  const name = file.split('/').at(-1) ?? file;
  const hasSlashes = isConfiguration(file) || name === 'devcontainer.json' || /\.jsonc$/i.test(name);
  if (!hasSlashes && /\.json$/i.test(name)) return undefined;
  return { start: `${hasSlashes ? '//' : '#'} codex-sandbox-ignore ${rule}: `, reason: 'reason' };
}
