import type { Container } from '../../model/container/container.js';
import type { Configuration } from '../../sources/configuration/configuration.js';

/** A container with what files show of the workspace folder, in which the agent runs. */
export function inWorkspace({ workspace }: Pick<Configuration, 'workspace'>, container: Container): Container {
  return workspace ? { ...container, workspace: workspace.folder } : container;
}
