/** The profiles of containers that name none: data of the engines, unchanged. Where they come from: data/NOTICE.md. */

import docker from '../data/docker-default-seccomp.json' with { type: 'json' };
import podman from '../data/podman-default-seccomp.json' with { type: 'json' };
import { toSeccompProfile, type SeccompProfile } from './profile.js';

/** Docker's default profile: moby/profiles seccomp/default.json at cd3bed8 (2026-06-30; last changed 2026-05-06), Apache-2.0. */
export const DOCKER_DEFAULT_PROFILE: SeccompProfile = toSeccompProfile(docker);

/** Podman's default profile: containers/common 0.50.1 (2022-11-12) as in Debian 12, Apache-2.0. */
export const PODMAN_DEFAULT_PROFILE: SeccompProfile = toSeccompProfile(podman);
