import { known, type Sourced } from '../../model/container/container.js';
import type { RunOptions } from './runArgs.js';
import type { MetadataLayer } from './metadata.js';

/** Modes of `--userns` that podman-run(1) knows beside host. */
const USERNS = /^(?:auto|keep-id|nomap|private|container|ns)(?=$|:)/;

/** Keys of `--security-opt` that podman-run(1) knows and Docker does not. */
const SECURITY_OPT = /^(?:unmask|mask|proc-opts)[=:]/;

/**
 * The option that says that the container is made by Podman: one that Docker refuses, so that it creates no such container
 * (measured with 20.10: "--userns: invalid USER mode", "invalid --security-opt 2"). As people write it; undefined: there is none.
 * Of Compose's userns_mode this is not so: what docker's command line refuses the daemon takes (measured with the same).
 */
export function podmanOnly(run: RunOptions, layers: readonly MetadataLayer[]): Sourced<string> | undefined {
  const { userns, securityOpt } = run;
  if (userns?.value !== undefined && USERNS.test(userns.value)) {
    return known(`--userns=${userns.value}`, ...userns.places);
  }
  const option = [...securityOpt, ...layers.flatMap((layer) => layer.securityOpt)].find((o) =>
    SECURITY_OPT.test(o.value ?? ''),
  );
  return option && known(`--security-opt ${option.value ?? ''}`, ...option.places);
}
