import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { known, type Container, type Seccomp } from '../../src/model/container/container.js';
import { tailoredProfile, type Serves } from '../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE } from '../../src/model/seccomp/engineProfiles.js';
import type { SeccompProfile } from '../../src/model/seccomp/profile.js';
import { bwrap, CODEX as REQUEST, containerWith } from '../unit/containers.js';
import { CODEX_MOUNT } from './codex.js';

/** An image and the version of the bubblewrap in it; undefined: there is none. */
export interface EngineImage {
  readonly name: string;
  readonly distro: string;
  readonly bwrap: string | undefined;
}

/** One container that Codex's sandbox is started in. */
export interface EngineCase {
  readonly title: string;
  readonly args: readonly string[];
  /** The same container for the model. */
  readonly container: Container;
  /** Docker 20.10 ignores the seccomp profile here, Docker 28 applies it. */
  readonly isNamedUnderPrivileged: boolean;
}

interface Options {
  readonly title: string;
  readonly profile?: SeccompProfile;
  readonly args?: readonly string[];
  readonly changes?: Partial<Container>;
}

const PRIVILEGED: Options = { title: 'privileged', args: ['--privileged'], changes: { privileged: known(true) } };

const UNMASKED: Options = {
  title: 'systempaths=unconfined',
  args: ['--security-opt=systempaths=unconfined'],
  changes: { maskedPaths: known(false) },
};

/** The options that decide, with masked and with unmasked paths; under --privileged nothing is masked anyway. */
function optionsFor(user: string): readonly Options[] {
  const profile = (serves: Serves): SeccompProfile =>
    tailoredProfile(DOCKER_DEFAULT_PROFILE, REQUEST, user === 'root', serves);
  const masked: readonly Options[] = [
    { title: 'no options' },
    { title: 'tailored profile', profile: profile('all') },
    { title: 'profile of five calls', profile: profile('before-0.13') },
    {
      title: 'tailored profile, apparmor=unconfined',
      profile: profile('all'),
      args: ['--security-opt=apparmor=unconfined'],
      changes: { apparmor: known({ kind: 'unconfined' }) },
    },
    {
      title: 'seccomp=unconfined',
      args: ['--security-opt=seccomp=unconfined'],
      changes: { seccomp: known({ kind: 'unconfined' }) },
    },
  ];
  return [
    ...masked,
    ...masked.map((options) => both(options, UNMASKED)),
    PRIVILEGED,
    { ...PRIVILEGED, title: 'privileged, tailored profile', profile: profile('all') },
    { ...PRIVILEGED, title: 'privileged, Docker’s default profile', profile: DOCKER_DEFAULT_PROFILE },
  ];
}

function both(one: Options, other: Options): Options {
  return {
    ...one,
    title: `${one.title}, ${other.title}`,
    args: [...(one.args ?? []), ...(other.args ?? [])],
    changes: { ...one.changes, ...other.changes },
  };
}

/**
 * Every case for an image and a user.
 * @param folder for the profiles
 * @param codex Codex's folder, to be mounted
 */
export function engineCases(
  image: EngineImage,
  user: 'root' | '1000',
  folder: string,
  codex: string,
): readonly EngineCase[] {
  const uid = user === 'root' ? '0' : user;
  const [id = '', version] = image.distro.split(':');
  return optionsFor(user).map(({ title, profile, args = [], changes = {} }) => {
    const file = join(folder, `${title.replace(/\W+/g, '-')}.json`);
    if (profile) writeFileSync(file, JSON.stringify(profile));
    const seccomp: Seccomp | undefined = profile && { kind: 'custom', file, profile };
    return {
      title,
      args: [
        ...['--rm', '--network=none', `--user=${user}`, '--workdir=/project', '--env=HOME=/var'],
        ...[`--tmpfs=/project:uid=${uid}`, `--tmpfs=/var:uid=${uid}`, `--volume=${codex}:${CODEX_MOUNT}:ro`],
        ...(seccomp ? [`--security-opt=seccomp=${file}`] : []),
        ...args,
        image.name,
      ],
      container: containerWith({
        user: known(user),
        distro: known({ id, version }),
        ...(image.bwrap !== undefined && { bwrap: bwrap(image.bwrap) }),
        ...(seccomp && { seccomp: known(seccomp) }),
        ...changes,
      }),
      isNamedUnderPrivileged: changes.privileged !== undefined && profile === DOCKER_DEFAULT_PROFILE,
    };
  });
}
