import assert from 'node:assert/strict';
import type { Sourced } from '../../../../src/model/container/container.js';
import type { Place } from '../../../../src/model/place.js';
import { foldOptions, type FoldedOptions } from '../../../../src/sources/options/fold.js';
import { tmpfsTarget } from '../../../../src/sources/options/mounts.js';
import { readRunArgs, type RunArgs } from '../../../../src/sources/options/runArgs.js';

/** The n-th argument stands on line n. */
function placeOf(line: number): Place {
  return { file: 'devcontainer.json', range: { start: { line, character: 0 }, end: { line, character: 9 } } };
}

function read(...args: string[]): FoldedOptions & Pick<RunArgs, 'problems'> {
  const { options, problems } = readRunArgs(args.map((text, index) => ({ text, place: placeOf(index) })));
  return { ...foldOptions(options), problems };
}

function values<T>(list: readonly Sourced<T>[]): (T | undefined)[] {
  return list.map((entry) => entry.value);
}

function lines(entry: Sourced<unknown> | undefined): number[] {
  return (entry?.places ?? []).flatMap((p) => [p.range.start.line, p.range.end.line]);
}

suite('sources/dockerRun', () => {
  test('takes a value from behind the equals sign or from the next argument', () => {
    const run = read('--cap-add=SYS_ADMIN', '--cap-add', 'NET_ADMIN');
    assert.deepEqual(values(run.capAdd), ['SYS_ADMIN', 'NET_ADMIN']);
    assert.deepEqual(run.capAdd.map(lines), [
      [0, 0],
      [1, 2],
    ]);
    assert.deepEqual(run.problems, []);
  });

  test('knows a capability in any case and with its prefix', () => {
    assert.deepEqual(values(read('--cap-add=cap_sys_admin', '--cap-drop', 'All').capAdd), ['SYS_ADMIN']);
    assert.deepEqual(values(read('--cap-add=cap_sys_admin', '--cap-drop', 'All').capDrop), ['ALL']);
  });

  test('says that docker does not split capabilities at commas', () => {
    const run = read('--cap-add=SYS_ADMIN,NET_ADMIN');
    assert.deepEqual(values(run.capAdd), ['SYS_ADMIN', 'NET_ADMIN']);
    assert.match(run.problems[0]?.message ?? '', /"SYS_ADMIN,NET_ADMIN" is not a capability/);
  });

  test('never takes a value for a flag', () => {
    const run = read('--name', '--privileged', '-e', '--cap-add=SYS_ADMIN', '--label', '-u');
    assert.equal(run.privileged, undefined);
    assert.deepEqual(run.capAdd, []);
    assert.equal(run.user, undefined);
    assert.deepEqual(run.problems, []);
  });

  test('never takes a flag for the value of a boolean', () => {
    assert.deepEqual(values(read('--init', '--cap-add=SYS_ADMIN', '--rm', '--cap-add', 'KILL').capAdd), [
      'SYS_ADMIN',
      'KILL',
    ]);
  });

  test('reads an unknown flag of a newer engine as pflag would most likely', () => {
    assert.deepEqual(values(read('--brand-new', 'value', '--cap-add=KILL').capAdd), ['KILL']);
    assert.deepEqual(values(read('--brand-new', '--cap-add=KILL').capAdd), ['KILL']);
    assert.deepEqual(read('--brand-new', 'value').problems, []);
  });

  for (const [args, expected] of [
    [['--privileged'], true],
    [['--privileged=true'], true],
    [['--privileged=T'], true],
    [['--privileged=1'], true],
    [['--privileged=false'], false],
    [['--privileged', '--privileged=0'], false],
    [['--privileged=false', '--privileged'], true],
  ] as const) {
    test(`reads ${args.join(' ')} as ${String(expected)}`, () => {
      assert.equal(read(...args).privileged?.value, expected);
    });
  }

  test('refuses a boolean that docker refuses', () => {
    const run = read('--privileged=yes');
    assert.equal(run.privileged, undefined);
    assert.equal(run.problems[0]?.kind, 'type');
    assert.deepEqual(run.problems[0].place, placeOf(0));
  });

  for (const args of [
    ['-u', 'node'],
    ['-u=node'],
    ['-unode'],
    ['-itu', 'node'],
    ['-itunode'],
    ['--user', 'node'],
    ['--user=node'],
    ['-u', 'root', '--user', 'node'],
  ]) {
    test(`reads the user from ${args.join(' ')}`, () => {
      assert.equal(read(...args).user?.value, 'node');
    });
  }

  test('keeps security options as they are written, in order', () => {
    const run = read('--security-opt', 'seccomp=unconfined', '--security-opt=apparmor:unconfined');
    assert.deepEqual(values(run.securityOpt), ['seccomp=unconfined', 'apparmor:unconfined']);
    assert.deepEqual(lines(run.securityOpt[0]), [0, 1]);
  });

  test('reads a read-only root file system and its tmpfs mounts', () => {
    const run = read(
      '--read-only',
      '--tmpfs',
      '/tmp:rw,size=1g',
      '--tmpfs=/run',
      '--mount',
      'type=tmpfs,dst=/home/node',
    );
    assert.equal(run.readOnly?.value, true);
    assert.deepEqual(values(run.tmpfs), ['/tmp:rw,size=1g', '/run', '/home/node']);
    assert.equal(read('--read-only=false').readOnly?.value, false);
  });

  test('reads the host side of a device', () => {
    assert.deepEqual(values(read('--device=/dev/fuse:/dev/fuse:rwm', '--device', '/dev/kvm').devices), [
      '/dev/fuse',
      '/dev/kvm',
    ]);
  });

  test('keeps the last user namespace mode', () => {
    assert.equal(read('--userns=host', '--userns', 'keep-id:uid=1000').userns?.value, 'keep-id:uid=1000');
    assert.equal(read('--init').userns, undefined);
  });

  test('ignores networks and what else does not matter', () => {
    const run = read('--network', 'host', '-it', '-v', '/a:/b', '-p8080:80', '--gpus=all');
    assert.deepEqual({ ...run, problems: [] }, { ...read(), problems: [] });
    assert.deepEqual(run.problems, []);
  });

  test('says that a flag and its value in one string are no flag', () => {
    const [problem] = read('--cap-add SYS_PTRACE').problems;
    assert.match(problem?.message ?? '', /two strings: "--cap-add", "SYS_PTRACE"/);
    assert.equal(problem?.kind, 'syntax');
  });

  test('says that a stray word is taken for the image, and reads on', () => {
    const run = read('SYS_ADMIN', '--cap-add=KILL');
    assert.match(run.problems[0]?.message ?? '', /takes "SYS_ADMIN" as its image/);
    assert.deepEqual(values(run.capAdd), ['KILL']);
  });

  test('says that a value is missing at the end', () => {
    assert.match(read('--init', '--cap-add').problems[0]?.message ?? '', /"--cap-add" has no value/);
  });

  test('says that an unknown short flag is unknown', () => {
    assert.match(read('-x').problems[0]?.message ?? '', /has no flag "-x"/);
  });

  test('stops at two dashes', () => {
    assert.deepEqual(read('--', '--privileged').privileged, undefined);
  });

  test('does not know what a variable of the machine adds, but takes its default', () => {
    const run = read('--cap-add=${localEnv:CAP}', '--user=${localEnv:USER:dev}', '--privileged=${localEnv:P}');
    assert.deepEqual(values(run.capAdd), [undefined]);
    assert.match(run.capAdd[0]?.why ?? '', /\$\{localEnv:CAP\} depends on the machine/);
    assert.equal(run.user?.value, 'dev');
    assert.equal(run.privileged?.value, undefined);
    assert.deepEqual(lines(run.privileged), [2, 2]);
  });

  test('reads mounts in docker spelling', () => {
    assert.equal(tmpfsTarget('type=tmpfs,target=/tmp'), '/tmp');
    assert.equal(tmpfsTarget('type=tmpfs,"destination=/home/x"'), '/home/x');
    assert.equal(tmpfsTarget('type=bind,source=/a,target=/tmp'), undefined);
    assert.equal(tmpfsTarget('type=tmpfs'), undefined);
  });
});
