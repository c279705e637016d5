import * as vscode from 'vscode';

/** The output channel of the extension: what it did, and what went wrong inside it. */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('Codex Sandbox', { log: true });
}

/** An error for the log, with its stack where it has one. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
