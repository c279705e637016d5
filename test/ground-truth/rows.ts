import * as fs from 'node:fs';
import { parseArgs } from 'node:util';
import { capabilityName } from '../../src/model/container/capabilities.js';
import type { AgentRequest, Network } from '../../src/model/agent/request.js';
import { CODEX } from '../../src/model/agents/codex/agent.js';
import { known, type AppArmor, type Container, type Seccomp } from '../../src/model/container/container.js';
import { HOSTS, type Host, type HostName, type LoadedProfile } from '../../src/model/host.js';
import { PACKAGED_BWRAP_PATH } from '../../src/model/bwrapPath.js';
import { hostFromFacts } from '../../src/probe/localHost.js';
import { tailoredProfile } from '../../src/model/plan/tailored.js';
import { DOCKER_DEFAULT_PROFILE, PODMAN_DEFAULT_PROFILE } from '../../src/model/seccomp/engineProfiles.js';

/** One measured run; rows/README.md says what the fields mean. */
export interface Row {
  readonly host: string;
  readonly hostFacts: {
    readonly engine?: string;
    readonly dockerDefaultDenies?: 'mount';
    readonly distro?: string;
    readonly apparmor?: boolean;
    /** bwrap-userns-restrict is loaded, which attaches to /usr/bin/bwrap. */
    readonly bwrapProfile?: string;
    /** A profile that grants user namespaces, as its text: NAME PATH flags=… */
    readonly extraProfile?: string;
  };
  readonly image: {
    readonly distro: string;
    readonly bwrap: 'absent' | 'plain' | 'setuid';
    readonly bwrapVersion: string | null;
    /** Where it is not /usr/bin/bwrap; `LINK -> PATH` where a link leads to it. */
    readonly bwrapPath?: string;
  };
  readonly user: string;
  /** Who the container itself ran as, where Codex's user came in through exec. */
  readonly containerUser?: string;
  readonly dockerArgs: readonly string[];
  readonly codex: string;
  /** The executable alone, without what the npm package has beside it. */
  readonly bare?: boolean;
  readonly network: Network;
  readonly outcome: 'works' | 'fails';
  readonly gate: string | null;
  readonly stderr: string;
}

/** The rows of one file of rows/. */
export function readRows(name: string): readonly Row[] {
  const text = fs.readFileSync(new URL(`rows/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}

/** The host profiles that were loaded where rows name them (rows/README.md, dockerArgs). */
const LOADED: Readonly<Record<string, LoadedProfile>> = {
  'docker-default+userns': 'denies-mount',
  'docker-default+userns+mount': 'allows',
  'unconfined+userns': 'allows',
  runc: 'allows',
  unprivileged_userns: 'denies-capabilities',
  bwrap: 'denies-capabilities',
};

/** The paths to which profiles that grant user namespaces attached where the row was measured. */
function attachedTo({ bwrapProfile, extraProfile }: Row['hostFacts']): readonly string[] {
  const [, path] = extraProfile?.split(' ') ?? [];
  return [...(bwrapProfile === undefined ? [] : [PACKAGED_BWRAP_PATH]), ...(path === undefined ? [] : [path])];
}

/** Docker 20.10 ignores a seccomp profile under --privileged. */
function filtersPrivileged({ engine = '' }: Row['hostFacts'], host: Host): boolean | undefined {
  return host.engine === 'podman' || !engine.startsWith('docker 20.10');
}

/** Docker without root as `local` takes it, from what that Docker says of itself. */
const ROOTLESS = hostFromFacts({
  kernel: undefined,
  appArmor4: undefined,
  engine: {
    engine: 'docker',
    version: '28.5.2',
    system: null,
    kernel: null,
    apparmor: false,
    rootless: true,
    remapped: false,
    seccomp: 'builtin',
  },
});

/** The model's host for a row: the named one, with what the row says of its AppArmor. */
export function hostOf(row: Row): Host {
  if (row.host === 'docker-rootless') return ROOTLESS;
  const name = row.host === 'docker-userns-remap' ? 'docker-linux' : (row.host as HostName);
  const host = { ...HOSTS[name], filtersPrivileged: filtersPrivileged(row.hostFacts, HOSTS[name]) };
  if (!host.apparmor || row.hostFacts.apparmor === false) return { ...host, apparmor: undefined };
  const mounts = row.hostFacts.dockerDefaultDenies === 'mount' || row.hostFacts.distro === 'debian-12';
  return {
    ...host,
    apparmor: {
      ...host.apparmor,
      loadedProfiles: LOADED,
      attachedTo: attachedTo(row.hostFacts),
      defaultDenies: mounts ? 'mount' : 'userns',
    },
  };
}

function seccompOf(value: string, row: Row): Seccomp {
  switch (value) {
    case 'unconfined':
      return { kind: 'unconfined' };
    case '<tailored>':
      // It was measured with the five calls (rows/README.md).
      return {
        kind: 'custom',
        file: value,
        profile: tailoredProfile(DOCKER_DEFAULT_PROFILE, codexOf(row), false, 'before-0.13'),
      };
    case '<tailored+mount_setattr>':
      return { kind: 'custom', file: value, profile: tailoredProfile(DOCKER_DEFAULT_PROFILE, codexOf(row)) };
    case '<docker-default-copy>':
      return { kind: 'custom', file: value, profile: DOCKER_DEFAULT_PROFILE };
    case '<podman-default>':
      return { kind: 'custom', file: value, profile: PODMAN_DEFAULT_PROFILE };
    default:
      throw new Error(`unexpected seccomp=${value}`);
  }
}

/**
 * The version of the bubblewrap that Codex 0.169 brings, as which a copy of it counts. It prints none; 0.11.2 in May 2026 (reported), and
 * it behaves as one before 0.12 (measured).
 */
const BUNDLED_VERSION = '0.11.2';

function bwrapOf({ image }: Row, mounts: readonly string[]): Container['bwrap'] {
  const path = image.bwrapPath?.split(' -> ').at(-1);
  const copied =
    image.bwrapVersion?.startsWith('Codex ') === true || mounts.some((m) => m.includes(`:${PACKAGED_BWRAP_PATH}:`));
  return {
    presence: known(image.bwrap === 'absent' && !copied ? 'absent' : 'present'),
    setuid: known(image.bwrap === 'setuid'),
    version: known(copied ? BUNDLED_VERSION : (image.bwrapVersion ?? '')),
    ...(path !== undefined && { path: known(path) }),
  };
}

/** The container that a row's arguments and image make. */
export function containerOf(row: Row): Container {
  const { values } = parseArgs({
    args: [...row.dockerArgs],
    options: {
      'security-opt': { type: 'string', multiple: true, default: [] },
      'cap-add': { type: 'string', multiple: true, default: [] },
      'cap-drop': { type: 'string', multiple: true, default: [] },
      tmpfs: { type: 'string', multiple: true, default: [] },
      privileged: { type: 'boolean', default: false },
      'read-only': { type: 'boolean', default: false },
      userns: { type: 'string' },
      network: { type: 'string' },
      pid: { type: 'string' },
      ipc: { type: 'string' },
      v: { type: 'string', multiple: true, default: [] },
    },
  });
  const option = (key: string): string | undefined =>
    values['security-opt'].findLast((o) => o.startsWith(`${key}=`))?.slice(key.length + 1);
  const seccomp = option('seccomp');
  const apparmor = option('apparmor');
  const [id = '', version] = row.image.distro.split(':');
  const profile: AppArmor =
    apparmor === undefined || apparmor === 'docker-default'
      ? apparmor === undefined
        ? { kind: 'default' }
        : { kind: 'named', name: apparmor }
      : apparmor === 'unconfined'
        ? { kind: 'unconfined' }
        : { kind: 'named', name: apparmor };
  const place = { file: 'row', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };
  return {
    definition: { kind: 'image', image: row.image.distro, place },
    privileged: known(values.privileged),
    capAdd: values['cap-add'].map((c) => known(capabilityName(c))),
    capDrop: values['cap-drop'].map((c) => known(capabilityName(c))),
    seccomp: known(seccomp === undefined ? { kind: 'default' } : seccompOf(seccomp, row)),
    apparmor: known(profile),
    noNewPrivileges: known(values['security-opt'].includes('no-new-privileges')),
    maskedPaths: known(option('systempaths') !== 'unconfined' && !['ALL', '/proc/*'].includes(option('unmask') ?? '')),
    readOnlyRoot: known(values['read-only']),
    tmpfs: values.tmpfs.map((t) => known(t)),
    devices: [],
    user: known(row.user),
    ...(row.containerUser !== undefined && { containerUser: known(row.containerUser) }),
    distro: known({ id, version }),
    bwrap: bwrapOf(row, values.v),
    agents: { codex: known({ version: row.codex, bundledBwrap: row.bare !== true }) },
    programs: [],
  };
}

/** Codex as the row ran it. */
export function codexOf(row: Row): AgentRequest {
  return { agent: CODEX, version: row.codex, network: row.network, bundledBwrap: row.bare !== true };
}
