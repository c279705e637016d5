import assert from 'node:assert/strict';
import { seccompProfileText } from '../../../../src/edits/seccompProfileText.js';
import { parseSeccompProfile } from '../../../../src/model/seccomp/profile.js';
import { DEADLY, NO_JSON, REFUSED, REFUSED_BY_NEWER, TAKEN } from './texts.js';

const problem = (text: string): string => {
  try {
    parseSeccompProfile(text);
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  return 'taken';
};

suite('reading a seccomp profile', () => {
  for (const [text, sentence] of Object.entries({ ...REFUSED, ...REFUSED_BY_NEWER, ...DEADLY })) {
    test(`refuses ${text}`, () => {
      assert.equal(problem(text), sentence);
    });
  }

  for (const text of NO_JSON) {
    test(`refuses ${JSON.stringify(text)}, which is no JSON`, () => {
      assert.match(problem(text), /^it is not valid JSON \([^]*JSON[^]*\)$/);
    });
  }

  for (const text of TAKEN) {
    test(`takes ${text}`, () => {
      assert.equal(problem(text), 'taken');
    });
  }

  for (const name of ['MIPS', 'MIPS64', 'MIPS64N32', 'PPC', 'PPC64', 'S390', 'S390X']) {
    test(`refuses the big-endian ${name}`, () => {
      assert.match(
        problem(`{"defaultAction":"SCMP_ACT_LOG","architectures":["SCMP_ARCH_${name}"]}`),
        /no Intel or ARM/,
      );
    });
  }

  test('takes every architecture, flag, action and operator that there is', () => {
    const architectures = 'X86 X86_64 X32 ARM AARCH64 MIPSEL MIPSEL64 MIPSEL64N32 PPC64LE RISCV64 LOONGARCH64';
    const flags = ['TSYNC', 'LOG', 'SPEC_ALLOW', 'WAIT_KILLABLE_RECV'].map((f) => `SECCOMP_FILTER_FLAG_${f}`);
    const actions = 'ALLOW ERRNO KILL KILL_THREAD KILL_PROCESS LOG TRACE TRAP'.split(' ');
    const ops = 'NE LT LE EQ GE GT MASKED_EQ'.split(' ').map((op) => ({ op: `SCMP_CMP_${op}` }));
    for (const action of actions) {
      const profile = {
        defaultAction: `SCMP_ACT_${action}`,
        architectures: architectures.split(' ').map((a) => `SCMP_ARCH_${a}`),
        flags,
        syscalls: actions.map((a) => ({ names: ['mount'], action: `SCMP_ACT_${a}`, args: ops })),
      };
      assert.deepEqual(parseSeccompProfile(JSON.stringify(profile)), profile);
    }
  });

  test('a listener makes NOTIFY possible', () => {
    const text =
      '{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/x","syscalls":[{"names":["a"],"action":"SCMP_ACT_NOTIFY"}]}';
    assert.equal(problem(text), 'taken');
  });

  test('the default’s error number has the same limit', () => {
    const text = (action: string): string => `{"defaultAction":"SCMP_ACT_${action}","defaultErrnoRet":4095}`;
    assert.equal(problem(text('ERRNO')), 'its "defaultErrnoRet" is 4095, above the largest error number, 4094');
    assert.equal(problem(text('ALLOW')), 'taken');
    assert.equal(problem('{"defaultErrnoRet":4095,"syscalls":[]}'), 'taken');
  });

  test('a rule that does what the default does may have any index and error number', () => {
    const text = (errnoRet: number): string =>
      `{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":5,"syscalls":[{"names":["a"],"action":"SCMP_ACT_ERRNO","errnoRet":${errnoRet},"args":[{"index":6,"op":"SCMP_CMP_EQ"}]}]}`;
    assert.equal(problem(text(5)), 'taken');
    assert.equal(problem(text(65541)), 'taken');
    assert.match(problem(text(1)), /six arguments/);
  });

  test('names properties as Docker’s documentation does, leaves out null, keeps what it does not know', () => {
    const text =
      '{"DefaultAction":"SCMP_ACT_LOG","x-note":{"a":[1.50,null]},"SYSCALLS":[{"Names":["a",null],"action":"SCMP_ACT_ALLOW","args":null,"includes":{"CAPS":null,"arches":["s390x"]}}],"archMap":null}';
    const profile = parseSeccompProfile(text);
    assert.equal(
      JSON.stringify(profile),
      '{"defaultAction":"SCMP_ACT_LOG","x-note":{"a":[1.5,null]},"syscalls":[{"names":["a",""],"action":"SCMP_ACT_ALLOW","includes":{"arches":["s390x"]}}]}',
    );
  });

  test('loses no digit, in reading or in writing', () => {
    const values = ['9007199254740991', '9007199254740993', '18446744073709551615', '007'];
    const text = (value: string): string =>
      `{"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["a"],"action":"SCMP_ACT_ALLOW","comment":"a \\"-1.5\\" 2","args":[{"index":1,"value":${value},"op":"SCMP_CMP_EQ"}]}]}`;
    const read = (value: string): unknown => parseSeccompProfile(text(value)).syscalls[0]?.args?.[0]?.value;
    assert.deepEqual(values.slice(0, 3).map(read), [2 ** 53 - 1, 2n ** 53n + 1n, 2n ** 64n - 1n]);
    assert.match(problem(text('007')), /^it is not valid JSON/);
    for (const value of values.slice(0, 3)) {
      const written = seccompProfileText(parseSeccompProfile(text(value)));
      assert.equal(written.replaceAll(/\s/g, ''), text(value).replaceAll(/\s/g, ''));
    }
  });

  test('the cause of bad JSON is the engine’s error', () => {
    assert.throws(
      () => parseSeccompProfile('{'),
      (error: Error) => error.cause instanceof SyntaxError,
    );
  });
});
