/** The Dev Containers extension. */
const DEV_CONTAINERS = 'ms-vscode-remote.remote-containers';

/** What rebuilds it in a terminal: the Dev Container CLI, from the workspace folder. */
export const REBUILD_IN_TERMINAL = 'devcontainer up --remove-existing-container --workspace-folder .';

/**
 * The command that rebuilds the container: a window in a container has another one than a window outside. The names are those that
 * the Dev Containers extension registers (as other extensions call them; reported, not measured). undefined: nothing here rebuilds it.
 * @param remote what VS Code calls the remote of the window
 */
export function rebuildCommand(
  remote: string | undefined,
  isInstalled: (extension: string) => boolean,
): string | undefined {
  // Inside, Dev Containers runs on the other side and is not seen from here.
  if (remote === 'dev-container') return 'remote-containers.rebuildContainer';
  return isInstalled(DEV_CONTAINERS) ? 'remote-containers.rebuildAndReopenInContainer' : undefined;
}
