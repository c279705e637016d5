import type * as vscode from 'vscode';
import type { Observation } from '../probe/observation.js';

/** Measures where the extension host runs. Missing in a browser, which starts no programs. */
export interface Prober {
  /** Whether this is a container, as far as one can see it. */
  insideContainer(): Promise<boolean>;
  /**
   * Runs the probe.
   * @param folder from which nothing is run
   * @throws the signal's reason when it is aborted; an Error when the probe cannot run here
   */
  run(folder: vscode.WorkspaceFolder, signal: AbortSignal): Promise<Observation>;
}
