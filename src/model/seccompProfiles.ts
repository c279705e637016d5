import docker from './data/docker-default-seccomp.json' with { type: 'json' };
import podman from './data/podman-default-seccomp.json' with { type: 'json' };
import type { SeccompProfile } from './seccomp.js';

/** Docker's default profile: moby/profiles seccomp/default.json at cd3bed8 (2026-06-30), Apache-2.0. */
export const DOCKER_DEFAULT_PROFILE: SeccompProfile = docker;

/** Podman's default profile: containers/common as in Debian 12's golang-github-containers-common, Apache-2.0. */
export const PODMAN_DEFAULT_PROFILE: SeccompProfile = podman;
