import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundleCli } from './cliBundle.js';
import { temporaryFolder } from './cli/temporaryFolder.js';

/** In seconds of the processor, user and system: other work on the machine does not count. */
const MAX_CPU_SECONDS = 2;
const MAX_RESIDENT_MEGABYTES = 500;
/** On the clock. Far beyond the limit of the processor, so that a busy machine fails no test, and a freeze is a failure. */
const MAX_MILLISECONDS = 60_000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Loaded before the program: writes what the whole process used to the fourth stream when it ends by itself. */
const METER = `
  const { writeSync } = require('node:fs');
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeSync(3, JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }));
  });
`;

interface Usage {
  readonly seconds: number;
  readonly megabytes: number;
}

/** What the program has printed. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as one bundle, so that no loader's work counts. */
export class MeasuredProgram {
  readonly #folder = temporaryFolder({ 'meter.cjs': METER });

  private constructor() {
    // Made by build() alone.
  }

  /** Bundles the command line. Call `remove` in the end. */
  static async build(): Promise<MeasuredProgram> {
    const program = new MeasuredProgram();
    await bundleCli(join(program.#folder.path, 'cli.cjs'));
    return program;
  }

  /** Removes the bundle. */
  remove(): void {
    this.#folder.remove();
  }

  /**
   * Runs the program in a workspace of these files.
   * @throws AssertionError when it does not end by itself, fails, or uses more than the limits
   */
  run(args: readonly string[], files: Readonly<Record<string, string>>): Ended {
    const workspace = temporaryFolder(files);
    try {
      const { path } = this.#folder;
      const result = spawnSync(
        process.execPath,
        ['--require', join(path, 'meter.cjs'), join(path, 'cli.cjs'), ...args],
        {
          cwd: workspace.path,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
          env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CODEX_SANDBOX_INSPECT_IMAGES: '0' },
          timeout: MAX_MILLISECONDS,
          killSignal: 'SIGKILL',
          maxBuffer: MAX_OUTPUT_BYTES,
        },
      );
      assert.equal(result.signal, null, `${args.join(' ')} does not end: ${result.error?.message ?? ''}`);
      const ended = { status: result.status, out: result.stdout, err: result.stderr };
      assert.ok(ended.status === 0 || ended.status === 1, `${args.join(' ')} fails: ${ended.err.slice(0, 2000)}`);
      const { seconds, megabytes } = JSON.parse(result.output[3] ?? '') as Usage;
      assert.ok(seconds < MAX_CPU_SECONDS, `${args.join(' ')} takes ${seconds} s of the processor`);
      assert.ok(megabytes < MAX_RESIDENT_MEGABYTES, `${args.join(' ')} takes ${megabytes} MB`);
      return ended;
    } finally {
      workspace.remove();
    }
  }
}
