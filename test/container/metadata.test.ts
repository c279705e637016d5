import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { capabilityName } from '../../src/model/container/capabilities.js';
import type { Sourced } from '../../src/model/container/container.js';
import { imageInspector } from '../../src/probe/imageInspector.js';
import type { Configuration } from '../../src/sources/configuration/configuration.js';
import { withImages } from '../../src/sources/workspace/files.js';
import type { MetadataLayer } from '../../src/sources/options/metadata.js';
import { nodeFiles } from '../../src/sources/workspace/nodeFiles.js';
import { readConfigurations } from '../../src/sources/configuration/readConfiguration.js';
import { root } from '../run/project.js';
import { docker } from './docker.js';
import { CASES, LABELLED, labelled, type CaseFiles } from './metadataCases.js';
import { pool } from './pool.js';
import { run } from './process.js';

const CLI = join(root, 'node_modules/@devcontainers/cli/devcontainer.js');

/** What both sides say of a configuration. */
interface Merged {
  readonly privileged: boolean;
  readonly init: boolean;
  readonly capAdd: readonly string[];
  readonly securityOpt: readonly string[];
  readonly remoteUser: string | undefined;
  readonly containerUser: string | undefined;
}

const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

/** The CLI's own merged configuration. */
async function theirs(folder: string): Promise<Merged> {
  const args = ['read-configuration', '--include-merged-configuration', '--workspace-folder', folder];
  const { stdout, stderr, status } = await run(process.execPath, [CLI, ...args]);
  assert.equal(status, 0, stderr);
  const text = stdout.replaceAll(folder, '${localWorkspaceFolder}');
  const merged = (JSON.parse(text) as { mergedConfiguration: Partial<Merged> }).mergedConfiguration;
  return {
    privileged: merged.privileged ?? false,
    init: merged.init ?? false,
    capAdd: unique((merged.capAdd ?? []).map(capabilityName)),
    securityOpt: merged.securityOpt ?? [],
    remoteUser: merged.remoteUser === '' ? undefined : merged.remoteUser,
    containerUser: merged.containerUser,
  };
}

function ours({ layers }: Configuration): Merged {
  const last = (pick: (layer: MetadataLayer) => Sourced<string> | undefined): string | undefined =>
    layers.map(pick).findLast((user) => user !== undefined)?.value;
  return {
    privileged: layers.some((l) => l.privileged?.value === true),
    init: layers.some((l) => l.init?.value === true),
    capAdd: unique(layers.flatMap((l) => l.capAdd.map((c) => c.value ?? '?'))),
    securityOpt: unique(layers.flatMap((l) => l.securityOpt.map((o) => o.value ?? '?'))),
    remoteUser: last((l) => l.remoteUser),
    containerUser: last((l) => l.containerUser),
  };
}

function write(folder: string, files: CaseFiles): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  }
}

/** Debian has the plugin or the program in the package docker-compose; the CLI takes either. */
async function ensureCompose(): Promise<void> {
  if ((await run('docker', ['compose', 'version'])).status === 0) return;
  const program = await run('docker-compose', ['version']).catch(() => undefined);
  if (program?.status !== 0)
    throw new Error('Neither `docker compose` nor `docker-compose` answers: install one of them.');
}

/** What the dev container CLI merges is what this program merges: without a registry, so with Features of the workspace. */
suite('metadata as the dev container CLI merges it', () => {
  const parent = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-metadata-'));
  let results: ReadonlyMap<string, Promise<readonly [Merged, Merged, Configuration]>> = new Map();

  suiteSetup('Compose, labelled images, both readings', async () => {
    await ensureCompose();
    for (const [name, { label, user }] of Object.entries(LABELLED)) {
      const folder = mkdtempSync(join(parent, 'image-'));
      const quoted = label.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
      const lines = ['FROM debian:12', `LABEL devcontainer.metadata="${quoted}"`, ...(user ? [`USER ${user}`] : [])];
      writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
      await docker('build', '--quiet', '--tag', labelled(name), folder);
    }
    const image = imageInspector({ workspaces: [parent], environment: process.env, timeLimitMs: 30_000 });
    const cases = Object.entries(CASES);
    const jobs = cases.map(([, files], index) => async () => {
      const folder = join(parent, `case-${index}`);
      write(folder, files);
      const their = await theirs(folder);
      const [configuration] = await readConfigurations(withImages(nodeFiles(folder), image));
      assert.ok(configuration);
      return [ours(configuration), their, configuration] as const;
    });
    results = new Map(pool(2, jobs).map((result, index) => [cases[index]?.[0] ?? '', result]));
    await Promise.allSettled(results.values());
  });

  suiteTeardown(async () => {
    rmSync(parent, { recursive: true, force: true });
    await docker('image', 'rm', ...Object.keys(LABELLED).map(labelled));
  });

  for (const name of Object.keys(CASES)) {
    test(name, async () => {
      const result = await results.get(name);
      assert.ok(result);
      const [our, their, { container }] = result;
      assert.deepEqual(our, their);
      assert.equal(container.privileged.value, their.privileged);
      const user = their.remoteUser ?? their.containerUser;
      if (user !== undefined) assert.equal(container.user.value, user);
    });
  }
});
