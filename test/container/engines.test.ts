import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS } from '../../src/model/bwrap/errors.js';
import { HOSTS } from '../../src/model/host.js';
import { predict } from '../../src/model/sandbox/predict.js';
import { compareVersions } from '../../src/model/versions.js';
import { CODEX as REQUEST } from '../unit/containers.js';
import { ensureBaseImages, ensureUnstable } from './baseImages.js';
import { ensureCodex } from './codex.js';
import { docker } from './docker.js';
import { engineCases, type EngineCase } from './engineCases.js';
import { nameOfImage, removeImages } from './images.js';
import { travelOn, type Stages } from './journey.js';
import { startNewestDocker, type Engine, type NewestDocker } from './newestDocker.js';
import { pool } from './pool.js';
import { run, succeed } from './process.js';
import { SAMPLES } from './samples.js';
import { observe, SANDBOX_COMMAND } from './sandbox.js';

/** The newest Docker that was seen to ignore a seccomp profile under --privileged, and the oldest that was seen to apply it. */
const IGNORES = '20.10.24';
const APPLIES = '28.5.2';

/** What `docker run` ends with when there is no container, and what runc 1.1 says of --privileged for root where the machine's own root lacks a capability. */
const NOT_STARTED = 125;
const LACKS_CAPABILITIES = 'unable to apply caps: operation not permitted';

const ENGINES = ['the machine’s Docker', 'the newest Docker'] as const;

/** The last brings its distribution's bubblewrap, as the others do where it is not said that they have none. */
const IMAGES = [
  { title: 'no bubblewrap', base: 'debian:12', installs: false },
  { title: 'Debian 12’s bubblewrap', base: 'debian:12', installs: true },
  { title: 'Debian 13’s bubblewrap', base: 'debian:13', installs: true },
  { title: 'Debian unstable’s bubblewrap', base: 'debian:sid', installs: true },
] as const;

/** It installs no packages: the newest Docker has no network. */
const sample = SAMPLES.find(({ name }) => name === 'cap-drop-all-vscode')!;

const USERS = ['root', '1000'] as const;

/** By a case's title, what Codex did or may do: nothing that it printed where the sandbox started. */
type Outcomes = Readonly<Record<string, string>>;

interface Group {
  readonly engine: (typeof ENGINES)[number];
  readonly image: (typeof IMAGES)[number];
  readonly user: (typeof USERS)[number];
}

const groups: readonly Group[] = IMAGES.flatMap((image) =>
  USERS.flatMap((user) => ENGINES.map((engine) => ({ engine, image, user }))),
);

suite('what decides, on the machine’s Docker and on the newest', () => {
  let folder = '';
  let newest: NewestDocker | undefined;
  let results: readonly Promise<readonly [seen: Outcomes, expected: Outcomes]>[] = [];
  let journey: Promise<Stages>;

  suiteSetup('engines, images, Codex', async () => {
    await ensureBaseImages();
    await ensureUnstable();
    const codex = await ensureCodex();
    newest = await startNewestDocker();
    const machines: Engine = { docker: 'docker', version: await docker('version', '--format', '{{.Server.Version}}') };
    const engines: Readonly<Record<Group['engine'], Engine>> = {
      'the machine’s Docker': machines,
      'the newest Docker': newest,
    };
    folder = mkdtempSync(join(tmpdir(), 'engines-'));
    const images = await makeImages(folder, newest);
    results = pool(
      2,
      groups.map(({ engine, image, user }, index) => async () => {
        const { name, bwrap } = images.get(image.title) ?? { name: '', bwrap: undefined };
        const profiles = mkdtempSync(join(folder, `${index}-`));
        const cases = engineCases({ name, distro: image.base, bwrap }, user, profiles, codex);
        return measure(engines[engine], cases);
      }),
    );
    // Each test reports its own.
    for (const result of results) result.catch(() => undefined);
    const { docker: client } = newest;
    journey = Promise.allSettled(results).then(() => travelOn(client, sample));
    journey.catch(() => undefined);
  });

  suiteTeardown('engines, images, folder', async () => {
    await Promise.allSettled([...results, journey]);
    await newest?.close();
    await removeImages();
    await rm(folder, { recursive: true, force: true });
  });

  test('the newest is newer than what Debian 12 has, or else it is not the newest', () => {
    assert(newest && compareVersions(newest.version, APPLIES) >= 0, newest?.version);
  });

  groups.forEach(({ engine, image, user }, index) => {
    test(`${engine}, ${image.title}, ${user}`, async () => {
      const [seen, expected] = (await results[index]) ?? [];
      assert(seen && Object.keys(seen).length >= 10);
      assert.deepEqual(seen, expected);
    });
  });

  test('a dev container on the newest Docker: fails as predicted, and works after fix --write', async () => {
    const { before, after } = await journey;
    const [prediction] = before.checked.predictions;
    assert.equal(prediction?.outcome, 'fails');
    assert.deepEqual([before.observed.outcome, before.observed.error], ['fails', prediction.error]);
    assert.deepEqual([after.observed.error, after.observed.inside], ['', ['RUNS', 'WRITES']]);
    assert.equal(after.checked.status, 0, JSON.stringify(after.checked.findings, null, 2));
  });
});

/** Builds the images on the machine's Docker and hands them to the newest, which has no network. */
async function makeImages(
  folder: string,
  newest: Engine,
): Promise<ReadonlyMap<string, { readonly name: string; readonly bwrap: string | undefined }>> {
  const images = new Map<string, { readonly name: string; readonly bwrap: string | undefined }>();
  for (const [index, { title, base, installs }] of IMAGES.entries()) {
    const name = nameOfImage(`engines-${index}`);
    const install = 'RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap';
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${base}\n${installs ? install : 'RUN ! command -v bwrap'}\n`);
    await docker('build', '--quiet', '--network=host', '--tag', name, folder);
    const version = installs ? await docker('run', '--rm', '--network=none', name, 'bwrap', '--version') : undefined;
    images.set(title, { name, bwrap: version?.replace('bubblewrap ', '') });
  }
  const names = [...images.values()].map(({ name }) => name);
  await succeed('sh', ['-c', 'client=$0; docker save "$@" | "$client" load', newest.docker, 'debian:13', ...names]);
  return images;
}

async function measure(engine: Engine, cases: readonly EngineCase[]): Promise<readonly [Outcomes, Outcomes]> {
  const seen: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const one of cases) {
    const { title, args } = one;
    const ended = await run(engine.docker, ['run', ...args, ...SANDBOX_COMMAND]);
    if (ended.status === NOT_STARTED && ended.stderr.includes(LACKS_CAPABILITIES)) continue;
    const { outcome, error } = observe(ended);
    // The last line is the one that stops it.
    seen[title] = `${outcome} ${error.split('\n').at(-1) ?? ''}`;
    const foreseen = expectation(engine, one);
    // Between the two versions nobody has measured.
    expected[title] = foreseen ?? seen[title];
  }
  return [seen, expected];
}

function expectation({ version }: Engine, { container, isNamedUnderPrivileged }: EngineCase): string | undefined {
  if (isNamedUnderPrivileged) {
    if (compareVersions(version, IGNORES) <= 0) return 'works ';
    return compareVersions(version, APPLIES) >= 0 ? `fails ${ERRORS.pivotRoot}` : undefined;
  }
  const { outcome, error = '' } = predict(container, HOSTS['docker-desktop'], REQUEST);
  return `${outcome} ${error}`;
}
