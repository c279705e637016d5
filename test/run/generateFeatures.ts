/**
 * Makes features.json from the public definitions: `node --import tsx test/run/generateFeatures.ts FOLDER`, where
 * FOLDER holds a clone of each collection as OWNER+NAME.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'jsonc-parser';
import { format, resolveConfig } from 'prettier';
import { compareVersions } from '../../src/model/versions.js';
import type { FeatureCollection, FeatureState } from '../../src/sources/features/table.js';

/** Collections by their namespace: the repository that publishes it (containers.dev, "Available Features"). */
const COLLECTIONS: Readonly<Record<string, string>> = {
  'ghcr.io/devcontainers/features': 'devcontainers/features',
  'ghcr.io/devcontainers-extra/features': 'devcontainers-extra/features',
  'ghcr.io/devcontainers-contrib/features': 'devcontainers-contrib/features',
  'ghcr.io/devcontainers-community/npm-features': 'devcontainers-community/npm-features',
  'ghcr.io/anthropics/devcontainer-features': 'anthropics/devcontainer-features',
  'ghcr.io/azure/azure-dev': 'Azure/azure-dev',
  'ghcr.io/bascodes/devcontainer-features': 'bascodes/devcontainer-features',
  'ghcr.io/codeman99/features': 'CodeMan99/features',
  'ghcr.io/ctrlcarlitos/devcontainer-features': 'CtrlCarlitos/devcontainer-features',
  'ghcr.io/customink/codespaces-features': 'customink/codespaces-features',
  'ghcr.io/devcontainer-community/devcontainer-features': 'devcontainer-community/devcontainer-features',
  'ghcr.io/dhoeric/features': 'dhoeric/features',
  'ghcr.io/duduribeiro/devcontainer-features': 'duduribeiro/devcontainer-features',
  'ghcr.io/eitsupi/devcontainer-features': 'eitsupi/devcontainer-features',
  'ghcr.io/fumito-ito/devcontainer-features': 'fumito-ito/devcontainer-features',
  'ghcr.io/guiyomh/features': 'guiyomh/features',
  'ghcr.io/itsmechlark/features': 'itsmechlark/features',
  'ghcr.io/joshuanianji/devcontainer-features': 'joshuanianji/devcontainer-features',
  'ghcr.io/jsburckhardt/devcontainer-features': 'jsburckhardt/devcontainer-features',
  'ghcr.io/julialang/devcontainer-features': 'JuliaLang/devcontainer-features',
  'ghcr.io/jungaretti/features': 'jungaretti/features',
  'ghcr.io/lukewiwa/features': 'lukewiwa/features',
  'ghcr.io/mamba-org/devcontainer-features': 'mamba-org/devcontainer-features',
  'ghcr.io/meaningful-ooo/devcontainer-features': 'meaningful-ooo/devcontainer-features',
  'ghcr.io/michidk/devcontainers-features': 'michidk/devcontainers-features',
  'ghcr.io/mpriscella/features': 'mpriscella/features',
  'ghcr.io/msclock/features': 'msclock/features',
  'ghcr.io/nikobockerman/devcontainer-features': 'nikobockerman/devcontainer-features',
  'ghcr.io/rails/devcontainer/features': 'rails/devcontainer',
  'ghcr.io/rapidsai/devcontainers/features': 'rapidsai/devcontainers',
  'ghcr.io/rocker-org/devcontainer-features': 'rocker-org/devcontainer-features',
  'ghcr.io/sachitv/devcontainer-features': 'sachitv/devcontainer-features',
  'ghcr.io/schlich/devcontainer-features': 'schlich/devcontainer-features',
  'ghcr.io/shyim/devcontainers-features': 'shyim/devcontainers-features',
  'ghcr.io/stuartleeks/dev-container-features': 'stuartleeks/dev-container-features',
  'ghcr.io/tailscale/codespace': 'tailscale/codespace',
  'ghcr.io/thamaji/devcontainer-features': 'thamaji/devcontainer-features',
  'ghcr.io/trunk-io/devcontainer-feature': 'trunk-io/devcontainer-feature',
  'ghcr.io/va-h/devcontainers-features': 'va-h/devcontainers-features',
};

interface Definition {
  readonly id?: string;
  readonly version?: string;
  readonly privileged?: boolean;
  readonly init?: boolean;
  readonly capAdd?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly dependsOn?: Readonly<Record<string, unknown>>;
  readonly installsAfter?: readonly string[];
  readonly legacyIds?: readonly string[];
}

class Repository {
  constructor(readonly folder: string) {}

  git(...args: readonly string[]): string {
    return execFileSync('git', args, {
      cwd: this.folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }

  /** undefined: the commit has no such file. */
  text(commit: string, path: string): string | undefined {
    try {
      return this.git('show', `${commit}:${path}`);
    } catch {
      // git's only way to say that it is not there.
      return undefined;
    }
  }
}

/** Scripts of the Feature that mention a package or a program, comments aside. */
function mentions(repository: Repository, commit: string, folder: string, pattern: RegExp): boolean {
  const paths = repository.git('ls-tree', '-r', '--name-only', commit, `${folder}/`).split('\n');
  return paths
    .filter((path) => path.endsWith('.sh'))
    .some((path) => pattern.test((repository.text(commit, path) ?? '').replace(/^\s*#.*$/gm, '')));
}

function stateAt(repository: Repository, commit: string, folder: string, definition: Definition): FeatureState {
  const { privileged, init, capAdd, securityOpt, dependsOn } = definition;
  return {
    ...(privileged === true && { privileged }),
    ...(init === true && { init }),
    ...(capAdd?.length && { capAdd }),
    ...(securityOpt?.length && { securityOpt }),
    ...(dependsOn && Object.keys(dependsOn).length > 0 && { dependsOn: Object.keys(dependsOn) }),
    ...(mentions(repository, commit, folder, /\bbubblewrap\b/) && { bubblewrap: true }),
    ...(mentions(repository, commit, folder, /openai\/codex|REPO_NAME="codex"/) && { codex: true }),
  };
}

/** What each version says, oldest first, without those that say the same as the one before. */
function history(repository: Repository, folder: string): readonly FeatureState[] {
  const commits = repository.git('log', '--format=%H', '--', folder).split('\n').filter(Boolean);
  const byVersion = new Map<string, FeatureState>();
  // Newest first: a version that was changed without a new number is published as the last of it.
  for (const commit of commits) {
    const text = repository.text(commit, `${folder}/devcontainer-feature.json`);
    const definition = text === undefined ? undefined : (parse(text) as Definition | undefined);
    const version = definition?.version;
    if (definition === undefined || version === undefined || byVersion.has(version)) continue;
    byVersion.set(version, stateAt(repository, commit, folder, definition));
  }
  const ordered = [...byVersion].sort(([a], [b]) => compareVersions(a, b));
  return ordered.flatMap(([version, state], index) => {
    if (index === 0) return [state];
    return JSON.stringify(ordered[index - 1]?.[1]) === JSON.stringify(state) ? [] : [{ since: version, ...state }];
  });
}

/** Folders of the Features in whose history something of interest ever came or went. */
function interesting(repository: Repository): ReadonlySet<string> {
  const changed = (pattern: string, paths: string): readonly string[] =>
    repository.git('log', '--format=', '--name-only', '-G', pattern, '--', paths).split('\n');
  const files = [
    ...changed('"(privileged|capAdd|securityOpt|init|dependsOn)"', '*devcontainer-feature.json'),
    ...changed('bubblewrap|openai/codex|REPO_NAME="codex"', '*.sh'),
  ];
  return new Set(files.map((file) => file.slice(0, file.lastIndexOf('/'))));
}

function collection(namespace: string, name: string, repository: Repository): FeatureCollection {
  const worthwhile = interesting(repository);
  const plain: string[] = [];
  const features: Record<string, FeatureCollection['features'][string]> = {};
  const paths = repository.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n');
  const roots = /^(?:features\/)?(?:src\/)?[^/]+\/devcontainer-feature\.json$/;
  for (const path of paths.filter((p) => roots.test(p) || /^[\w/-]*src\/[^/]+\/devcontainer-feature\.json$/.test(p))) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const definition = parse(repository.text('HEAD', path) ?? '') as Definition | undefined;
    if (definition?.id === undefined) continue;
    const id = definition.id.toLowerCase();
    const states = worthwhile.has(folder) ? history(repository, folder) : [{}];
    const { installsAfter = [], legacyIds = [] } = definition;
    for (const legacy of legacyIds) features[legacy] = { states, alias: id, installsAfter };
    if (states.every((state) => Object.keys(state).every((key) => key === 'since'))) plain.push(id);
    else features[id] = { states, installsAfter };
  }
  const [commit = '', date = ''] = repository.git('log', '-1', '--format=%h %cs').split(' ');
  return { namespace, repository: name, commit, date, plain: [...new Set(plain)].sort(), features };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: generateFeatures.ts FOLDER');
const table: FeatureCollection[] = [];
for (const [namespace, name] of Object.entries(COLLECTIONS)) {
  const clone = join(folder, name.replace('/', '+'));
  const repository = new Repository(existsSync(join(clone, 'repo')) ? join(clone, 'repo') : clone);
  table.push(collection(namespace, name, repository));
}
const output = fileURLToPath(new URL('../../src/sources/data/features.json', import.meta.url));
const options = await resolveConfig(output);
const text = await format(JSON.stringify(table), { ...options, parser: 'json' });
if (!existsSync(output) || readFileSync(output, 'utf8') !== text) writeFileSync(output, text);
