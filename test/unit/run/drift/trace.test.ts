import assert from 'node:assert/strict';
import { CLONE_NEWUSER } from '../../../../src/model/bwrap/calls.js';
import { parseTrace } from '../../../run/drift/trace.js';

/** As strace -f writes it: Codex asks the bubblewrap on PATH for help and starts it, which forks and starts a program. */
const TRACE = String.raw`8     execve("/opt/codex/bin/codex", ["/opt/codex/bin/codex", "sandbox"], 0x7ff /* 3 vars */) = 0
8     io_uring_setup(1, 0x1)              = -1 EPERM (Operation not permitted)
8     clone(child_stack=NULL, flags=SIGCHLD) = 15
15    execve("/usr/bin/bwrap", ["/usr/bin/bwrap", "--help"], 0x7ff /* 4 vars */ <unfinished ...>
8     wait4(-1,  <unfinished ...>
15    <... execve resumed>)             = 0
15    keyctl(0)                           = 0
8     vfork( <unfinished ...>
16    execve("/proc/self/fd/3", ["bwrap", "--bind", "/tmp/.tmpAb12Cd", "say \"hi\"", "--", "/bin/sh"], 0x7ff /* 4 vars */) = 0
8     <... vfork resumed>)                = 16
16    clone(child_stack=NULL, flags=CLONE_NEWNS|CLONE_NEWUSER|SIGCHLD <unfinished ...>
17    mount(NULL, "/", NULL, MS_SLAVE, NULL) = 0
16    <... clone resumed>)                = 17
17    mount("proc", "/proc", "proc", 0, NULL) = 0
17    clone(child_stack=NULL, flags=SIGCHLD) = 18
18    pivot_root(".", ".")                = 0
18    execve("/bin/nothing", ["/bin/nothing"], 0x7ff /* 5 vars */) = -1 ENOENT (No such file or directory)
18    umount2(".", MNT_DETACH)            = 0
18    execve("/bin/sh", ["/bin/sh"], 0x7ff /* 5 vars */) = 0
18    reboot(1)                           = 0
18    +++ exited with 0 +++
`;

suite('drift: what a trace says of bubblewrap', () => {
  const { starts, calls } = parseTrace(TRACE);

  test('its arguments, but for a start that asks for help, with the random end of a name replaced', () => {
    assert.deepEqual(starts, [['--bind', '/tmp/.tmp*', 'say "hi"', '--', '/bin/sh']]);
  });

  test('what it and what it forks call, and neither what others do nor what the program does in its place', () => {
    assert.deepEqual(
      calls.map(({ name }) => name),
      ['clone', 'clone', 'mount', 'pivot_root', 'umount2'],
    );
  });

  test('whether a call asks for a user namespace', () => {
    assert.deepEqual(
      calls.filter(({ name }) => name === 'clone').map(({ args }) => args),
      [undefined, [CLONE_NEWUSER]],
    );
  });

  test('a trace without bubblewrap', () => {
    assert.deepEqual(parseTrace('8     getpid() = 8\n'), { starts: [], calls: [] });
  });
});
