import { boundariesOf, holds } from './boundary.js';
import type { FoundContainer } from './findContainer.js';
import { actsOnShell } from './programEnvironment.js';

/** What bash, zsh, ksh and POSIX's shells read in the home folder, and what the .bashrc of Debian reads. */
const STARTUP_FILES =
  '.profile .bash_profile .bash_login .bashrc .bash_aliases .zshenv .zprofile .zshrc .zlogin .kshrc .mkshrc';

/**
 * Starts what follows `--` in its arguments in the environment of the user's login shell, as the dev container tools do
 * (userEnvProbe): Codex is often on a PATH that only .bashrc or .profile makes. What the image has on PATH and the shell's
 * start-up files drop stays, behind theirs. Shells that do not speak POSIX's language are left out.
 *
 * The arguments before `--` are folders of which nothing is run: start-up files run programs by a PATH that devcontainer.json
 * may have set (containerEnv), so it is cleaned before. Where a start-up file is one of the workspace, as a link or as HOME is in it,
 * no login shell is started. That is said, as media/probe.sh says it, where what follows names a nonce for it.
 * Comes behind the part of media/probe.sh that knows where a folder is shown.
 */
const IN_LOGIN_SHELL = `passed_over() { :; }
find_places "$@"
while [ "$1" != -- ]; do shift; done
shift
image_path=$PATH
export image_path
clean_list "$image_path"
PATH=\${clean:-$system_path}
nonce= before=
for word in "$@"; do
  if [ "$before" = -- ]; then nonce=$word; break; fi
  before=$word
done
passed_over() {
  case $1 in *[[:cntrl:]]*) set -- 'a start-up file' "$2" ;; esac
  if [ -n "$nonce" ]; then printf '%s\\tpassed\\t%.300s\\t%s\\n' "$nonce" "$1" "$2"; fi
}
unset_variables
is_of_workspace() {
  if leads_into_workspace "$1"; then return 0; fi
  if [ ! -h "$1" ]; then return 1; fi
  target=$(PATH=/usr/bin:/bin && readlink -f -- "$1") || return 0
  in_workspace "$target"
}
set -- "$user_shell" "\${HOME-}" "$user_home" /etc/profile /etc/profile.d /etc/profile.d/* /etc/bash.bashrc /etc/bashrc \\
  /etc/bash/* /etc/zsh /etc/zsh/* /etc/zshenv /etc/zprofile /etc/zshrc /etc/zlogin -- "$@"
for folder in "\${HOME-}" "$user_home" "\${ZDOTDIR-}"; do
  for name in ${STARTUP_FILES}; do set -- "$folder/$name" "$@"; done
done
while [ "$1" != -- ]; do
  if [ -n "$user_shell" ] && [ -n "$1" ] && [ -e "$1" ] && is_of_workspace "$1"; then
    passed_over "$1" 'it is inside the workspace, so no login shell was started'
    user_shell=
  fi
  shift
done
shift
case \${HOME-/} in /*) ;; *) user_shell= ;; esac
go='PATH=$PATH:$image_path; unset image_path; exec "$@"'
case \${user_shell##*/} in
  bash | zsh) become "$user_shell" -l -i -c "$go" "$user_shell" "$@" ;;
  sh | dash | ash | ksh) become "$user_shell" -l -c "$go" "$user_shell" "$@" ;;
esac
PATH=$image_path
unset image_path
become "$@"`;

/**
 * Ends what has "-s -- NONCE" on its command line (the probe, its subshells, a login shell that still starts) and all that
 * descends from it, however late it comes. Asked to, the probe ends its steps and removes its folder; an interactive shell has to be killed. No other
 * program is started for looking: `read` leaves out the zero bytes between the words.
 */
const END = `exec 2>/dev/null
PATH=/usr/sbin:/usr/bin:/sbin:/bin
told=' ' family=' '
for pass in 1 2 3 4 5 6 7 8 9 10; do
  asked= left= grown=yes
  while [ -n "$grown" ]; do
    grown=
    for entry in /proc/[0-9]*; do
      pid=\${entry#/proc/} words= line= fields=
      case $family in *" $pid "*) continue ;; esac
      while IFS= read -r line; do words=$words$line; done <"$entry/cmdline"
      words=$words$line
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
  /** More such folders: what else is mounted from the workspace or from the repository around it. */
  readonly others: readonly string[];
  /** Ends the probe of that nonce: an engine's client that ends leaves what it has started running. */
  readonly endElsewhere: (nonce: string) => Promise<unknown>;
}

/** The part of media/probe.sh that finds out where a folder is shown; it runs nothing by itself. */
function placesOf(script: string): string {
  const [, part] = script.split(/^# --- (?:what shows the workspace|which programs may run) -+$/m);
  if (part === undefined) throw new Error('media/probe.sh lacks the part that finds out what shows the workspace.');
  return part;
}

/** Variables by which the dynamic linker loads code into every program, the first shell included (ld.so(8)). */
const OF_THE_LINKER = ['LD_PRELOAD', 'LD_AUDIT', 'LD_LIBRARY_PATH'];

/** What is set among the variables that act before the first shell can unset them. */
function actingFirst(environment: ReadonlyMap<string, string>): readonly string[] {
  const set = [...environment].filter(([, value]) => value !== '').map(([name]) => name);
  return set.filter((name) => OF_THE_LINKER.includes(name) || actsOnShell(name));
}

/** What is started there before all has been looked at: /bin/sh, /usr/bin/env, readlink, by the names of what they may be links to. */
const STARTED_FIRST = ['/bin', '/usr/bin'].flatMap((folder) =>
  ['sh', 'ash', 'bash', 'busybox', 'coreutils', 'dash', 'env', 'readlink'].map((name) => `${folder}/${name}`),
);

/**
 * `docker exec` in the container as the user that the dev container tools work as.
 * @param script the text of media/probe.sh
 * @throws Error where the container's shell is mounted from the workspace
 */
export async function execIn({ engine, container, labels }: FoundContainer, script: string): Promise<ContainerExec> {
  const boundaries = labels.localFolder === undefined ? [] : await boundariesOf([labels.localFolder]);
  const shown = shownIn(container.mounts, boundaries);
  const spoiled = shown.find((destination) => STARTED_FIRST.some((program) => holds(destination, program, 'linux')));
  if (spoiled !== undefined) {
    throw new Error(
      `Nothing was run in the container ${container.name}. Its ${spoiled} is mounted from the workspace, which can contain any program.`,
    );
  }
  const as = labels.remoteUser === undefined ? [] : ['--user', labels.remoteUser];
  const unset = actingFirst(container.environment).flatMap((name) => ['--env', `${name}=`]);
  const workspace = workspaceOf(container.mounts, labels.localFolder);
  const others = shown.filter((destination) => destination !== workspace);
  const inShell = `${placesOf(script)}${IN_LOGIN_SHELL}`;
  const login = labels.asksShell ? ['/bin/sh', '-c', inShell, 'sh', workspace, ...others, '--'] : [];
  const remote = [...labels.environment].map(([name, value]) => `${name}=${value}`);
  const environment = remote.length > 0 ? ['/usr/bin/env', ...remote] : [];
  return {
    prefix: [engine.program, 'exec', '--interactive', ...as, ...unset, container.id, ...login, ...environment],
    workspace,
    others,
    endElsewhere: (nonce) => engine.tell('exec', ...as, ...unset, container.id, '/bin/sh', '-c', END, 'sh', nonce),
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

/** Where something of these folders of the host is mounted. */
function shownIn(mounts: FoundContainer['container']['mounts'], folders: readonly string[]): readonly string[] {
  const places = folders.map(comparable);
  const isOf = (source: string): boolean => places.some((place) => `${comparable(source)}/`.startsWith(`${place}/`));
  return mounts.filter(({ source }) => source !== '' && isOf(source)).map(({ destination }) => destination);
}

/** Where the folder, or the repository that it lies in, is mounted. */
function workspaceOf(mounts: FoundContainer['container']['mounts'], localFolder: string | undefined): string {
  const local = localFolder === undefined ? undefined : comparable(localFolder);
  const holds = (source: string): boolean =>
    local !== undefined && comparable(source) !== '' && `${local}/`.startsWith(`${comparable(source)}/`);
  const longest = mounts.filter(({ source }) => holds(source)).sort((a, b) => b.source.length - a.source.length)[0];
  return (longest ?? mounts.find(({ destination }) => destination.startsWith(`${USUAL}/`)))?.destination ?? USUAL;
}
