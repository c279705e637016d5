import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate, type SystemCall } from '../../../src/model/seccomp/filter.js';
import type { SeccompProfile } from '../../../src/model/seccomp/profile.js';
import type { AgentRequest } from '../../../src/model/agent/request.js';
import { DOCKER_DEFAULT_PROFILE } from '../../../src/model/seccomp/engineProfiles.js';
import { CODEX_MOUNT, ensureCodexVersion } from '../../container/codex.js';
import { pool } from '../../container/pool.js';
import { run, type Ended } from '../../container/process.js';
import { observe, sandboxCommand } from '../../container/sandbox.js';
import type { Behaviour } from './known.js';
import { profilesFor, settings, WATCHED, writeProfiles, type Setting } from './matrix.js';
import { parseTrace } from './trace.js';

/** Containers mostly wait for the disk: two at a time keep a small machine busy. */
const AT_A_TIME = 2;

/** Where the trace is written, in the container. */
const TRACE = '/trace';

/** Starts Codex's sandbox in every container of the matrix and watches bubblewrap in one of them. */
export async function measure(image: string, request: AgentRequest): Promise<Behaviour> {
  const folder = mkdtempSync(join(tmpdir(), 'drift-'));
  writeProfiles(request, folder);
  const all = settings(request, folder);
  const outcomes = await Promise.all(
    pool(
      AT_A_TIME,
      all.map((setting) => async () => [setting.title, outcomeOf(await start(image, request, setting))] as const),
    ),
  );
  const watched = all.find(({ title }) => title === WATCHED);
  const trace = parseTrace(watched ? await watch(image, request, watched, folder) : '');
  const refusedBy = (profile: SeccompProfile | undefined): readonly string[] => [
    ...new Set(trace.calls.filter((call) => profile && isRefused(profile, call)).map(({ name }) => name)),
  ];
  return {
    outcomes: Object.fromEntries(outcomes),
    starts: trace.starts.map((args) => args.join(' ')),
    needs: refusedBy(DOCKER_DEFAULT_PROFILE),
    refused: refusedBy(profilesFor(request)['<tailored+mount_setattr>']),
  };
}

function isRefused(profile: SeccompProfile, call: SystemCall): boolean {
  return evaluate(profile, call, { capabilities: new Set() }).allowed === false;
}

/** Without its end: the last line is the one that stops it. */
function outcomeOf(ended: Ended): string {
  const { outcome, error } = observe(ended);
  return outcome === 'works' ? 'works' : `fails: ${error.split('\n').at(-1) ?? ''}`;
}

async function start(
  image: string,
  request: AgentRequest,
  { user, args }: Setting,
  more: readonly string[] = [],
  before: readonly string[] = [],
): Promise<Ended> {
  const { folder, executable } = await ensureCodexVersion(request.version);
  const uid = user === 'root' ? '0' : user;
  const ended = await run('docker', [
    ...['run', '--rm', '--network=none', `--user=${uid}`, '--workdir=/project', '--env=HOME=/var', ...args, ...more],
    ...[`--tmpfs=/project:uid=${uid}`, `--tmpfs=/var:uid=${uid}`, `--volume=${folder}:${CODEX_MOUNT}:ro`, image],
    ...[...before, ...sandboxCommand(executable, request, '/var')],
  ]);
  if (ended.status === 125) throw new Error(`A container did not start: ${ended.stderr}`);
  return ended;
}

async function watch(image: string, request: AgentRequest, setting: Setting, folder: string): Promise<string> {
  const traces = mkdtempSync(join(folder, 'trace-'));
  const mount = [`--mount=type=bind,source=${traces},target=${TRACE}`];
  const strace = ['strace', '-f', '-s', '8192', '-o', `${TRACE}/trace`];
  // Docker's default profile lets programs be traced, and nothing else is asked for here.
  await run('chown', [setting.user === 'root' ? '0' : setting.user, traces]);
  await start(image, request, setting, mount, strace);
  return readFileSync(join(traces, 'trace'), 'utf8');
}
