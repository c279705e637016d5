import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { atEnd } from '../run/lifetime.js';
import { root } from '../run/project.js';
import { CODEX_MOUNT, ensureCodex } from './codex.js';
import { docker, dockerLines } from './docker.js';
import { run, succeed, type Ended } from './process.js';

/** The dev container CLI of @devcontainers/cli. */
const CLI = join(root, 'node_modules/@devcontainers/cli/devcontainer.js');

/** The label of every container that this process starts, by which they are found again. */
export const LABEL = `codex-sandbox-check.test=${process.pid}`;

atEnd(removeContainers);

/** A dev container that is up. */
export interface DevContainer {
  readonly id: string;
  readonly remoteUser: string;
  /** Where the workspace is mounted in it. */
  readonly workspace: string;
}

/** A development container on disk. */
export interface Project {
  /** Its workspace folder. Its name becomes part of its images' names, by which they are removed: see images.ts. */
  readonly folder: string;
  /** Its devcontainer.json, relative to the folder. */
  readonly file: string;
}

/**
 * Builds and starts the dev container in place of any that is there, with Codex mounted.
 * @throws Error with what the CLI printed when it does not come up
 */
export async function up(project: Project): Promise<DevContainer> {
  const { userData, args } = common(project);
  try {
    const codex = `type=bind,source=${await ensureCodex()},target=${CODEX_MOUNT}`;
    const options = ['--remove-existing-container', '--user-data-folder', userData, '--mount', codex];
    const stdout = await succeed(process.execPath, [CLI, 'up', ...args, ...options]);
    const result = JSON.parse(stdout.split('\n').at(-1) ?? '') as {
      containerId: string;
      remoteUser: string;
      remoteWorkspaceFolder: string;
    };
    return { id: result.containerId, remoteUser: result.remoteUser, workspace: result.remoteWorkspaceFolder };
  } finally {
    await rm(userData, { recursive: true, force: true });
  }
}

/** Runs a command in the dev container as its remote user, in the workspace. */
export async function exec(project: Project, command: readonly string[]): Promise<Ended> {
  const { userData, args } = common(project);
  try {
    return await run(process.execPath, [CLI, 'exec', ...args, '--user-data-folder', userData, ...command]);
  } finally {
    await rm(userData, { recursive: true, force: true });
  }
}

function common({ folder, file }: Project): { readonly userData: string; readonly args: readonly string[] } {
  return {
    userData: mkdtempSync(join(tmpdir(), 'devcontainer-')),
    args: [
      ...['--docker-path', '/usr/bin/docker', '--workspace-folder', folder, '--config', join(folder, file)],
      ...['--id-label', LABEL, '--id-label', `codex-sandbox-check.sample=${folder}`],
    ],
  };
}

/** Removes the containers that this process has started, or only those of one project. */
export async function removeContainers(project?: Project): Promise<void> {
  const label = project ? `codex-sandbox-check.sample=${project.folder}` : LABEL;
  const ids = await dockerLines('ps', '--all', '--quiet', '--filter', `label=${label}`);
  if (ids.length > 0) await docker('rm', '--force', '--volumes', ...ids);
}
