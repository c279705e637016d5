import type * as vscode from 'vscode';
import type { Network } from '../model/agent/request.js';
import type { TerminalCommand } from '../probe/devcontainerUp.js';
import type { FoundContainer } from '../probe/findContainer.js';
import type { Observation } from '../probe/observation.js';

/** What was measured. */
export interface Probed {
  readonly observation: Observation;
  /** The configuration that the container was made from, relative to the folder; undefined: not known. */
  readonly configuration: string | undefined;
  /** When the container was made, in milliseconds since 1970; undefined: not known. */
  readonly made: number | undefined;
}

/** What is to be measured. */
export interface ProbeRequest {
  /** From which nothing is run. */
  readonly folder: vscode.WorkspaceFolder;
  /** A running container of this machine; undefined: where the extension host runs. */
  readonly container: FoundContainer | undefined;
  readonly network: Network;
  readonly signal: AbortSignal;
}

/** Measures where the extension host runs, or in a container of that machine. Missing in a browser, which starts no programs. */
export interface Prober {
  /** Whether the extension host runs in a container, as far as one can see it. */
  insideContainer(): Promise<boolean>;
  /** When the container around the extension host was made, in milliseconds since 1970; undefined: not known. */
  madeHere(): Promise<number | undefined>;
  /**
   * The running dev containers of a folder.
   * @throws NoContainerError when no engine answers; the signal's reason when it is aborted
   */
  containersOf(folder: vscode.WorkspaceFolder, signal: AbortSignal): Promise<readonly FoundContainer[]>;
  /**
   * Runs the probe.
   * @throws the signal's reason when it is aborted; an Error when the probe cannot run there
   */
  run(request: ProbeRequest): Promise<Probed>;
  /** How the dev container CLI of this machine starts the container of a folder; undefined: there is none. */
  devcontainerUp(folder: vscode.WorkspaceFolder): Promise<TerminalCommand | undefined>;
}
