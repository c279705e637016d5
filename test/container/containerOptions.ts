import { docker } from './docker.js';

/** The options of a container that bear on the sandbox, as Docker took them. */
export interface ContainerOptions {
  readonly image: string;
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  /** By key: seccomp (a profile's text or `unconfined`), apparmor, systempaths, no-new-privileges, label. */
  readonly securityOpt: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly init: boolean;
  /** Mount point → options. */
  readonly tmpfs: Readonly<Record<string, string>>;
  /** Other mounts as `--mount` takes them. */
  readonly mounts: readonly string[];
}

/** The part of `docker inspect` that is read. */
interface Inspected {
  readonly Config: { readonly Image: string };
  readonly HostConfig: {
    readonly Privileged: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly MaskedPaths: readonly string[] | null;
    readonly ReadonlyRootfs: boolean;
    readonly Init?: boolean | null;
    readonly Tmpfs?: Readonly<Record<string, string>> | null;
    /** `SOURCE:TARGET[:MODE]`, as Compose and `--volume` have it. */
    readonly Binds?: readonly string[] | null;
    readonly Mounts?: readonly { readonly Type: string; readonly Source?: string; readonly Target: string }[] | null;
  };
}

/** The options that a container was started with. */
export async function optionsOf(container: string): Promise<ContainerOptions> {
  const [inspected] = JSON.parse(await docker('inspect', '--type', 'container', container)) as [Inspected];
  const { Config, HostConfig: host } = inspected;
  // `docker run` turns systempaths=unconfined into empty lists of paths; under --privileged they are empty anyway.
  const unmasked = host.MaskedPaths?.length === 0 && !host.Privileged;
  return {
    image: Config.Image,
    privileged: host.Privileged,
    capAdd: host.CapAdd ?? [],
    capDrop: host.CapDrop ?? [],
    securityOpt: {
      ...Object.fromEntries((host.SecurityOpt ?? []).map(keyAndValue)),
      ...(unmasked ? { systempaths: 'unconfined' } : {}),
    },
    readOnly: host.ReadonlyRootfs,
    init: host.Init ?? false,
    tmpfs: host.Tmpfs ?? {},
    mounts: [
      ...(host.Binds ?? []).map(mountOf),
      ...(host.Mounts ?? []).map(
        ({ Type, Source, Target }) => `type=${Type}${Source ? `,source=${Source}` : ''},target=${Target}`,
      ),
    ],
  };
}

function mountOf(bind: string): string {
  const [source = '', target = '', mode = ''] = bind.split(':');
  const type = source.startsWith('/') ? 'bind' : 'volume';
  return `type=${type},source=${source},target=${target}${mode.split(',').includes('ro') ? ',readonly' : ''}`;
}

function keyAndValue(option: string): readonly [string, string] {
  const [, key = option, value = ''] = /^([a-z-]+)[=:]([^]*)$/.exec(option) ?? [];
  return [key, value];
}

/**
 * The arguments of `docker run` for these options, without the image.
 * @param profileFile where the text of a seccomp profile has been written, if there is one
 */
export function runArguments(options: ContainerOptions, profileFile: string): readonly string[] {
  const securityOpt = Object.entries(options.securityOpt).map(([key, value]) => {
    if (value === '') return key;
    return `${key}=${key === 'seccomp' && isProfile(value) ? profileFile : value}`;
  });
  return [
    ...(options.privileged ? ['--privileged'] : []),
    ...(options.readOnly ? ['--read-only'] : []),
    ...(options.init ? ['--init'] : []),
    ...options.capAdd.flatMap((capability) => ['--cap-add', capability]),
    ...options.capDrop.flatMap((capability) => ['--cap-drop', capability]),
    ...securityOpt.flatMap((option) => ['--security-opt', option]),
    ...Object.entries(options.tmpfs).flatMap(([path, opts]) => ['--tmpfs', opts === '' ? path : `${path}:${opts}`]),
    ...options.mounts.flatMap((mount) => ['--mount', mount]),
  ];
}

/** Whether the value of a seccomp option is the text of a profile. */
export function isProfile(value: string | undefined): value is string {
  return value?.startsWith('{') === true;
}
