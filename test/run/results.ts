/** What the suite inside VS Code leaves behind: VS Code's own exit code is 0 even when its extension host died in mid-run. */
export interface Results {
  readonly passed: number;
  readonly failed: number;
}
