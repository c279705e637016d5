#!/bin/sh
# Measures whether Codex's sandbox starts here, and at which step it fails if not.
#
#   sh probe.sh [NONCE [WORKSPACE [NETWORK [URL]]]]        or        sh -s -- NONCE WORKSPACE < probe.sh
#
# NETWORK is `restricted` (the default: commands have no network) or `full`; URL then has to answer from within the sandbox.
#
# Runs as the user that Codex runs as, in POSIX sh (dash, busybox ash, bash), and needs nothing but coreutils or busybox.
# It writes only into a temporary folder that it removes. Codex itself writes what it always does: helper links in its
# home, empty folders of its own in /tmp. In the workspace it is tried only where this user can create nothing there.
#
# Output, one record a line:   NONCE <tab> TYPE <tab> KEY <tab> VALUE
#
#   probe   protocol  1                      first record
#   fact    KEY       VALUE                  what the kernel, the engine and the programs say
#   passed  ENTRY     REASON                 an entry of PATH or a program that is not used, and why
#   begin   STEP      COMMAND                a step starts
#   output  STEP      LINE                   a line that the command printed
#   end     STEP      STATUS EXIT MS         ok or fail, exit code (124: out of time), duration in milliseconds
#   skip    STEP      REASON                 a step that was not run
#   probe   done      1                      last record; without it the output is incomplete
#
# What a command prints reaches the caller only as the VALUE of `output` records, without control characters and cut to a
# length, so no program can forge a record. The caller picks a NONCE that cannot be guessed and ignores all other lines.

nonce=${1:-probe}
workspace=${2:-$PWD}
network=${3:-restricted}
url=${4:-}
tab=$(printf '\t')
newline='
'

step_seconds=5   # a bwrap call takes some ten milliseconds
codex_seconds=20 # Codex is a large program: its first start from a cold disk takes seconds
tmp=             # the temporary folder, once there is one
child=           # the step that runs
watchdog=        # the process that ends it when its time is up

# --- saying ---------------------------------------------------------------------------------------------------------

# say TYPE KEY VALUE
say() {
  say_key=$2 say_value=$3
  case $2$3 in
    *[[:cntrl:]]*)
      say_key=$(printf %s "$2" | LC_ALL=C tr -d '\000-\037\177')
      say_value=$(printf %s "$3" | LC_ALL=C tr -d '\000-\037\177')
      ;;
  esac
  printf '%s\t%s\t%.300s\t%.1000s\n' "$nonce" "$1" "$say_key" "$say_value"
}

# say_file KEY FILE: the first line of a file of the kernel; nothing where there is none. By cat, since `read` takes a byte
# at a time in dash and busybox, and numbers below /proc/sys can only be read in one piece.
say_file() {
  if line=$(cat -- "$2" 2>/dev/null); then say fact "$1" "${line%%"$newline"*}"; fi
}

# --- time and processes ---------------------------------------------------------------------------------------------

# The time in milliseconds, in $now. /proc/uptime because POSIX has no clock finer than a second; its step is 10 ms.
clock() {
  if { read -r up _ </proc/uptime; } 2>/dev/null; then
    fraction=${up#*.}
    # 1 in front and taken off again: a leading 0 would make the number octal.
    now=$((${up%.*} * 1000 + (1$fraction - 100) * 10))
  else
    now=$(date +%s)000
  fi
}

# end_tree PID: asks the process and all that descend from it to end, and kills what is left of them a moment later. Not by
# process group: the steps share ours, so that a caller who kills our group reaches them too. The family is looked up
# before anything is killed, since the children of a dead process are no longer known as its children.
end_tree() {
  everybody=
  for stat in /proc/[0-9]*/stat; do
    { IFS= read -r fields <"$stat"; } 2>/dev/null || continue
    # PID (NAME) STATE PARENT …, where NAME may contain anything.
    after=${fields##*) }
    after=${after#* }
    everybody="$everybody ${after%% *}:${fields%% *}"
  done
  family=" $1 "
  grown=yes
  while [ -n "$grown" ]; do
    grown=
    for pair in $everybody; do
      case $family in
        *" ${pair#*:} "*) ;;
        *" ${pair%%:*} "*) family="$family${pair#*:} " grown=yes ;;
      esac
    done
  done
  # shellcheck disable=SC2086 # split on purpose: one argument a process
  {
    kill -s TERM $family
    # Fractions are no POSIX, but every sleep of today has them; without, the kill comes at once.
    sleep 0.1
    kill -s KILL $family
  } 2>/dev/null
}

clean_up() {
  if [ -n "$watchdog" ]; then kill -s KILL "$watchdog" 2>/dev/null; fi
  if [ -n "$child" ]; then end_tree "$child"; fi
  if [ -n "$tmp" ]; then rm -rf -- "$tmp"; fi
  tmp='' child='' watchdog=''
}

# run SECONDS COMMAND…: runs it in $directory, its output (the first 32 KB) in $tmp/output, $status, $elapsed.
# A background job and `wait`, because a shell answers signals while it waits but not while a command is in the foreground.
# Input comes from /dev/null: ours may be the pipe from which the shell still reads this script.
# No timeout(1): it starts a process group of its own, which a caller who kills our group would miss.
run() {
  seconds=$1
  shift
  rm -f "$tmp/status"
  : >"$tmp/output"
  clock
  started=$now
  {
    {
      (cd -- "$directory" && PATH=$codex_path && export PATH && exec "$@")
      echo $? >"$tmp/status"
    } 2>&1 </dev/null | {
      head -c 32768
      cat >/dev/null
    } >"$tmp/output"
    # A second command, so that all of this has a process above it: of a bare pipeline, $! is only the last part.
    :
  } &
  child=$!
  # The watchdog looks ten times a second (every second where sleep knows no fractions) whether the step still runs, and
  # goes by itself when not. It is not signalled: a signal that meets a subshell just as it starts can get lost.
  late=$tmp/late.$started
  {
    while kill -s 0 "$child"; do
      clock
      if [ $((now - started)) -ge $((seconds * 1000)) ]; then
        # Ended in time is ended in time, even if something that it left behind keeps its output open.
        if [ ! -s "$tmp/status" ]; then : >"$late"; fi
        end_tree "$child"
        break
      fi
      sleep 0.1 || sleep 1
    done
  } </dev/null >/dev/null 2>&1 &
  watchdog=$!
  wait "$child" 2>/dev/null
  # The watchdog may still be about to kill what did not end when asked.
  if [ -e "$late" ]; then wait "$watchdog" 2>/dev/null; fi
  child='' watchdog=''
  clock
  elapsed=$((now - started))
  status=124
  if [ ! -e "$late" ] && [ -s "$tmp/status" ]; then read -r status <"$tmp/status"; fi
}

# printed PATTERN: whether a line of what the last command printed matches.
printed() {
  LC_ALL=C grep -q -e "$1" "$tmp/output"
}

# step ID SECONDS COMMAND…: runs it and says so; returns whether it ended with 0.
# With $verify set, that function decides instead.
step() {
  step_id=$1
  seconds=$2
  shift 2
  say begin "$step_id" "$*"
  run "$seconds" "$@"
  LC_ALL=C tr -d '\000-\010\013-\037\177' <"$tmp/output" | head -n 40 | while IFS= read -r line || [ -n "$line" ]; do
    say output "$step_id" "$line"
  done
  result=ok
  ${verify:-exited_with_0} || result=fail
  say end "$step_id" "$result $status $elapsed"
  [ "$result" = ok ]
}

exited_with_0() { [ "$status" = 0 ]; }
inside_was_written() { [ "$status" = 0 ] && [ -s "$tmp/workspace/inside" ]; }
# The exit code says nothing here: the file itself does. Out of time proves nothing either.
outside_was_refused() { [ "$status" != 124 ] && [ ! -e "$tmp/outside" ]; }

# --- which programs may run -----------------------------------------------------------------------------------------

# The real path of a folder, with the shell's own means: no program runs before PATH is known to be clean.
real_folder() {
  (CDPATH='' cd -P -- "$1" 2>/dev/null && pwd -P)
}

# Whether a path is in the workspace. Where the workspace is / (a container without one) nothing counts as in it.
in_workspace() {
  if [ "$workspace" = / ]; then return 1; fi
  case $1/ in "$workspace"/*) return 0 ;; esac
  return 1
}

# The workspace may hold anything, so nothing of it is ever run: entries of PATH that are relative or below it are left
# out for us and for the programs that we start. Codex likewise takes no bwrap from its working directory.
clean_path() {
  workspace=$(real_folder "$workspace" || printf %s "$workspace")
  say fact workspace "$workspace"
  codex_path=
  rest=$PATH:
  while [ -n "$rest" ]; do
    entry=${rest%%:*}
    rest=${rest#*:}
    case $entry in
      '') say passed "(empty)" 'an empty entry of PATH means the working directory' ;;
      /*)
        real=$(real_folder "$entry" || printf %s "$entry")
        if in_workspace "$entry" || in_workspace "$real"; then
          say passed "$entry" 'the entry of PATH is inside the workspace'
        else
          codex_path=${codex_path:+$codex_path:}$entry
        fi
        ;;
      *) say passed "$entry" 'a relative entry of PATH means a folder in the working directory' ;;
    esac
  done
  # For our own tools, the system's folders first, whatever PATH was.
  PATH=/usr/sbin:/usr/bin:/sbin:/bin${codex_path:+:$codex_path}
  export PATH
}

# real_file FILE: its path without symbolic links.
real_file() {
  readlink -f -- "$1" 2>/dev/null || printf %s "$1"
}

# Folders outside of the workspace that hold a link into it, for a program that Codex looks for on PATH by its name: they are
# left out as well, for Codex would follow the link.
leave_links_out() {
  rest=$codex_path:
  codex_path=
  while [ -n "$rest" ]; do
    entry=${rest%%:*}
    rest=${rest#*:}
    linked=
    for program in bwrap codex node curl wget; do
      if [ -e "$entry/$program" ] && in_workspace "$(real_file "$entry/$program")"; then linked=$program; fi
    done
    if [ -n "$linked" ]; then
      say passed "$entry/$linked" 'the program is a link into the workspace'
    else
      codex_path=${codex_path:+$codex_path:}$entry
    fi
  done
}

# find_programs NAME: every executable of that name on the clean PATH that is not in the workspace, one a line, in
# $tmp/NAME.found; each once, since /bin is a link to /usr/bin on most systems.
find_programs() {
  : >"$tmp/$1.found"
  seen=:
  rest=$codex_path:
  while [ -n "$rest" ]; do
    program=${rest%%:*}/$1
    rest=${rest#*:}
    if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
    real=$(real_file "$program")
    case $seen in *":$real:"*) continue ;; esac
    seen=$seen$real:
    printf '%s\n' "$program" >>"$tmp/$1.found"
  done
}

# --- facts ----------------------------------------------------------------------------------------------------------

say_kernel() {
  say fact uid "$(id -u)"
  say fact user "$(id -un 2>/dev/null)"
  say_file kernel.release /proc/sys/kernel/osrelease
  say_file max_user_namespaces /proc/sys/user/max_user_namespaces
  say_file unprivileged_userns_clone /proc/sys/kernel/unprivileged_userns_clone
  say_file apparmor_restrict_unprivileged_userns /proc/sys/kernel/apparmor_restrict_unprivileged_userns
  say_file apparmor.enabled /sys/module/apparmor/parameters/enabled
  say_file apparmor.label /proc/self/attr/current
  if [ -r /proc/self/status ]; then
    while IFS=":$tab" read -r key value; do
      case $key in
        Cap* | NoNewPrivs | Seccomp) say fact "status.$key" "$value" ;;
      esac
    done </proc/self/status
  fi
  if [ -r /proc/self/uid_map ]; then
    map=
    while read -r inner outer count; do map="${map:+$map, }$inner $outer $count"; done </proc/self/uid_map
    say fact uid_map "$map"
  fi
}

# Whether Codex can keep anything in its home, which it makes where there is none.
say_codex_home() {
  home=${CODEX_HOME:-${HOME:-}/.codex}
  say fact codex_home "$home"
  while [ -n "$home" ] && [ ! -e "$home" ]; do home=${home%/*}; done
  if [ -w "${home:-/}" ]; then say fact codex_home.writable yes; else say fact codex_home.writable no; fi
}

# Masked and read-only paths show as mounts below /proc; the kernel then refuses a fresh /proc in a user namespace.
say_mounts() {
  if [ ! -r /proc/self/mountinfo ]; then return; fi
  below=
  mounted= # the mount that holds the workspace: the last of the longest
  # As the kernel writes it: only spaces need it in practice.
  escaped=$(printf %s "$workspace" | sed 's/ /\\040/g')
  while read -r _ _ _ _ point options rest; do
    case $point in
      /proc/*) below="${below:+$below }$point" ;;
      /) case ,$options, in *,ro,*) say fact root.readonly 1 ;; esac ;;
    esac
    case $escaped/ in
      "${point%/}"/*)
        if [ ${#point} -ge ${#mounted} ]; then
          mounted=$point read_only=
          # Of the mount, and of the file system: the last word.
          case ,$options,${rest##* }, in *,ro,*) read_only=yes ;; esac
        fi
        ;;
    esac
  done </proc/self/mountinfo
  say fact proc.submounts "$below"
}

# may_create FOLDER MODE OWNER GROUP: whether Codex's sandbox can create something in it. That is a user namespace with one
# user and one group in it: the powers of root reach only what belongs to both, and elsewhere the mode bits count.
may_create() {
  if [ "$3:$4" = "$(id -u):$(id -g)" ]; then return 0; fi
  # For root the test always says yes; for others it also knows about access control lists.
  if [ "$(id -u)" != 0 ]; then
    [ -w "$1" ] && [ -x "$1" ]
    return
  fi
  case " $(id -G) " in *" $4 "*) bits=${2#????} ;; *) bits=${2#???????} ;; esac
  if [ "$3" = 0 ]; then bits=${2#?}; fi
  case $bits in ?w[xst]*) return 0 ;; esac
  return 1
}

# The folder in which Codex runs: whose it is, and which of the names are there that Codex shields in it. What is missing,
# bwrap creates. $refuses: the errno with which it cannot; $missing: the first that is missing for a Codex of today.
# `/` and /workspaces stand for a workspace that is not known.
say_workspace() {
  refuses='' missing=''
  case $workspace in / | /workspaces) return ;; esac
  if [ ! -d "$workspace" ]; then return; fi
  present=
  for name in .git .agents .codex .aws; do
    if [ -e "$workspace/$name" ] || [ -h "$workspace/$name" ]; then
      present="${present:+$present }$name"
    else
      missing=${missing:-$name}
    fi
  done
  set -f
  # shellcheck disable=SC2046 # split on purpose: mode, links, owner, group, …
  set -- $(LC_ALL=C ls -ldn -- "$workspace")
  set +f
  say fact workspace.mode "$1"
  say fact workspace.owner "$3 $4"
  say fact workspace.present "$present"
  if [ -n "$read_only" ]; then
    refuses=EROFS
  elif ! may_create "$workspace" "$1" "$3" "$4"; then
    refuses=EACCES
  fi
  say fact workspace.refuses "${refuses:-nothing}"
}

say_system() {
  if [ -r /etc/os-release ]; then
    while IFS='=' read -r key value; do
      value=${value#[\"\']}
      case $key in ID | VERSION_ID) say fact "os.$key" "${value%[\"\']}" ;; esac
    done </etc/os-release
  fi
  if [ -e /run/.containerenv ]; then
    say fact engine podman
  elif [ -e /.dockerenv ]; then
    say fact engine docker
  fi
}

# say_bwrap KEY FILE: $usable tells whether Codex 0.130 and later would take it from PATH.
say_bwrap() {
  usable=no
  say fact "$1.path" "$2"
  # shellcheck disable=SC2046 # split on purpose: mode, links, owner, …
  set -- "$1" "$2" $(LC_ALL=C ls -ldnL -- "$2")
  say fact "$1.mode" "$3"
  say fact "$1.owner" "$5"
  run "$step_seconds" "$2" --version
  IFS= read -r line <"$tmp/output"
  say fact "$1.version" "$line"
  run "$step_seconds" "$2" --help
  if [ "$status" != 0 ]; then
    IFS= read -r line <"$tmp/output"
    say fact "$1.help" "$line"
  else
    has_perms=no has_as_pid_1=no has_argv0=no
    if printed '--perms'; then has_perms=yes; fi
    if printed '--as-pid-1'; then has_as_pid_1=yes; fi
    # Not asked for by Codex, but without it (before 0.9) Codex needs its helper links, and so a home that it can write to.
    if printed '--argv0'; then has_argv0=yes; fi
    say fact "$1.argv0" "$has_argv0"
    say fact "$1.perms" "$has_perms"
    say fact "$1.as-pid-1" "$has_as_pid_1"
    if [ "$has_perms$has_as_pid_1" = yesyes ]; then usable=yes; fi
  fi
  say fact "$1.usable" "$usable"
}

# $system: the bwrap that Codex would take from PATH: the first, if it is usable.
find_system_bwrap() {
  system=
  number=0
  find_programs bwrap
  while IFS= read -r program; do
    number=$((number + 1))
    say_bwrap "bwrap.$number" "$program"
    if [ "$number" = 1 ] && [ "$usable" = yes ]; then system=$program; fi
  done <"$tmp/bwrap.found"
}

# $codex: the first Codex on PATH. $bundled: the bwrap that comes with it.
# npm installs `codex` as a link to a script of Node; the executable and its bwrap are in a package for the platform, which
# npm puts below the script's package and pnpm beside it. Elsewhere `codex` is the executable itself.
find_codex() {
  bundled='' sandbox=''
  find_programs codex
  codex=
  IFS= read -r codex <"$tmp/codex.found"
  if [ -z "$codex" ]; then return; fi
  say fact codex.path "$codex"
  real=$(real_file "$codex")
  say fact codex.real "$real"
  run "$codex_seconds" "$codex" --version
  # The last line: what comes before it are warnings.
  say fact codex.version "$(tail -n 1 "$tmp/output")"
  home=${real%/*}
  target=$(uname -m)-unknown-linux-musl
  for place in "$home" "$home/.." \
    "$home"/../node_modules/@openai/codex-linux-*/vendor/"$target" \
    "$home"/../../codex-linux-*/vendor/"$target" \
    "$home/../vendor/$target"; do
    candidate=$place/codex-resources/bwrap
    if [ ! -f "$candidate" ] || [ ! -x "$candidate" ]; then continue; fi
    candidate=$(real_file "$candidate")
    if in_workspace "$candidate"; then
      say passed "$candidate" 'the program is inside the workspace'
    else
      bundled=$candidate
      say_bwrap bwrap.bundled "$bundled"
    fi
    break
  done
  # `codex sandbox linux -- …` until about 0.145, `codex sandbox -- …` since; the new form takes `linux` for the program.
  run "$codex_seconds" "$codex" sandbox --help
  if printed '^  *linux'; then
    sandbox=linux
    # The old form does not heed sandbox_mode (0.120): this is its way to let commands write to the workspace.
    run "$codex_seconds" "$codex" sandbox linux --help
    if printed '--full-auto'; then sandbox='linux --full-auto'; fi
  fi
  say fact codex.sandbox "codex sandbox${sandbox:+ $sandbox} --"
}

# --- steps ----------------------------------------------------------------------------------------------------------

# ladder NAME BWRAP: what Codex asks of bwrap, one thing added at a time. All are run, also after one has failed: the last
# is the call that Codex makes first, the one before it the call with which Codex tries again when /proc was refused.
ladder() {
  name=$1
  bwrap=$2
  set -- --new-session --die-with-parent --ro-bind / / --unshare-user --cap-drop ALL
  step "$name-user" "$step_seconds" "$bwrap" "$@" -- "$true"
  set -- --as-pid-1 "$@" --unshare-pid --unshare-ipc
  step "$name-pid-ipc" "$step_seconds" "$bwrap" "$@" -- "$true"
  if [ "$network" = restricted ]; then
    set -- "$@" --unshare-net
    step "$name-net" "$step_seconds" "$bwrap" "$@" -- "$true"
  fi
  set -- "$@" --dev /dev
  step "$name-dev" "$step_seconds" "$bwrap" "$@" -- "$true"
  if [ -n "$refuses" ] && [ -n "$missing" ]; then
    step "$name-workspace" "$step_seconds" "$bwrap" "$@" \
      --bind "$workspace" "$workspace" --tmpfs "$workspace/$missing" -- "$true"
    # Should it have come to be after all, it is empty.
    rmdir -- "$workspace/$missing" 2>/dev/null
  fi
  step "$name-proc" "$step_seconds" "$bwrap" "$@" --proc /proc -- "$true"
}

# Without any bwrap: the same system calls by way of util-linux or busybox. A failure tells as much as bwrap's would; a
# success says only that a bwrap that Codex brings along finds these gates open.
imitation() {
  unshare=$(command -v unshare)
  if [ -z "$unshare" ]; then
    for name in user map all pivot; do say skip "unshare-$name" 'there is no unshare program'; done
    return
  fi
  mkdir -- "$tmp/root"
  step unshare-user "$step_seconds" "$unshare" -U "$true"
  step unshare-map "$step_seconds" "$unshare" -U -r "$true"
  step unshare-all "$step_seconds" "$unshare" -U -r -m -i -n -p -f "$true"
  # shellcheck disable=SC2016 # expanded by the inner shell
  step unshare-pivot "$step_seconds" "$unshare" -U -r -m /bin/sh -c \
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin; mount -t tmpfs tmpfs "$1" && cd "$1" && mkdir old && pivot_root . old' sh "$tmp/root"
  if [ -n "$refuses" ] && [ -n "$missing" ]; then
    # shellcheck disable=SC2016 # expanded by the inner shell
    step unshare-workspace "$step_seconds" "$unshare" -U -r /bin/sh -c \
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin; mkdir -- "$1" && rmdir -- "$1"' sh "$workspace/$missing"
  fi
}

# try_url OPTION…: whether the URL answers from within Codex's sandbox of these options.
try_url() {
  if [ "$network" != full ]; then
    say skip codex-url 'commands have no network under this policy'
  elif command -v curl >/dev/null; then
    step codex-url "$codex_seconds" "$codex" sandbox $sandbox "$@" -- \
      "$(command -v curl)" --silent --show-error --fail --location --max-time 10 --output /dev/null -- "$url"
  elif command -v wget >/dev/null; then
    step codex-url "$codex_seconds" "$codex" sandbox $sandbox "$@" -- \
      "$(command -v wget)" -q -T 10 -O /dev/null "$url"
  else
    say skip codex-url 'there is neither curl nor wget'
  fi
}

# The real thing, in a workspace of its own. Codex lets commands write to /tmp and $TMPDIR unless told not to; here the
# file outside the workspace is there, so that even a sandbox that lets everything through leaves nothing behind.
try_codex() {
  mkdir -- "$tmp/workspace"
  set -- -c 'sandbox_mode="workspace-write"'
  if [ "$network" = full ]; then set -- "$@" -c sandbox_workspace_write.network_access=true; fi
  if [ -n "$refuses" ]; then
    directory=$workspace
    if real_folder "$workspace" >/dev/null; then
      step codex-workspace "$codex_seconds" "$codex" sandbox $sandbox "$@" -- "$true"
    else
      say skip codex-workspace 'this user may not enter the folder'
    fi
  fi
  directory=$tmp/workspace
  if step codex-run "$codex_seconds" "$codex" sandbox $sandbox "$@" -- "$true"; then
    set -- "$@" -c sandbox_workspace_write.exclude_slash_tmp=true -c sandbox_workspace_write.exclude_tmpdir_env_var=true
    verify=inside_was_written
    step codex-write-inside "$codex_seconds" "$codex" sandbox $sandbox "$@" -- /bin/sh -c 'echo written >inside'
    verify=outside_was_refused
    step codex-write-outside "$codex_seconds" "$codex" sandbox $sandbox "$@" -- /bin/sh -c 'echo written >../outside'
    verify=
    if [ -n "$url" ]; then try_url "$@"; fi
  else
    say skip codex-write-inside 'the sandbox does not start'
    say skip codex-write-outside 'the sandbox does not start'
  fi
  directory=/
}

# $tmp. /tmp first: Codex needs it as well. mkdir fails where the name is taken, so nobody can prepare the folder.
make_temporary_folder() {
  umask 077
  for place in /tmp "${TMPDIR:-/tmp}" /var/tmp /dev/shm; do
    case $place in /*) ;; *) continue ;; esac
    if mkdir -- "$place/codex-sandbox-probe.$$" 2>/dev/null; then
      tmp=$place/codex-sandbox-probe.$$
      say fact temporary_folder "$place"
      return 0
    fi
  done
  return 1
}

main() {
  trap 'clean_up; exit 143' TERM
  trap 'clean_up; exit 130' INT
  trap 'clean_up; exit 129' HUP
  trap clean_up EXIT
  say probe protocol 1
  clean_path
  say_kernel
  read_only=
  say_mounts
  say_workspace
  say_system
  say_codex_home
  leave_links_out
  directory=/
  verify=
  true=/bin/true
  if [ ! -x "$true" ]; then true=/usr/bin/true; fi
  if make_temporary_folder; then
    find_system_bwrap
    find_codex
    if [ -n "$system" ]; then ladder system "$system"; fi
    if [ -n "$bundled" ]; then ladder bundled "$bundled"; fi
    if [ -z "$system$bundled" ]; then imitation; fi
    if [ -n "$codex" ]; then
      try_codex
    else
      for name in run write-inside write-outside; do say skip "codex-$name" 'Codex is not installed'; done
    fi
  else
    say fact temporary_folder none
    for name in run write-inside write-outside; do
      say skip "codex-$name" 'no temporary folder can be written: /tmp, /var/tmp and /dev/shm were tried'
    done
  fi
  say probe done 1
}

# In one line with its end: a script that arrives cut short does nothing.
main "$@" && exit
