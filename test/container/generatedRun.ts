import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentRequest } from '../../src/model/agent/request.js';
import { isRoot, type Container } from '../../src/model/container/container.js';
import { ERRORS } from '../../src/model/bwrap/errors.js';
import type { SymptomFacts } from '../../src/model/agent/symptom.js';
import { CODEX_MOUNT, ensureCodexVersion } from './codex.js';
import { runArguments, type ContainerOptions } from './containerOptions.js';
import { LABEL } from './devcontainer.js';
import { docker } from './docker.js';
import { imageFor } from './generatedImages.js';
import { run, type Ended } from './process.js';
import { observe, sandboxCommand, type Observation } from './sandbox.js';

/** What Codex did in a container, and what /proc says there. */
export interface Measured extends Observation {
  readonly facts: SymptomFacts;
  /** Without the sandbox the folder outside the workspace can be written to: that it cannot within is the sandbox's doing. */
  readonly outsideIsWritable: boolean;
}

/** The container as Docker would have to be told to start it. */
function optionsFor(container: Container): ContainerOptions {
  const texts = (list: Container['capAdd']): readonly string[] => list.flatMap(({ value }) => value ?? []);
  const seccomp = container.seccomp.value;
  return {
    image: imageFor(container),
    privileged: container.privileged.value === true,
    capAdd: texts(container.capAdd),
    capDrop: texts(container.capDrop),
    securityOpt: {
      ...(seccomp?.kind === 'unconfined' ? { seccomp: 'unconfined' } : {}),
      ...(seccomp?.kind === 'custom' ? { seccomp: JSON.stringify(seccomp.profile) } : {}),
      ...(container.apparmor.value?.kind === 'unconfined' ? { apparmor: 'unconfined' } : {}),
      ...(container.noNewPrivileges.value === true ? { 'no-new-privileges': '' } : {}),
      ...(container.maskedPaths.value === false ? { systempaths: 'unconfined' } : {}),
    },
    readOnly: container.readOnlyRoot.value === true,
    init: false,
    tmpfs: Object.fromEntries(texts(container.tmpfs).map(pathAndOptions)),
    mounts: [],
  };
}

function pathAndOptions(tmpfs: string): readonly [string, string] {
  const [path = '', options = ''] = tmpfs.split(':');
  return [path, options];
}

/** Prints what decides between causes with the same text, then becomes the program that it is given. */
const SCRIPT = `
echo SECCOMP $(sed -n 's/^Seccomp:\\t//p' /proc/self/status)
echo NAMESPACES $(cat /proc/sys/user/max_user_namespaces)
touch /outside/control && echo OUTSIDE
exec "$@"
`;

/** Where the workspace is in every container. */
export const WORKSPACE = '/workspaces/project';

/** Runs Codex in such a container, once however often it is asked for. */
export class Laboratory {
  readonly #measured = new Map<string, Promise<Measured>>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'codex-sandbox-check-generated-'));
  #profiles = 0;

  /** How many containers have run. */
  get runs(): number {
    return this.#measured.size;
  }

  measure(container: Container, codex: AgentRequest, more: readonly string[]): Promise<Measured> {
    const options = optionsFor(container);
    const key = JSON.stringify([options, container.user.value, codex, more]);
    const known = this.#measured.get(key);
    if (known) return known;
    const promise = this.#run(container, options, codex, more);
    this.#measured.set(key, promise);
    return promise;
  }

  /** A container of its own that runs until it is removed, and the path of Codex in it: for more than one measurement. */
  async start(
    container: Container,
    codex: AgentRequest,
    more: readonly string[],
  ): Promise<readonly [id: string, codex: string]> {
    const { executable } = await ensureCodexVersion(codex.version);
    const args = await this.#arguments(container, optionsFor(container), codex, more);
    const id = await docker('run', '--detach', '--init', ...args, 'sleep', '600');
    return [id, executable];
  }

  /** What Codex does in a container that runs. */
  async measureIn(id: string, executable: string, codex: AgentRequest): Promise<Measured> {
    const script = ['/bin/sh', '-c', SCRIPT, 'sh'];
    return measuredOf(await run('docker', ['exec', id, ...script, ...sandboxCommand(executable, codex, '/outside')]));
  }

  async #run(
    container: Container,
    options: ContainerOptions,
    codex: AgentRequest,
    more: readonly string[],
  ): Promise<Measured> {
    const { executable } = await ensureCodexVersion(codex.version);
    const ended = await run('docker', [
      ...['run', '--rm'],
      ...(await this.#arguments(container, options, codex, more)),
      ...['/bin/sh', '-c', SCRIPT, 'sh'],
      ...sandboxCommand(executable, codex, '/outside'),
    ]);
    if (ended.status === 125) throw new Error(`The container did not start: ${ended.stderr}`);
    return measuredOf(ended);
  }

  /** Of `docker run`, up to the image. */
  async #arguments(
    container: Container,
    options: ContainerOptions,
    codex: AgentRequest,
    more: readonly string[],
  ): Promise<readonly string[]> {
    const { folder, executable } = await ensureCodexVersion(codex.version);
    const profile = join(this.#folder, `${(this.#profiles += 1)}.json`);
    writeFileSync(profile, options.securityOpt['seccomp'] ?? '');
    const program = codex.bundledBwrap ? [folder, CODEX_MOUNT] : [executable.replace(CODEX_MOUNT, folder), executable];
    return [
      ...['--label', LABEL, '--user', container.user.value ?? '', '--workdir', WORKSPACE],
      ...['--tmpfs', `${WORKSPACE}:uid=${isRoot(container) === true ? 0 : 1000}`, '--tmpfs', '/outside:mode=1777'],
      ...['--volume', `${program.join(':')}:ro`],
      ...runArguments(options, profile),
      ...more,
      options.image,
    ];
  }

  /** Removes what it has written. */
  close(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}

/** A process that seccomp ends says nothing itself; the shell's status for it is 128 + SIGSYS. */
const KILLED_BY_SECCOMP = 159;

function measuredOf(ended: Ended): Measured {
  const seen = observe(ended);
  const number = (name: string): number | null => {
    const [, digits] = new RegExp(`^${name} (\\d+)$`, 'm').exec(ended.stdout) ?? [];
    return digits === undefined ? null : Number(digits);
  };
  return {
    ...seen,
    error: seen.error === '' && ended.status === KILLED_BY_SECCOMP ? ERRORS.killed : seen.error,
    facts: { seccomp: number('SECCOMP') },
    outsideIsWritable: /^OUTSIDE$/m.test(ended.stdout),
  };
}
