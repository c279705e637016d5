import { known, type Sourced } from '../../model/container/container.js';
import { isMetadata, placesOf, valueOf, type Option } from './option.js';

/** Modes of `--userns` that podman-run(1) knows beside host. */
const USERNS = /^(?:auto|keep-id|nomap|private|container|ns)(?=$|:)/;

/** Keys of `--security-opt` that podman-run(1) knows and Docker does not. */
const SECURITY_OPT = /^(?:unmask|mask|proc-opts)[=:]/;

/**
 * The option that says that the container is made by Podman: one that Docker refuses, so that it creates no such container
 * (measured with 20.10: "--userns: invalid USER mode", "invalid --security-opt 2"). As people write it; undefined: there is none.
 * Of Compose's userns_mode this is not so: what docker's command line refuses the daemon takes (measured with the same).
 */
export function podmanOnly(options: readonly Option[]): Sourced<string> | undefined {
  const counting = options.filter(({ inert }) => inert !== true);
  const userns = counting.findLast(({ flag, origin }) => flag === 'userns' && origin.kind === 'runArgs');
  const mode = userns && valueOf(userns).value;
  if (userns && mode !== undefined && USERNS.test(mode)) return known(`--userns=${mode}`, ...placesOf(userns));
  // Of what is written for this container first, then of what the metadata brings.
  const security = counting.filter(({ flag, value = '' }) => flag === 'security-opt' && SECURITY_OPT.test(value));
  const option = security.find((each) => !isMetadata(each)) ?? security[0];
  return option && known(`--security-opt ${option.value ?? ''}`, ...placesOf(option));
}
