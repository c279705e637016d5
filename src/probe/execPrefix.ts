import type { FoundContainer } from './findContainer.js';

/**
 * Starts what follows it as its arguments in the environment of the user's login shell, as the dev container tools do
 * (userEnvProbe): Codex is often on a PATH that only .bashrc or .profile makes. What the image has on PATH and the shell's
 * start-up files drop stays, behind theirs. Shells that do not speak POSIX's language are left out.
 */
const IN_LOGIN_SHELL = `user=$(id -un)
while IFS=: read -r name _ _ _ _ _ shell; do
  if [ "$name" = "$user" ]; then break; fi
  shell=
done </etc/passwd
image_path=$PATH
export image_path
go='PATH=$PATH:$image_path; unset image_path; exec "$@"'
case \${shell##*/} in
  bash | zsh) exec "$shell" -l -i -c "$go" "$shell" "$@" ;;
  sh | dash | ash | ksh) exec "$shell" -l -c "$go" "$shell" "$@" ;;
esac
exec "$@"`;

/**
 * Ends what has "-s -- NONCE" on its command line (the probe, its subshells, a login shell that still starts) and all that
 * descends from it, however late it comes. Asked to, the probe ends its steps and removes its folder; an interactive shell has to be killed. No other
 * program is started for looking: `read` leaves out the zero bytes between the words.
 */
const END = `exec 2>/dev/null
told=' ' family=' '
for pass in 1 2 3 4 5 6 7 8 9 10; do
  asked= left= grown=yes
  while [ -n "$grown" ]; do
    grown=
    for entry in /proc/[0-9]*; do
      pid=\${entry#/proc/} words= fields=
      case $family in *" $pid "*) continue ;; esac
      IFS= read -r words <"$entry/cmdline"
      IFS= read -r fields <"$entry/stat"
      after=\${fields##*) }
      case $after in Z*) continue ;; esac
      after=\${after#* }
      case $words in
        *"-s--$1"*) case $told in *" $pid "*) ;; *) asked="$asked $pid" ;; esac ;;
        *) case $family in *" \${after%% *} "*) ;; *) continue ;; esac ;;
      esac
      family="$family$pid " grown=yes
    done
  done
  if [ -n "$asked" ]; then kill -s TERM $asked; fi
  told="$told$asked "
  for pid in $family; do
    fields=
    IFS= read -r fields <"/proc/$pid/stat"
    case \${fields##*) } in '' | Z*) ;; *) left="$left $pid" ;; esac
  done
  if [ -z "$left" ]; then exit; fi
  if [ "$pass" -gt 2 ]; then kill -s KILL $left; fi
  sleep 0.1 || sleep 1
done`;

/** How a program is started in a container, and how what it started there is ended. */
export interface ContainerExec {
  /** What stands before the program and its arguments. */
  readonly prefix: readonly string[];
  /** The folder, in the container, from which nothing may be run. */
  readonly workspace: string;
  /** Ends the probe of that nonce: an engine's client that ends leaves what it has started running. */
  readonly end: (nonce: string) => Promise<unknown>;
}

/** `docker exec` in the container as the user that the dev container tools work as. */
export function execIn({ engine, container, labels }: FoundContainer): ContainerExec {
  const as = labels.remoteUser === undefined ? [] : ['--user', labels.remoteUser];
  const login = labels.asksShell ? ['/bin/sh', '-c', IN_LOGIN_SHELL, 'sh'] : [];
  const remote = [...labels.environment].map(([name, value]) => `${name}=${value}`);
  const environment = remote.length > 0 ? ['/usr/bin/env', ...remote] : [];
  return {
    prefix: [engine.program, 'exec', '--interactive', ...as, container.id, ...login, ...environment],
    workspace: workspaceOf(container.mounts, labels.localFolder),
    end: (nonce) => engine.tell('exec', ...as, container.id, '/bin/sh', '-c', END, 'sh', nonce),
  };
}

/** Where dev container tools put the workspace when nothing else is said. */
const USUAL = '/workspaces';

/** A path of the host as Docker Desktop's machine may have it: slashes, no drive's colon, no prefix, no case. */
function comparable(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^([A-Za-z]):/, '/$1')
    .replace(/^\/(?:host_mnt|run\/desktop\/mnt\/host)(?=\/)/, '')
    .toLowerCase();
}

/** Where the folder, or the repository that it lies in, is mounted. */
function workspaceOf(mounts: FoundContainer['container']['mounts'], localFolder: string | undefined): string {
  const local = localFolder === undefined ? undefined : comparable(localFolder);
  const holds = (source: string): boolean =>
    local !== undefined && comparable(source) !== '' && `${local}/`.startsWith(`${comparable(source)}/`);
  const longest = mounts.filter(({ source }) => holds(source)).sort((a, b) => b.source.length - a.source.length)[0];
  return (longest ?? mounts.find(({ destination }) => destination.startsWith(`${USUAL}/`)))?.destination ?? USUAL;
}
