import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { atEnd } from '../run/lifetime.js';
import { root } from '../run/project.js';
import { CODEX_MOUNT, ensureCodex } from './codex.js';
import { dockerLines } from './docker.js';
import { OUR_NAME } from './images.js';
import { run, succeed, type Ended } from './process.js';

/** The dev container CLI of @devcontainers/cli. */
const CLI = join(root, 'node_modules/@devcontainers/cli/devcontainer.js');

/** The label of every container that this process starts, by which they are found again. */
export const LABEL = `codex-sandbox-check.test=${process.pid}`;

/** Ends the CLI where this process is ended early: it would go on making containers. */
const interruption = new AbortController();
const running = new Set<Promise<unknown>>();

atEnd(async () => {
  interruption.abort(new Error('The run was ended.'));
  await Promise.allSettled(running);
  await removeContainers();
});

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
  /** The Docker client that leads to the engine; not there: that of the machine. */
  readonly docker?: string;
}

/**
 * Builds and starts the dev container in place of any that is there, with Codex mounted.
 * @throws Error with what the CLI printed when it does not come up
 */
export function up(project: Project): Promise<DevContainer> {
  const build = (): Promise<DevContainer> => buildAndStart(project);
  return hasFeatures(project) ? alone(build) : build();
}

/**
 * Without BuildKit the CLI hands Features to a build in an image that has the same name for every build: two at a time would
 * install each other's.
 */
let last: Promise<unknown> = Promise.resolve();

function alone<T>(job: () => Promise<T>): Promise<T> {
  const mine = last.then(job);
  last = mine.catch(() => undefined);
  return mine;
}

function hasFeatures({ folder, file }: Project): boolean {
  return readFileSync(join(folder, file), 'utf8').includes('"features"');
}

async function buildAndStart(project: Project): Promise<DevContainer> {
  const { userData, program, args } = common(project);
  try {
    const codex = `type=bind,source=${await ensureCodex()},target=${CODEX_MOUNT}`;
    const options = ['--remove-existing-container', '--user-data-folder', userData, '--mount', codex];
    const stdout = await tracked(
      succeed('env', [...program, 'up', ...args, ...options], undefined, interruption.signal),
    );
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
  const { userData, program, args } = common(project);
  try {
    const options = ['--user-data-folder', userData];
    return await tracked(
      run('env', [...program, 'exec', ...args, ...options, ...command], undefined, interruption.signal),
    );
  } finally {
    await rm(userData, { recursive: true, force: true });
  }
}

async function tracked<T>(command: Promise<T>): Promise<T> {
  running.add(command);
  try {
    return await command;
  } finally {
    running.delete(command);
  }
}

interface CommandLine {
  /** A folder for what the CLI leaves behind. */
  readonly userData: string;
  /** The arguments of `env` up to the CLI's subcommand. */
  readonly program: readonly string[];
  readonly args: readonly string[];
}

function common(project: Project): CommandLine {
  const { folder, file, docker = '/usr/bin/docker' } = project;
  return {
    program: [`COMPOSE_PROJECT_NAME=${composeProject(project)}`, process.execPath, CLI],
    userData: mkdtempSync(join(tmpdir(), 'devcontainer-')),
    args: [
      ...['--docker-path', docker, '--workspace-folder', folder, '--config', join(folder, file)],
      ...['--id-label', LABEL, '--id-label', `codex-sandbox-check.sample=${folder}`],
    ],
  };
}

/** What Compose names the containers, networks, volumes and images of a project after. */
function composeProject({ folder }: Project): string {
  return `${OUR_NAME}-${basename(folder)}`;
}

/**
 * Removes the containers that this process has started, or only those of one project, and the networks and volumes that
 * Compose made for them.
 */
export async function removeContainers(project?: Project): Promise<void> {
  const label = project ? `codex-sandbox-check.sample=${project.folder}` : LABEL;
  const compose = project ? `label=com.docker.compose.project=${composeProject(project)}` : `name=^/?${OUR_NAME}-`;
  // The services beside the one that is the dev container have no label of ours.
  for (const filter of [`label=${label}`, compose]) {
    await removeAll(['ps', '--all', '--quiet', '--filter', filter], ['rm', '--force', '--volumes']);
  }
  for (const kind of ['network', 'volume']) {
    await removeAll([kind, 'ls', '--quiet', '--filter', compose], [kind, 'rm']);
  }
}

/** Some may be gone meanwhile, or come only now: what has been ended early is not over at once. */
async function removeAll(list: readonly string[], remove: readonly string[]): Promise<void> {
  let problem = '';
  for (let trial = 0; trial < 3; trial++) {
    const ids = await dockerLines(...list);
    if (ids.length === 0) return;
    problem = (await run('docker', [...remove, ...ids])).stderr;
  }
  if ((await dockerLines(...list)).length > 0) throw new Error(`They cannot be removed: ${problem}`);
}
