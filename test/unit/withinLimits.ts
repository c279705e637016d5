import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PATIENCE_MS } from '../run/patience.js';
import { bundle } from './cliBundle.js';
import { temporaryFolder } from './cli/temporaryFolder.js';
import type { Answer, Request } from './measuredCli.js';

/** In seconds of the processor, user and system: other work on the machine does not count. */
const MAX_CPU_SECONDS = 2;
const MAX_RESIDENT_MEGABYTES = 500;

/**
 * The command line as one bundle, so that no loader's work counts, in a process that runs one workspace after another: starting
 * it takes longer than most of them. What freezes or crashes it gets the next one a new process.
 */
export class MeasuredProgram {
  readonly #folder = temporaryFolder();
  #process: ChildProcess | undefined;

  private constructor() {
    // Made by build() alone.
  }

  /** Bundles the command line. Call `remove` in the end. */
  static async build(): Promise<MeasuredProgram> {
    const program = new MeasuredProgram();
    await bundle('test/unit/measuredCli.ts', program.#path);
    return program;
  }

  get #path(): string {
    return join(this.#folder.path, 'cli.cjs');
  }

  /** Ends the process and removes the bundle. */
  remove(): void {
    this.#end();
    this.#folder.remove();
  }

  #end(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  /**
   * Runs the program in a workspace of these files.
   * @throws AssertionError when it does not end by itself, fails, or uses more than the limits
   */
  async run(args: readonly string[], files: Readonly<Record<string, string>>): Promise<Answer> {
    const workspace = temporaryFolder(files);
    try {
      const answer = await this.#ask({ args, cwd: workspace.path });
      const { status, err, seconds, megabytes } = answer;
      assert.ok(status === 0 || status === 1, `${args.join(' ')} fails: ${err.slice(0, 2000)}`);
      assert.ok(seconds < MAX_CPU_SECONDS, `${args.join(' ')} takes ${seconds} s of the processor`);
      assert.ok(megabytes < MAX_RESIDENT_MEGABYTES, `${args.join(' ')} takes ${megabytes} MB`);
      return answer;
    } catch (error) {
      this.#end();
      throw error;
    } finally {
      workspace.remove();
    }
  }

  async #ask(request: Request): Promise<Answer> {
    const asked = (this.#process ??= fork(this.#path, {
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CODEX_SANDBOX_INSPECT_IMAGES: '0' },
    }));
    const late = AbortSignal.timeout(PATIENCE_MS);
    const over = new AbortController();
    const signal = AbortSignal.any([late, over.signal]);
    asked.send(request);
    try {
      const [answer] = (await Promise.race([
        once(asked, 'message', { signal }),
        once(asked, 'exit', { signal }).then(() => assert.fail(`${request.args.join(' ')} ends in mid-run`)),
      ])) as [Answer];
      return answer;
    } catch (error) {
      throw late.aborted ? new assert.AssertionError({ message: `${request.args.join(' ')} does not end` }) : error;
    } finally {
      over.abort();
    }
  }
}
