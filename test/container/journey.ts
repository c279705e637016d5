import { cpSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureUnstable } from './baseImages.js';
import { isProfile, optionsOf, runArguments, type ContainerOptions } from './containerOptions.js';
import { exec, removeContainers, up, type DevContainer, type Project } from './devcontainer.js';
import { isWithin, nameImage } from './images.js';
import { run, succeed } from './process.js';
import { check, fix, type Checked } from './product.js';
import { observe, SANDBOX_COMMAND, type Observation } from './sandbox.js';
import { samplesFolder, type Sample } from './samples.js';
import { takenBack, type TakenBack } from './takenBack.js';

/** What `check` said of a sample and what Codex did in it. */
export interface Stage {
  readonly checked: Checked & { readonly status: number | undefined };
  readonly container: DevContainer;
  readonly observed: Observation;
}

/** What happened with a sample, from first to last. */
export interface Journey {
  readonly before: Stage;
  /** After `fix --write`. */
  readonly after: Stage;
  /**
   * What Codex does when one of the things is taken back that the fix relaxed. The first takes nothing back: it shows that
   * these containers behave as the dev container does.
   */
  readonly takenBack: readonly (TakenBack & { readonly observed: Observation })[];
}

/** What happened with a sample on another engine than the machine's. */
export type Stages = Pick<Journey, 'before' | 'after'>;

/**
 * Takes a copy of a sample through check, dev container, Codex, fix and once more on another engine, where all stays behind.
 * @param docker the client that leads to it
 */
export async function travelOn(docker: string, sample: Sample): Promise<Stages> {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'sample-')));
  const folder = join(temporary, `${sample.name}-elsewhere-${process.pid}`);
  cpSync(join(samplesFolder, sample.name), folder, { recursive: true });
  const { file } = await check(folder);
  const project: Project = { folder, file, docker };
  try {
    const before = await stage(project, sample);
    await fix(folder);
    return { before, after: await stage(project, sample) };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Takes a copy of a sample through check, dev container, Codex, fix and once more; leaves only images behind (images.ts). */
export async function travel(sample: Sample): Promise<Journey> {
  if (sample.unstable === true) await ensureUnstable();
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'sample-')));
  const folder = join(temporary, `${sample.name}-${process.pid}`);
  cpSync(join(samplesFolder, sample.name), folder, { recursive: true });
  const { file } = await check(folder);
  const project: Project = { folder, file };
  try {
    const before = await stage(project, sample);
    const optionsBefore = await optionsOf(before.container.id);
    // The second build takes the name over.
    const first = await nameImage(optionsBefore.image, sample.name);

    await fix(folder);
    const after = await stage(project, sample);
    const optionsAfter = await optionsOf(after.container.id);
    const loss = await isWithin(optionsAfter.image, first);
    const image = loss && (await isWithin(first, optionsAfter.image)) ? undefined : { name: first, loss };
    const profile = join(temporary, 'seccomp.json');
    const results = [];
    for (const alternative of [
      { what: 'nothing', options: optionsAfter },
      ...takenBack(optionsBefore, optionsAfter, image),
    ]) {
      results.push({ ...alternative, observed: await runWith(alternative.options, after.container, profile) });
    }
    return { before, after, takenBack: results };
  } finally {
    await removeContainers(project);
    await rm(temporary, { recursive: true, force: true });
  }
}

async function stage(project: Project, sample: Sample): Promise<Stage> {
  // The workspace belongs to whoever works in it, as on a developer's machine; the sandbox cannot start otherwise.
  await succeed('chown', ['-R', sample.user === 'root' ? '0:0' : '1000:1000', project.folder]);
  const checked = await check(project.folder);
  const container = await up(project);
  return { checked, container, observed: observe(await exec(project, SANDBOX_COMMAND)) };
}

/**
 * Codex in a container of these options.
 * @param profile a file to write the text of the seccomp profile to, if there is one
 */
async function runWith(
  options: ContainerOptions,
  { remoteUser, workspace }: DevContainer,
  profile: string,
): Promise<Observation> {
  const { seccomp } = options.securityOpt;
  if (isProfile(seccomp)) writeFileSync(profile, seccomp);
  const ended = await run('docker', [
    ...['run', '--rm', '--user', remoteUser, '--workdir', workspace],
    ...runArguments(options, profile),
    options.image,
    ...SANDBOX_COMMAND,
  ]);
  if (ended.status === 125) throw new Error(`The container did not start: ${ended.stderr}`);
  return observe(ended);
}
