#!/bin/sh
# Measures whether Codex's sandbox starts here, and at which step it fails if not.
#
#   sh probe.sh [NONCE [WORKSPACE [NETWORK [URL [FOLDER…] [-- EXTENSION…]]]]]      or      sh -s -- NONCE WORKSPACE < probe.sh
#
# Nothing of WORKSPACE or of a FOLDER is run; WORKSPACE is `/` where there is none. An EXTENSION is the folder of a ChatGPT
# extension that an editor has loaded; others are looked for.
# NETWORK is `restricted` (the default: commands have no network) or `full`; URL then has to answer from within the sandbox.
#
# Runs as the user that Codex runs as, in POSIX sh (dash, busybox ash, bash), and needs nothing but coreutils or busybox.
# It writes only into a temporary folder that it removes. Codex itself writes what it always does: helper links in its
# home, empty folders of its own in /tmp. In the workspace it is tried only where this user can create nothing there, or where
# what lies there keeps it from starting.
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
# Where several Codexes are installed, the second and those after it have their number in the names: `codex.2.version`,
# `bwrap.bundled.2.path`, the step `codex.2-run`.
#
# What a command prints reaches the caller only as the VALUE of `output` records, without control characters and cut to a
# length, so no program can forge a record. The caller picks a NONCE that cannot be guessed and ignores all other lines.

nonce=${1:-probe}
workspace=${2:-$PWD}
network=${3:-restricted}
url=${4:-}

step_seconds=5   # a bwrap call takes some ten milliseconds
codex_seconds=20 # Codex is a large program: its first start from a cold disk takes seconds
which=           # of several Codexes, which one is looked at: nothing for the first, .2 for the second
tmp=             # the temporary folder, once there is one
child=           # the step that runs
watchdog=        # the process that ends it when its time is up

# --- saying ---------------------------------------------------------------------------------------------------------

# say TYPE KEY VALUE
say() {
  say_key=$2 say_value=$3
  case $1:$2 in begin:codex-* | output:codex-* | end:codex-* | skip:codex-*) say_key=codex$which-${2#codex-} ;; esac
  case $say_key$3 in
    *[[:cntrl:]]*)
      say_key=$(printf %s "$say_key" | LC_ALL=C tr -d '\000-\037\177')
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

# end_tree PID: asks the process and its descendants to end, and kills the rest of them a moment later. It does not use
# process groups: the steps share ours, so that a caller who kills our group reaches them too. It collects the family first,
# because nothing connects a dead process with its children.
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
    # POSIX has no fractions, but every current sleep has. Without them the kill comes at once.
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
# It uses a background job and `wait`, because a shell handles signals while it waits but not during a foreground command.
# Input comes from /dev/null: ours may be the pipe from which the shell still reads this script.
# It does not use timeout(1), which starts its own process group: a caller who kills our group would miss that.
run() {
  seconds=$1
  shift
  rm -f "$tmp/status"
  : >"$tmp/output"
  clock
  started=$now
  {
    {
      (cd -- "$directory" && PATH=$codex_path && export PATH && become "$@")
      echo $? >"$tmp/status"
    } 2>&1 </dev/null | {
      head -c 32768
      cat >/dev/null
    } >"$tmp/output"
    # A second command gives the whole pipeline a parent process: otherwise $! is only its last part.
    :
  } &
  child=$!
  # The watchdog looks ten times a second (every second if sleep knows no fractions) whether the step still runs, and ends
  # when it does not. Nobody signals it: a signal can get lost if the subshell is just starting.
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

# --- what shows the workspace ---------------------------------------------------------------------------------------
#
# Only with the shell's own means: no program runs before PATH is known to be clean. src/probe/execPrefix.ts takes this
# part out of the script and puts it before the start of a login shell.

# bash takes functions from the environment (BASH_FUNC_id%%), and runs them before programs and before most commands of its own.
# Before they are removed, there are only definitions and assignments. With POSIXLY_CORRECT no function replaces `unset`.
POSIXLY_CORRECT=y
PS4='+ '
unset -f [ alias cat cd command curl date echo env false grep head id kill ls mkdir printf pwd read readlink rm rmdir \
  sed sleep tail test tr true type umask uname unshare wait wget

tab='	'
newline='
'
system_path=/usr/sbin:/usr/bin:/sbin:/bin
places=       # the paths, a line each, at which the workspace is seen, as the kernel writes them
mounts=       # the mounts, a line each: ID PARENT DEVICE ROOT POINT
mounts_read=  # whether they could be read

# The real path of a folder.
real_folder() {
  (CDPATH='' cd -P -- "$1" 2>/dev/null && pwd -P)
}

# $escaped: a path as the kernel writes it in mountinfo.
escape() {
  escaped=$1
  case $1 in
    *[\\\ "$tab$newline"]*) ;;
    *) return ;;
  esac
  escaped=
  left=$1
  while [ -n "$left" ]; do
    after=${left#?}
    character=${left%"$after"}
    left=$after
    case $character in
      ' ') character='\040' ;;
      "$tab") character='\011' ;;
      "$newline") character='\012' ;;
      "\\") character='\134' ;;
    esac
    escaped=$escaped$character
  done
}

# Whether a path is at a place where the workspace is seen. Without a workspace there is no such place.
in_workspace() {
  escape "$1"
  found=1
  set -f
  IFS=$newline
  for place in $places; do
    case $escaped/ in "$place"/*) found=0 ;; esac
  done
  unset IFS
  set +f
  return "$found"
}

# The same for a path whose folder may contain links.
leads_into_workspace() {
  if in_workspace "$1"; then return 0; fi
  into=$(real_folder "$1") || case $1 in
    /*/*) into=$(real_folder "${1%/*}")/${1##*/} ;;
    *) return 1 ;;
  esac
  in_workspace "$into"
}

# $user_home and $user_shell by /etc/passwd. HOME may be anything: devcontainer.json sets variables.
find_user() {
  uid=none
  while read -r key uid _; do
    if [ "$key" = Uid: ]; then break; fi
  done </proc/self/status
  number='' user_home='' user_shell=''
  while IFS=: read -r _ _ number _ _ user_home user_shell; do
    if [ "$number" = "$uid" ]; then break; fi
  done </etc/passwd
  if [ "$number" != "$uid" ]; then user_home='' user_shell=''; fi
  if [ -n "$user_home" ]; then user_home=$(real_folder "$user_home"); fi
} 2>/dev/null

# $project: the outermost folder around this one that holds a repository or a dev container, as the root of a monorepo is
# around its packages. Not what holds the home folder: that would be all that this user has installed.
find_project() {
  project=$1
  folder=$1
  while [ -n "$folder" ]; do
    case $user_home/ in
      "$folder"/*) ;;
      *)
        for marker in .git .devcontainer .devcontainer.json; do
          if [ -e "$folder/$marker" ]; then project=$folder; fi
        done
        ;;
    esac
    folder=${folder%/*}
  done
}

# $mounts. Device and root tell what a mount shows; where two show the same, it is the same folder.
read_mounts() {
  mounts='' ids=' '
  {
    while read -r id parent device root point _; do
      # Namespaces and the like have a root that is not a path.
      case $root in /*) ;; *) continue ;; esac
      mounts="$mounts$id $parent $device $root $point$newline" ids="$ids$id "
    done </proc/self/mountinfo
  } 2>/dev/null
  if [ -n "$mounts" ]; then mounts_read=yes; fi
}

# split MOUNT: $id, $parent, $device, $root, $point; the last two without a slash at their end, so that / is empty. Not where
# they are used: of "${point%/}"/* in a pattern, bash 5.2 makes one that matches nothing where point is /.
split() {
  id=${1%% *} root=${1#* }
  parent=${root%% *} root=${root#* }
  device=${root%% *} root=${root#* }
  point=${root#* } root=${root%% *}
  point=${point%/} root=${root%/}
}

# find_mount PATH: $mount, the ID of the visible mount; $inside, `DEVICE PATH` of the file system. It walks like the kernel:
# from the root to the first mount on the path, then to the next one with that parent. A later mount over a path therefore
# hides the mounts below it.
find_mount() {
  mount=
  while :; do
    next=
    set -f
    IFS=$newline
    for line in $mounts; do
      split "$line"
      case $1/ in "$point"/*) ;; *) continue ;; esac
      if [ -n "$mount" ]; then
        if [ "$parent" != "$mount" ] || [ "$id" = "$mount" ]; then continue; fi
      else
        # The first one is not mounted on any of them.
        case $ids in *" $parent "*) if [ "$parent" != "$id" ]; then continue; fi ;; esac
      fi
      if [ -n "$next" ] && [ "${#point}" -gt "${#next_point}" ]; then continue; fi
      next=$id next_device=$device next_root=$root next_point=$point
    done
    unset IFS
    set +f
    if [ -z "$next" ]; then break; fi
    mount=$next
    inside="$next_device $next_root${1#"$next_point"}"
  done
  [ -n "$mount" ]
}

# add_place PATH
add_place() {
  case $newline$places in *"$newline$1$newline"*) ;; *) places=$places$1$newline ;; esac
}

# add_contents PATH: adds to $contents, a line each as $inside, what this folder is and what is mounted in it.
add_contents() {
  contents=$contents$inside$newline
  set -f
  IFS=$newline
  for mounted in $mounts; do
    split "$mounted"
    case $point in "$1"/*) ;; *) continue ;; esac
    here="$device $root" itself=$id
    # A separate system in the folder, such as /usr for a chroot, does not make the programs of this system a part of it.
    case "$system_inside" in *"$newline$here"/*) continue ;; esac
    if find_mount "$point" && [ "$mount" = "$itself" ]; then contents=$contents$here$newline; fi
  done
  unset IFS
  set +f
}

# find_places FOLDER… [-- …]: $places. Device and path identify the same content wherever it is mounted: a second mount of the
# folder, of a folder above it, or of a part of it.
find_places() {
  places='' contents='' system_inside=$newline
  find_user
  read_mounts
  for folder in /usr/bin /bin; do
    folder=$(real_folder "$folder") || continue
    if find_mount "$folder"; then system_inside=$system_inside$inside/$newline; fi
  done
  for folder in "$@"; do
    case $folder in
      /) continue ;;
      --) break ;;
    esac
    top=$(real_folder "$folder" || printf %s "$folder")
    find_project "$top"
    for shown in "$top" "$project"; do
      escape "$shown"
      add_place "$escaped"
      if find_mount "$escaped"; then add_contents "$escaped"; fi
    done
  done
  set -f
  IFS=$newline
  for content in $contents; do
    path=${content#* }
    set -f
    IFS=$newline
    for mounted in $mounts; do
      split "$mounted"
      if [ "$device" != "${content%% *}" ]; then continue; fi
      itself=$id
      case $root/ in
        "$path"/*) there=$point ;;
        *)
          case $path/ in
            "$root"/*) there=$point${path#"$root"} ;;
            *) continue ;;
          esac
          ;;
      esac
      # If a container's own files are in that folder (storage below a home folder), everything would be the workspace.
      if [ -z "$there" ]; then continue; fi
      if find_mount "$there" && [ "$mount" = "$itself" ]; then add_place "$there"; fi
    done
  done
  unset IFS
  set +f
}

# clean_list LIST: $clean, the entries of a list like PATH of which nothing is in the workspace. Where the mounts are not
# known, only the system's own folders are sure not to be it. passed_over ENTRY REASON is called for each of the others.
clean_list() {
  clean=
  rest=$1:
  while [ -n "$rest" ]; do
    entry=${rest%%:*}
    rest=${rest#*:}
    case $entry in
      '') passed_over "(empty)" 'an empty entry of PATH means the working directory' ;;
      /*)
        if in_workspace "$entry" || in_workspace "$(real_folder "$entry" || printf %s "$entry")"; then
          passed_over "$entry" 'the entry of PATH is inside the workspace'
        elif [ -n "$places" ] && [ -z "$mounts_read" ] && is_not_of_system "$entry"; then
          passed_over "$entry" 'it may show the workspace: /proc/self/mountinfo cannot be read'
        else
          clean=${clean:+$clean:}$entry
        fi
        ;;
      *) passed_over "$entry" 'a relative entry of PATH means a folder in the working directory' ;;
    esac
  done
}

is_not_of_system() {
  case :$system_path: in *":$1:"*) return 1 ;; esac
  return 0
}

# may_show_workspace LIST: whether a list of folders shows the workspace, or may show it. An empty or relative entry means the
# working directory, and the dynamic linker replaces $ORIGIN and the like with other names.
may_show_workspace() {
  rest=$1:
  while [ -n "$rest" ]; do
    entry=${rest%%[:;]*}
    rest=${rest#*[:;]}
    case $entry in
      *\$*) return 0 ;;
      /*) if leads_into_workspace "$entry" || { [ -z "$mounts_read" ] && is_not_of_system "$entry"; }; then return 0; fi ;;
      *) return 0 ;;
    esac
  done
  return 1
}

# Variables by which programs load or run files that PATH does not show.
loading='LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH BASH_ENV ENV ZDOTDIR NODE_OPTIONS NODE_PATH OPENSSL_CONF OPENSSL_CONF_INCLUDE
  OPENSSL_MODULES OPENSSL_ENGINES GCONV_PATH LOCPATH GIO_EXTRA_MODULES GIO_MODULE_DIR GIT_EXEC_PATH PYTHONPATH PYTHONHOME
  PYTHONSTARTUP PYTHONUSERBASE PYTHONWARNINGS PERL5LIB PERLLIB PERL5OPT PERL5DB RUBYOPT RUBYLIB'

# become COMMAND…: without functions for bash in its environment, of which a shell hands on those that it did not take.
become() {
  set -f
  IFS=$newline
  # shellcheck disable=SC2046 # split on purpose: one option a line
  set -- $(
    PATH=/usr/bin:/bin
    env 2>/dev/null | while IFS= read -r line; do
      case $line in BASH_FUNC_*=*) printf '%s\n' "-u${line%%=*}" ;; esac
    done
  ) "$@"
  unset IFS
  set +f
  case $1 in -uBASH_FUNC_*) set -- "$(PATH=/usr/bin:/bin && command -v env)" "$@" ;; esac
  exec "$@"
}

# unset_variables: devcontainer.json sets any. What a program makes of one (quotes, percent signs, names of modules) only that
# program knows, so where there is a workspace none stays but plain lists of folders.
unset_variables() {
  if [ -z "$places" ]; then return; fi
  for name in $loading; do
    eval "value=\${$name-}"
    if [ -z "$value" ]; then continue; fi
    case $name in
      LD_LIBRARY_PATH | ZDOTDIR) if ! may_show_workspace "$value"; then continue; fi ;;
    esac
    unset "$name"
    passed_over "$name" 'the variable can make programs load files of the workspace'
  done
}

# --- which programs may run -----------------------------------------------------------------------------------------

passed_over() {
  say passed "$1" "$2"
}

# The workspace may contain anything, so nothing from it ever runs. We remove relative entries of PATH and entries that show
# it, for us and for the programs that we start. Codex does the same: it uses no bwrap from its working directory.
clean_path() {
  workspace=$(real_folder "$workspace" || printf %s "$workspace")
  say fact workspace "$workspace"
  find_places "$workspace" "$@"
  clean_list "$given_path"
  codex_path=$clean
  unset_variables
  # The program that resolves links must be trusted: the system's own, unless it has none.
  if ! command -v readlink >/dev/null; then PATH=$system_path:$codex_path; fi
  export PATH
}

# real_file FILE: its path without symbolic links.
real_file() {
  readlink -f -- "$1" 2>/dev/null || printf %s "$1"
}

# $linked: a program of this folder that Codex or this script looks up on PATH by its name, and that is mounted from the
# workspace or is a link into it.
find_linked() {
  linked=
  real=$(real_folder "$1") || return
  case $without_links in *":$real:"*) return ;; esac
  for program in bwrap codex node curl wget unshare mount mkdir pivot_root env sh \
    cat date grep head id ls readlink rm rmdir sed sleep tail tr uname; do
    if [ ! -e "$real/$program" ]; then continue; fi
    if in_workspace "$real/$program" || { [ -h "$real/$program" ] && in_workspace "$(real_file "$real/$program")"; }; then
      linked=$program
      return
    fi
  done
  without_links=$without_links$real:
}

# Whether something of the workspace is mounted in a folder.
holds_workspace() {
  escape "$1"
  found=1
  set -f
  IFS=$newline
  for place in $places; do
    case $place in "$escaped"/*) found=0 ;; esac
  done
  unset IFS
  set +f
  return "$found"
}

# Whether no program of the system itself is one of the workspace: with those nothing could be measured.
system_is_clean() {
  without_links=:
  rest=$system_path:
  while [ -n "$rest" ]; do
    entry=${rest%%:*}
    rest=${rest#*:}
    linked=
    if ! leads_into_workspace "$entry"; then
      find_linked "$entry"
      if [ -z "$linked" ]; then continue; fi
    fi
    say passed "$entry${linked:+/$linked}" 'programs of the system are inside the workspace, so nothing was run'
    return 1
  done
}

# Folders outside the workspace with a link into it, for a program that is looked up on PATH by its name. They are removed
# too, because Codex would follow the link. For our own tools the system's folders come first, whatever PATH was.
leave_links_out() {
  rest=$codex_path:
  codex_path=
  while [ -n "$rest" ]; do
    entry=${rest%%:*}
    rest=${rest#*:}
    find_linked "$entry"
    if [ -n "$linked" ]; then
      say passed "$entry/$linked" 'the program is a link into the workspace'
    else
      codex_path=${codex_path:+$codex_path:}$entry
    fi
  done
  PATH=$system_path${codex_path:+:$codex_path}
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
  escape "$workspace"
  while read -r _ _ _ _ point options rest; do
    case $point in
      /proc/*) below="${below:+$below }$point" ;;
      /) case ,$options, in *,ro,*) say fact root.readonly 1 ;; esac ;;
    esac
    beginning=${point%/}
    case $escaped/ in
      "$beginning"/*)
        if [ ${#point} -ge ${#mounted} ]; then
          mounted=$point read_only=
          # The last word is about the mount and about the file system.
          case ,$options,${rest##* }, in *,ro,*) read_only=yes ;; esac
        fi
        ;;
    esac
  done </proc/self/mountinfo
  say fact proc.submounts "$below"
}

# may_create FOLDER MODE OWNER GROUP: whether Codex's sandbox can create something in it. The sandbox is a user namespace with
# one user and one group: root has power only over files of both. For other files the mode bits count.
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

# The folder in which Codex runs: its owner, and which of the entries that Codex protects are there. bwrap creates the missing
# ones. $refuses: the errno if it cannot; $missing: the first missing one for a current Codex.
# `/` and /workspaces mean that the workspace is unknown.
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

# What lies in that folder and keeps Codex from starting: links among the names that it shields, and a configuration that this
# user may not read. $in_the_way: whether there is any.
say_entries() {
  in_the_way=
  case $workspace in / | /workspaces) return ;; esac
  links='' unreadable=''
  for name in .git .agents .codex .aws; do
    if [ -h "$workspace/$name" ]; then links="${links:+$links }$name"; fi
  done
  config=$workspace/.codex/config.toml
  if [ -d "$workspace/.codex" ]; then
    if [ ! -x "$workspace/.codex" ] || { [ -e "$config" ] && [ ! -r "$config" ]; }; then unreadable=.codex/config.toml; fi
  fi
  say fact workspace.links "$links"
  say fact workspace.unreadable "$unreadable"
  in_the_way=$links$unreadable
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

# What this container shows to be part of: src/probe/environments.ts says what follows. Of variables it matters only whether they
# are set, or set to one value; no value is ever said.
say_environments() {
  shown=
  if [ "${GITHUB_ACTIONS-}" = true ]; then shown="$shown github-actions"; fi
  if [ "${CODESPACES-}" = true ]; then shown="$shown codespaces"; fi
  if [ -n "${KUBERNETES_SERVICE_HOST-}" ]; then shown="$shown kubernetes"; fi
  case $(cat /proc/sys/kernel/osrelease 2>/dev/null)${WSL_DISTRO_NAME:+ microsoft} in
    *[Mm]icrosoft*) shown="$shown wsl" ;;
  esac
  if [ -n "${SANDBOX_RUNTIME-}" ]; then shown="$shown claude-code-sandbox"; fi
  if [ -n "${CODEX_SANDBOX-}${CODEX_SANDBOX_NETWORK_DISABLED-}" ]; then shown="$shown codex-sandbox"; fi
  say fact environments "${shown# }"
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

# --- the Codexes ----------------------------------------------------------------------------------------------------

most_codexes=4 # the one on PATH, and those of three editors

# Where editors keep the extensions of a container below the user's home [reported]; the last four are those of a local window.
editor_folders='.vscode-server .vscode-server-insiders .vscode-remote .cursor-server .windsurf-server
  .vscode .vscode-insiders .cursor .windsurf'

# find_bundled FILE: $bundled, the bwrap that comes with that Codex; $spoiled, one that is in the workspace.
# npm installs `codex` as a link to a script of Node; the executable and its bwrap are in a package for the platform, which
# npm puts below the script's package and pnpm beside it. Elsewhere `codex` is the executable itself. That looks for the three
# places that come first (measured with 0.130 and 0.169).
find_bundled() {
  bundled='' spoiled=''
  home=${1%/*}
  target=$(uname -m)-unknown-linux-musl
  for candidate in "$home/codex-resources/bwrap" "$home/../codex-resources/bwrap" "$home/bwrap" \
    "$home"/../node_modules/@openai/codex-linux-*/vendor/"$target"/codex-resources/bwrap \
    "$home"/../../codex-linux-*/vendor/"$target"/codex-resources/bwrap \
    "$home/../vendor/$target/codex-resources/bwrap"; do
    if [ ! -f "$candidate" ] || [ ! -x "$candidate" ]; then continue; fi
    case $candidate in
      # Beside a Codex in a folder of PATH, it is the system's own.
      "$home/bwrap") case :$codex_path:$system_path: in *":$home:"*) continue ;; esac ;;
    esac
    candidate=$(real_file "$candidate")
    if in_workspace "$candidate"; then spoiled=$candidate; else bundled=${bundled:-$candidate}; fi
  done
}

# add_packages FOLDER: adds to $packages, a line each, the packages for a platform that this folder of modules has.
add_packages() {
  for package in "$1"/@openai/codex-linux-*; do
    if [ -e "$package" ] || [ -h "$package" ]; then packages=$packages$package$newline; fi
  done
}

# find_spoiled_part FILE: $spoiled, a part of what that script of Codex would start that is in the workspace: the package for the
# platform, wherever Node.js looks for it (also below the home and its own prefix), or a link in it.
find_spoiled_part() {
  packages=
  case $1 in */codex/bin/*) packages=${1%/*/*}$newline ;; esac
  above=$1
  while [ -n "$above" ]; do
    above=${above%/*}
    add_packages "$above/node_modules"
  done
  add_packages "${HOME-}/.node_modules"
  add_packages "${HOME-}/.node_libraries"
  node=$(PATH=$codex_path && command -v node) && node=$(real_file "$node") && add_packages "${node%/*/*}/lib/node"
  left=$packages
  while [ -n "$left" ]; do
    package=${left%%"$newline"*}
    left=${left#*"$newline"}
    if leads_into_workspace "$package" || holds_workspace "$(real_file "$package")"; then
      spoiled=$package
      return
    fi
    for part in "$package"/* "$package"/*/* "$package"/*/*/* "$package"/*/*/*/*; do
      if [ -h "$part" ] && in_workspace "$(real_file "$part")"; then
        spoiled=$part
        return
      fi
    done
  done
}

# add_codex ORIGIN FILE: adds it to $tmp/codexes, unless it is known or a part of it is in the workspace.
add_codex() {
  case $2 in *"$tab"* | *"$newline"*) return ;; esac
  real=$(real_file "$2")
  case $known_codexes in *":$real:"*) return ;; esac
  case $real in
    */node_modules/@openai/*)
      if holds_workspace "${real%%/node_modules/@openai/*}/node_modules/@openai"; then
        say passed "$2" 'a part of its package is inside the workspace'
        return
      fi
      ;;
  esac
  find_bundled "$real"
  case $real in *.js) if [ -z "$spoiled" ]; then find_spoiled_part "$real"; fi ;; esac
  if [ -n "$spoiled" ]; then
    say passed "$2" "it would start $spoiled, which is inside the workspace"
    return
  fi
  known_codexes=$known_codexes$real:
  printf '%s\t%s\n' "$1" "$2" >>"$tmp/codexes"
}

# is_newer EXTENSION EXTENSION: by the numbers of their versions.
is_newer() {
  newer=${1#*-} older=${2#*-}
  newer=${newer%%-*}. older=${older%%-*}.
  while [ -n "$newer" ]; do
    if [ "${newer%%.*}" -gt "${older%%.*}" ]; then return 0; fi
    if [ "${newer%%.*}" -ne "${older%%.*}" ]; then return 1; fi
    newer=${newer#*.} older=${older#*.}
  done
  return 1
} 2>/dev/null

# find_extension FOLDER: $extension, the version of the ChatGPT extension that an editor loads from this folder: the one in
# the editor's list, else the newest. The list is read only if it is a file of this folder outside the workspace: a pipe or
# a device may never end.
find_extension() {
  extension=
  list=$1/extensions.json
  if [ -f "$list" ] && [ ! -h "$list" ] && [ -r "$list" ] && ! leads_into_workspace "$list"; then
    extension=$(head -c 1000000 <"$list" | tr '{},' '\n\n\n' |
      sed -n 's/^[[:space:]]*"relativeLocation" *: *"\(openai\.chatgpt-[0-9A-Za-z.-]*\)"[[:space:]]*$/\1/p' | tail -n 1)
    if [ -n "$extension" ] && [ -x "$1/$extension/$of_extension" ]; then return; fi
    extension=
  fi
  for candidate in "$1"/openai.chatgpt-[0-9]*; do
    if [ ! -x "$candidate/$of_extension" ]; then continue; fi
    if [ -z "$extension" ] || is_newer "${candidate##*/}" "$extension"; then extension=${candidate##*/}; fi
  done
}

# add_extension FOLDER: the Codex of a ChatGPT extension, unless a part of it is in the workspace.
add_extension() {
  case $1 in /*) ;; *) return ;; esac
  program=$1/$of_extension
  if [ ! -f "$program" ] || [ ! -x "$program" ]; then return; fi
  real=$(real_file "$program")
  if leads_into_workspace "$1" || in_workspace "$program" || in_workspace "$real"; then
    say passed "$program" 'the extension is inside the workspace'
  elif holds_workspace "$(real_folder "$1")"; then
    say passed "$program" 'a part of the extension is inside the workspace'
  elif [ -n "$places" ] && [ -z "$mounts_read" ]; then
    say passed "$program" 'it may show the workspace: /proc/self/mountinfo cannot be read'
  else
    add_codex extension "$program"
  fi
}

# find_codexes … [-- EXTENSION…]: $tmp/codexes, a line each: ORIGIN FILE. The first on PATH, then those of the extensions that
# editors have loaded, then those of editors that are not there to be asked. A file that is reached in two ways counts once.
find_codexes() {
  known_codexes=:
  : >"$tmp/codexes"
  find_programs codex
  if IFS= read -r program <"$tmp/codex.found"; then add_codex path "$program"; fi
  of_extension=bin/linux-$(uname -m)/codex
  while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done
  if [ $# -gt 0 ]; then shift; fi
  asked=:
  for extension in "$@"; do
    asked=$asked${extension%/*}:
    add_extension "$extension"
  done
  set -- /vscode/extensions /vscode/*/extensions
  # As the editors have it.
  home=${HOME:-$user_home}
  for editor in $editor_folders; do set -- "$@" "${home%/}/$editor/extensions"; done
  for folder in "$@"; do
    case $asked in *":$folder:"*) continue ;; esac
    if [ ! -d "$folder" ]; then continue; fi
    find_extension "$folder"
    if [ -n "$extension" ]; then add_extension "$folder/$extension"; fi
  done
}

# look_at_codex ORIGIN FILE: its $codex, $bundled and $sandbox, and what it says about itself.
look_at_codex() {
  codex=$2 sandbox=''
  real=$(real_file "$codex")
  say fact "codex$which.origin" "$1"
  say fact "codex$which.path" "$codex"
  say fact "codex$which.real" "$real"
  run "$codex_seconds" "$codex" --version
  # The last line: what comes before it are warnings.
  say fact "codex$which.version" "$(tail -n 1 "$tmp/output")"
  find_bundled "$real"
  if [ -n "$bundled" ]; then say_bwrap "bwrap.bundled$which" "$bundled"; fi
  # `codex sandbox linux -- …` until about 0.145, `codex sandbox -- …` since; the new form takes `linux` for the program.
  run "$codex_seconds" "$codex" sandbox --help
  if printed '^  *linux'; then
    sandbox=linux
    # The old form does not heed sandbox_mode (0.120): this is its way to let commands write to the workspace.
    run "$codex_seconds" "$codex" sandbox linux --help
    if printed '--full-auto'; then sandbox='linux --full-auto'; fi
  fi
  say fact "codex$which.sandbox" "codex sandbox${sandbox:+ $sandbox} --"
}

# find_codex … [-- EXTENSION…]: looks at the first Codex; $codex is empty where there is none.
find_codex() {
  find_codexes "$@"
  codex='' bundled=''
  if IFS=$tab read -r origin program <"$tmp/codexes"; then look_at_codex "$origin" "$program"; fi
}

# The Codexes after the first: only what decides, since the rest is the same for all.
try_other_codexes() {
  nth=0
  while IFS=$tab read -r origin program; do
    nth=$((nth + 1))
    if [ "$nth" = 1 ]; then continue; fi
    if [ "$nth" -gt "$most_codexes" ]; then
      say passed "$program" "no more than $most_codexes Codexes are tried"
      continue
    fi
    which=.$nth
    look_at_codex "$origin" "$program"
    try_codex
  done <"$tmp/codexes"
  which=
}

# --- steps ----------------------------------------------------------------------------------------------------------

# ladder NAME BWRAP: the calls of bwrap by Codex, with one more thing at each step. All steps run, also after a failure: the
# last is the call that Codex makes first. The one before it is the call with which Codex tries again after a refused /proc.
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
  rm -rf -- "$tmp/workspace" "$tmp/outside"
  mkdir -- "$tmp/workspace"
  set -- -c 'sandbox_mode="workspace-write"'
  if [ "$network" = full ]; then set -- "$@" -c sandbox_workspace_write.network_access=true; fi
  # Such an entry stops a current Codex before bwrap starts, so nothing is created. A Codex with `sandbox linux` may ignore it
  # and would leave a .codex behind.
  if [ -n "$refuses" ] || { [ -n "$in_the_way" ] && [ -z "$sandbox" ]; }; then
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
  # Nothing runs by the caller's PATH before it is clean.
  given_path=${PATH-}
  PATH=$system_path
  if [ $# -gt 4 ]; then shift 4; else shift $#; fi
  trap 'clean_up; exit 143' TERM
  trap 'clean_up; exit 130' INT
  trap 'clean_up; exit 129' HUP
  trap clean_up EXIT
  say probe protocol 1
  clean_path "$@"
  # Without its last record the output counts as incomplete.
  if ! system_is_clean; then return 0; fi
  leave_links_out
  say_kernel
  read_only=
  say_mounts
  say_workspace
  say_entries
  say_system
  say_environments
  say_codex_home
  directory=/
  verify=
  true=/bin/true
  if [ ! -x "$true" ]; then true=/usr/bin/true; fi
  if make_temporary_folder; then
    find_system_bwrap
    find_codex "$@"
    if [ -n "$system" ]; then ladder system "$system"; fi
    if [ -n "$bundled" ]; then ladder bundled "$bundled"; fi
    if [ -z "$system$bundled" ]; then imitation; fi
    if [ -n "$codex" ]; then
      try_codex
      try_other_codexes
    else
      for name in run write-inside write-outside; do say skip "codex-$name" 'Codex is not installed'; done
    fi
  else
    say fact temporary_folder none
    for name in run write-inside write-outside; do
      say skip "codex-$name" 'no temporary folder is writable: /tmp, /var/tmp and /dev/shm were tried'
    done
  fi
  say probe done 1
}

# In one line with its end: a script that arrives cut short does nothing.
main "$@" && exit
