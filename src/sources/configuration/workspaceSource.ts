import type { DeclaredWorkspace } from '../devcontainer/readDevcontainer.js';
import { bindMount, mountPoint, shortVolume } from '../options/mounts.js';
import type { Option } from '../options/option.js';
import { resolvePath, withoutTrailingSlashes } from '../text/paths.js';

/** The folder of this machine that the agent works in, and where the container has it. */
export interface WorkspaceSource {
  /** Relative to the folder of the configuration; empty: that folder itself. */
  readonly folder: string;
  /** In the container, with variables as they are written. */
  readonly path: string;
}

/** Where the dev container CLI mounts the folder unless something else is said (containers.dev, "workspaceMount"). */
const DEFAULT_FOLDER = '/workspaces/${localWorkspaceFolderBasename}';

const BASENAME = '/${localWorkspaceFolderBasename}';

/** Something mounted in the container. `source` undefined: not a folder of the workspace, or not known to be one. */
interface Mount {
  readonly source: string | undefined;
  readonly target: string;
}

/**
 * What the agent finds as its workspace folder, as far as the files say; undefined: they do not, as with a volume, an absolute path
 * or a Compose service whose folder nothing names.
 * @param options all of the container
 * @param composeFolder the folder that relative paths of a Compose service start from; undefined: there is no service, or it lies outside
 */
export function workspaceSource(
  { folder, mount }: DeclaredWorkspace,
  options: readonly Option[],
  isCompose: boolean,
  composeFolder: string | undefined,
): WorkspaceSource | undefined {
  const path = withoutTrailingSlashes(folder ?? (isCompose ? '' : DEFAULT_FOLDER));
  const own: readonly Mount[] = isCompose ? [] : [declaredMount(mount)];
  const others = options.filter(({ inert }) => inert !== true).map((option) => mountOf(option, composeFolder));
  const holding = [...own, ...others].filter(({ target }) => target !== '' && `${path}/`.startsWith(`${target}/`));
  // The last of the longest is what is seen.
  const longest = Math.max(...holding.map(({ target }) => target.length));
  const seen = holding.findLast(({ target }) => target.length === longest);
  if (path === '' || seen?.source === undefined) return undefined;
  const source = below(seen.source, path.slice(seen.target.length));
  return source === undefined ? undefined : { folder: source, path };
}

function declaredMount(mount: string | undefined): Mount {
  if (mount === undefined) return { source: '', target: DEFAULT_FOLDER };
  const bind = bindMount(mount);
  return { source: bind && sourceIn('', bind.source, /^\$\{localWorkspaceFolder\}/), target: targetOf(bind?.target) };
}

/** Sources of a service begin with a dot where they are folders beside the file, those of devcontainer.json with the variable. */
function mountOf(option: Option, composeFolder: string | undefined): Mount {
  const { flag, value = '', origin } = option;
  const target = targetOf(mountPoint(option));
  if (origin.kind !== 'service' || composeFolder === undefined) return { source: undefined, target };
  const source = flag === 'volume' ? shortVolume(value).source : bindMount(value)?.source;
  return { source: source === undefined ? undefined : sourceIn(composeFolder, source, /^\.{1,2}(?:\/|$)/), target };
}

function targetOf(target = ''): string {
  return withoutTrailingSlashes(target);
}

function sourceIn(folder: string, written: string, form: RegExp): string | undefined {
  if (!form.test(written)) return undefined;
  const resolved = resolvePath(folder, written);
  return resolved.kind === 'inside' ? resolved.path : undefined;
}

/** A folder below another one. Where that is the one above the workspace folder, its name leads back into it. */
function below(source: string, rest: string): string | undefined {
  const isBack = source === '..' && `${rest}/`.startsWith(`${BASENAME}/`);
  const resolved = isBack ? resolvePath('', `.${rest.slice(BASENAME.length)}`) : resolvePath(source, `.${rest}`);
  return resolved.kind === 'inside' ? resolved.path : undefined;
}
