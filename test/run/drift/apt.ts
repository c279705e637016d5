import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../container/process.js';
import { cache } from '../project.js';
import {
  mirrorInDebootstrap,
  mirrorsInApt,
  suitePackages,
  unfetchedSuites,
  type SuitePackages,
} from './packageLists.js';

/** Where apt keeps what it has downloaded for this check, apart from the machine's own state. */
const FOLDER = join(cache, 'drift/apt');

/** The packages whose versions are looked at. */
const PACKAGES = ['bubblewrap', 'docker.io', 'podman'];

/** What a distribution's suites are called, where debootstrap names its mirror, and what its packages are signed with. */
const ARCHIVES = [
  {
    distribution: 'Debian',
    // They go on naming the same as releases come and go.
    suites: ['oldoldstable', 'oldstable', 'stable', 'testing', 'unstable'],
    components: 'main',
    script: '/usr/sbin/debootstrap',
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  },
  {
    distribution: 'Ubuntu',
    suites: ['focal', 'jammy', 'noble', 'questing', 'resolute', 'devel'],
    components: 'main universe',
    script: '/usr/share/debootstrap/scripts/gutsy',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  },
] as const;

/** Suites without updates of their own. */
const ROLLING: readonly string[] = ['testing', 'unstable', 'devel'];

/** What the package lists of distributions say today. */
export interface PackageLists {
  readonly suites: readonly SuitePackages[];
  /** What could not be asked, with the reason. */
  readonly unreachable: readonly string[];
}

async function apt(program: string, ...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run('env', [`APT_CONFIG=${join(FOLDER, 'apt.conf')}`, 'LC_ALL=C', program, ...args]);
}

/** Asks the mirrors that apt and debootstrap know on this machine. Not to reach one is an answer. */
export async function readPackageLists(): Promise<PackageLists> {
  const unreachable: string[] = [];
  const sources: string[] = [];
  const asked: string[] = [];
  const targets = await run('apt-get', ['indextargets', '--format', '$(ORIGIN)|$(RELEASE)|$(SITE)']);
  for (const { distribution, suites, components, script, keyring } of ARCHIVES) {
    const { archive = defaultMirror(script), security } = mirrorsInApt(targets.stdout, distribution);
    if (archive === undefined || !existsSync(keyring)) {
      const why = archive === undefined ? 'neither apt nor debootstrap knows a mirror' : `there is no ${keyring}`;
      unreachable.push(...suites.map((suite) => `${distribution} ${suite}: not reachable (${why})`));
      continue;
    }
    const line = (mirror: string, suite: string): string =>
      `deb [signed-by=${keyring}] ${mirror} ${suite} ${components}`;
    for (const suite of suites) {
      asked.push(`${distribution} ${suite}`);
      sources.push(line(archive, suite));
      if (!ROLLING.includes(suite) && security !== undefined) sources.push(line(security, `${suite}-security`));
    }
  }
  configure(sources);
  const { stderr } = await apt('apt-get', 'update', '-qq');
  const unfetched = unfetchedSuites(stderr);
  const { stdout: madison } = await apt('apt-cache', 'madison', ...PACKAGES);
  const { stdout: names } = await apt('apt-get', 'indextargets', '--format', '$(RELEASE)|$(CODENAME)');
  const suites = suitePackages(madison, names, unfetched);
  const found = suites.map(({ suite }) => suite);
  const missing = asked.filter((name) => !found.includes(name.split(' ')[1] ?? ''));
  return { suites, unreachable: [...unreachable, ...missing.map((name) => `${name}: not reachable`)] };
}

function defaultMirror(script: string): string | undefined {
  return existsSync(script) ? mirrorInDebootstrap(readFileSync(script, 'utf8')) : undefined;
}

function configure(sources: readonly string[]): void {
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(FOLDER, folder), { recursive: true });
  }
  // No package counts as installed: what one depends on is downloaded with it.
  const status = join(FOLDER, 'status');
  writeFileSync(status, '');
  writeFileSync(join(FOLDER, 'sources.list'), `${sources.join('\n')}\n`);
  const settings = {
    'Dir::State': join(FOLDER, 'state'),
    'Dir::State::status': status,
    'Dir::Cache': join(FOLDER, 'cache'),
    'Dir::Etc::sourcelist': join(FOLDER, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    // A mirror that lags behind is asked all the same: how old an answer is does not matter here.
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    // The cache folder may be one that only its owner enters.
    'APT::Sandbox::User': 'root',
  };
  const text = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`);
  writeFileSync(join(FOLDER, 'apt.conf'), text.join(''));
}

/**
 * Downloads packages of a suite with all that they depend on into a folder.
 * @throws Error with what apt said
 */
export async function downloadPackages(suite: string, names: readonly string[], folder: string): Promise<void> {
  mkdirSync(join(folder, 'partial'), { recursive: true });
  const options = ['--yes', '--quiet', '--download-only', '--no-install-recommends', '--target-release', suite];
  const archives = ['--option', `Dir::Cache::archives=${folder}`];
  const ended = await run('env', [
    ...[`APT_CONFIG=${join(FOLDER, 'apt.conf')}`, 'LC_ALL=C', 'apt-get', 'install'],
    ...[...options, ...archives, ...names],
  ]);
  if (ended.status !== 0)
    throw new Error(`apt-get could not download ${names.join(', ')} of ${suite}:\n${ended.stderr}`);
}
