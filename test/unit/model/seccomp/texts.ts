/**
 * Texts of seccomp profiles that Docker takes or refuses: the unit test asks the parser, test/container/seccompRefusals.test.ts
 * the real Docker. Never put null into a list of objects here: Docker 20.10 dies of it.
 */

const ALLOW = '"defaultAction":"SCMP_ACT_ALLOW"';
const MOUNT = '"names":["mount"],"action":"SCMP_ACT_ERRNO"';
const rules = (rule: string, more = ''): string => `{${ALLOW},${more}"syscalls":[${rule}]}`;
const mount = (more: string): string => rules(`{${MOUNT},${more}}`);
const arg = (argument: string): string => mount(`"args":[${argument}]`);
const top = (more: string): string => rules(`{${MOUNT}}`, `${more},`);
const EVER = 'a whole number from 0 to 18446744073709551615';

/** What is the matter, in the parser's words, by text. */
export const REFUSED: Readonly<Record<string, string>> = {
  '': 'it is empty',
  ' \n': 'it is empty',
  [`\uFEFF${mount('"errnoRet":1')}`]: 'it begins with a byte order mark, which Docker does not accept',
  '[]': 'it is not a JSON object',
  '"x"': 'it is not a JSON object',
  '1': 'it is not a JSON object',
  '1.5': 'it is not a JSON object',
  true: 'it is not a JSON object',
  '{"syscalls":{}}': 'its "syscalls" is an object, not an array',
  '{"syscalls":"x"}': 'its "syscalls" is a string, not an array',
  [rules('"mount"')]: 'its "syscalls[0]" is a string, not an object',
  [rules(`{${MOUNT}},[]`)]: 'its "syscalls[1]" is an array, not an object',
  [rules('1.5')]: 'its "syscalls[0]" is 1.5, not an object',
  [rules('{}')]: 'its "syscalls[0]" has no "action"',
  [rules('{"names":["mount"],"action":null}')]: 'its "syscalls[0]" has no "action"',
  [rules('{"names":["mount"],"action":""}')]: 'its "syscalls[0]" has no "action"',
  [rules('{"names":["mount"],"action":"SCMP_ACT_DENY"}')]:
    'its "syscalls[0]" has the "action" "SCMP_ACT_DENY", which is not a seccomp action',
  [rules('{"names":["mount"],"action":"XSCMP_ACT_ALLOW"}')]:
    'its "syscalls[0]" has the "action" "XSCMP_ACT_ALLOW", which is not a seccomp action',
  [rules('{"names":["mount"],"action":"SCMP_ACT_ALLOWX"}')]:
    'its "syscalls[0]" has the "action" "SCMP_ACT_ALLOWX", which is not a seccomp action',
  [rules('{"names":[],"action":"X"}')]: 'its "syscalls[0]" has the "action" "X", which is not a seccomp action',
  [rules('{"names":["mount"],"action":1}')]: 'its "syscalls[0].action" is a number, not a string',
  [rules('{"names":["mount"],"action":"X","includes":{"caps":[],"arches":null,"minKernel":""}}')]:
    'its "syscalls[0]" has the "action" "X", which is not a seccomp action',
  [rules('{"names":"mount","action":"SCMP_ACT_ERRNO"}')]: 'its "syscalls[0].names" is a string, not an array',
  [rules('{"names":[1],"action":"SCMP_ACT_ERRNO"}')]: 'its "syscalls[0].names[0]" is a number, not a string',
  [rules('{"names":["mount",null],"action":"SCMP_ACT_ERRNO"}')]: 'its "syscalls[0]" has an empty name',
  [rules('{"names":[""],"action":"SCMP_ACT_ALLOW"}')]: 'its "syscalls[0]" has an empty name',
  [rules('{"name":false,"action":"SCMP_ACT_ERRNO"}')]: 'its "syscalls[0].name" is false, not a string',
  [rules('{"name":"mount","names":["mount"],"action":"SCMP_ACT_ERRNO"}')]:
    'its "syscalls[0]" has both "name" and "names"',
  [rules('{"names":["mount"],"action":"SCMP_ACT_NOTIFY"}')]:
    'its "syscalls[0]" has the "action" SCMP_ACT_NOTIFY, which needs a "listenerPath"',
  '{"defaultAction":"SCMP_ACT_NOTIFY"}': 'its "defaultAction" is SCMP_ACT_NOTIFY, which only rules may have',
  [`{"syscalls":[{${MOUNT}}]}`]: 'it has no "defaultAction"',
  [`{"defaultAction":"","syscalls":[{${MOUNT}}]}`]: 'it has no "defaultAction"',
  '{"defaultAction":1}': 'its "defaultAction" is a number, not a string',
  '{"defaultAction":"X"}': 'its "defaultAction" is "X", which is not a seccomp action',
  '{"DEFAULTACTION":"X"}': 'its "defaultAction" is "X", which is not a seccomp action',
  '{"defaultAction":"SCMP_ACT_ALLOW","defaultAction":"X"}': 'its "defaultAction" is "X", which is not a seccomp action',
  [mount('"errnoRet":4095')]: 'the "errnoRet" of its "syscalls[0]" is 4095, above the largest error number, 4094',
  [mount('"errnoRet":65535')]: 'the "errnoRet" of its "syscalls[0]" is 65535, above the largest error number, 4094',
  [mount('"errnoRet":18446744073709551616')]: `its "syscalls[0].errnoRet" is 18446744073709551616, not ${EVER}`,
  [mount('"errnoRet":-1')]: `its "syscalls[0].errnoRet" is -1, not ${EVER}`,
  [mount('"errnoRet":"EPERM"')]: `its "syscalls[0].errnoRet" is a string, not ${EVER}`,
  [mount('"errnoRet":1.0')]: `its "syscalls[0].errnoRet" is 1.0, not ${EVER}`,
  [mount('"comment":1')]: 'its "syscalls[0].comment" is a number, not a string',
  [mount('"args":{}')]: 'its "syscalls[0].args" is an object, not an array',
  [mount('"args":["x"]')]: 'its "syscalls[0].args[0]" is a string, not an object',
  [arg('{"index":3,"value":"0x80000","op":"SCMP_CMP_EQ"}')]: `its "syscalls[0].args[0].value" is a string, not ${EVER}`,
  [arg('{"index":3,"value":1.5,"op":"SCMP_CMP_EQ"}')]: `its "syscalls[0].args[0].value" is 1.5, not ${EVER}`,
  [arg('{"index":3,"value":1e3,"op":"SCMP_CMP_EQ"}')]: `its "syscalls[0].args[0].value" is 1e3, not ${EVER}`,
  [arg('{"index":3,"value":-0,"op":"SCMP_CMP_EQ"}')]: `its "syscalls[0].args[0].value" is -0, not ${EVER}`,
  [arg('{"index":3,"value":[1],"op":"SCMP_CMP_EQ"}')]: `its "syscalls[0].args[0].value" is an array, not ${EVER}`,
  [arg('{"index":3,"valueTwo":{},"op":"SCMP_CMP_EQ"}')]: `its "syscalls[0].args[0].valueTwo" is an object, not ${EVER}`,
  [arg('{"index":"0","value":1,"op":"SCMP_CMP_EQ"}')]: `its "syscalls[0].args[0].index" is a string, not ${EVER}`,
  [arg('{"index":6,"value":1,"op":"SCMP_CMP_EQ"}')]:
    'its "syscalls[0]" has the "index" 6: a system call has six arguments, 0 to 5',
  [arg('{"index":18446744073709551615,"value":1,"op":"SCMP_CMP_EQ"}')]:
    'its "syscalls[0]" has the "index" 18446744073709551615: a system call has six arguments, 0 to 5',
  [arg('{"index":0,"value":1}')]: 'its "syscalls[0]" has the "op" "", which is not a seccomp operator',
  [arg('{"index":0,"value":1,"op":"eq"}')]: 'its "syscalls[0]" has the "op" "eq", which is not a seccomp operator',
  [arg('{"index":0,"value":1,"op":"SCMP_CMP_EQX"}')]:
    'its "syscalls[0]" has the "op" "SCMP_CMP_EQX", which is not a seccomp operator',
  [arg('{"index":0,"value":1,"op":"XSCMP_CMP_EQ"}')]:
    'its "syscalls[0]" has the "op" "XSCMP_CMP_EQ", which is not a seccomp operator',
  [arg('{"index":0,"value":1,"op":1}')]: 'its "syscalls[0].args[0].op" is a number, not a string',
  [rules('{"names":["mount"],"action":"SCMP_ACT_ALLOW","args":[{"op":"X"}]}')]:
    'its "syscalls[0]" has the "op" "X", which is not a seccomp operator',
  [mount('"includes":[]')]: 'its "syscalls[0].includes" is an array, not an object',
  [mount('"excludes":"x"')]: 'its "syscalls[0].excludes" is a string, not an object',
  [mount('"includes":{"caps":"CAP_X"}')]: 'its "syscalls[0].includes.caps" is a string, not an array',
  [mount('"includes":{"arches":[true]}')]: 'its "syscalls[0].includes.arches[0]" is true, not a string',
  [mount('"includes":{"minKernel":4.8}')]: 'its "syscalls[0].includes.minKernel" is 4.8, not a string',
  ...Object.fromEntries(
    ['4', '4.8.1', '4.256', '256.1', '0.0', '00.0', 'v4.8', '4.8x', '4.'].map((version) => [
      mount(`"excludes":{"minKernel":"${version}"}`),
      `its "syscalls[0].excludes.minKernel" is "${version}", not of the form <kernel>.<major> as in 5.10`,
    ]),
  ),
  [top('"architectures":["SCMP_ARCH_X86_64"],"archMap":[{"architecture":"SCMP_ARCH_X86_64"}]')]:
    'it has both "architectures" and "archMap"',
  [`{${ALLOW},"architectures":["SCMP_ARCH_X86"],"archMap":[{}]}`]: 'it has both "architectures" and "archMap"',
  [top('"architectures":["amd64"]')]: 'it names the architecture "amd64", which seccomp does not know',
  [top('"architectures":["SCMP_ARCH_X86_64X"]')]:
    'it names the architecture "SCMP_ARCH_X86_64X", which seccomp does not know',
  [top('"architectures":["XSCMP_ARCH_X86_64"]')]:
    'it names the architecture "XSCMP_ARCH_X86_64", which seccomp does not know',
  [top('"architectures":["SCMP_ARCH_X86","SCMP_ARCH_S390X"]')]:
    'it names the architecture SCMP_ARCH_S390X, which no Intel or ARM machine can filter',
  [top('"architectures":"SCMP_ARCH_X86_64"')]: 'its "architectures" is a string, not an array',
  [top('"archMap":"x"')]: 'its "archMap" is a string, not an array',
  [top('"archMap":["x"]')]: 'its "archMap[0]" is a string, not an object',
  [top('"archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["FOO"]}]')]:
    'it names the architecture "FOO", which seccomp does not know',
};

/** No JSON: what follows in brackets is the engine's own word. */
export const NO_JSON: readonly string[] = [
  '\u0000\u0001',
  rules(`{${MOUNT},}`),
  '// x\n{}',
  '{}{}',
  '{} x',
  "{'a':1}",
  '{',
  arg('{"index":3,"value":0x10,"op":"SCMP_CMP_EQ"}'),
  mount('"comment":"a\tb"'),
];

/** Refused by newer engines, as their sources say (moby/profiles); Docker 20.10 does not look at these and starts. */
export const REFUSED_BY_NEWER: Readonly<Record<string, string>> = {
  [rules(`{${MOUNT}},{"name":"mount","names":["mount"],"action":"X","includes":{"arches":["s390x"]}}`)]:
    'its "syscalls[1]" has both "name" and "names"',
  [top('"flags":"X"')]: 'its "flags" is a string, not an array',
  [top('"flags":["X"]')]: 'its "flags" has "X", which is not a seccomp flag',
  [top('"listenerPath":1')]: 'its "listenerPath" is a number, not a string',
  [top('"defaultErrnoRet":-1')]: `its "defaultErrnoRet" is -1, not ${EVER}`,
};

/** Kills Docker 20.10 (seen for the first): nothing to be tried. */
export const DEADLY: Readonly<Record<string, string>> = {
  [arg('null')]: 'its "syscalls[0].args[0]" is null, not an object',
  [rules('null')]: 'its "syscalls[0]" is null, not an object',
};

/** Docker starts a container with these. */
export const TAKEN: readonly string[] = [
  'null',
  '{}',
  '{"defaultAction":""}',
  '{"defaultAction":null}',
  '{"syscalls":null}',
  '{"architectures":["SCMP_ARCH_X86"],"archMap":[{}]}',
  '{"defaultAction":"SCMP_ACT_LOG"}',
  `{"syscalls":[{${MOUNT},"includes":{"arches":["s390x"]}}]}`,
  '{"defaultAction":"X","defaultAction":"SCMP_ACT_ALLOW"}',
  '{"DEFAULTACTION":"SCMP_ACT_ALLOW","Syscalls":[{"Names":["mount"],"Action":"SCMP_ACT_ERRNO"}]}',
  rules('{"action":"SCMP_ACT_ERRNO"}'),
  rules('{"names":null,"action":"SCMP_ACT_NOTIFY","errnoRet":4096,"args":[{"index":6,"op":"X"}]}'),
  rules('{"name":"mount","names":[],"action":"SCMP_ACT_ERRNO"}'),
  rules('{"name":"","names":["mount"],"action":"SCMP_ACT_ERRNO"}'),
  rules('{"names":["nosuchcall"],"action":"SCMP_ACT_ERRNO"}'),
  rules('{"names":["mount"],"action":"SCMP_ACT_ALLOW","args":[{"index":6,"op":"SCMP_CMP_EQ"}]}'),
  rules('{"names":["mount"],"action":"SCMP_ACT_TRACE","errnoRet":4096}'),
  rules('{"names":["mount"],"action":"X","includes":{"arches":["s390x"]}}'),
  rules('{"names":["mount"],"action":"X","excludes":{"minKernel":"4.8"}}'),
  rules('{"names":["mount"],"action":"X","includes":{"caps":["CAP_NOSUCH"]}}'),
  rules('{"names":["mount"],"action":"SCMP_ACT_NOTIFY","includes":{"arches":["s390x"]}}'),
  mount('"errnoRet":0'),
  mount('"errnoRet":4094'),
  mount('"errnoRet":65537'),
  mount('"errnoRet":1099511627776'),
  mount('"errnoRet":null,"includes":null,"args":null,"comment":null'),
  mount('"includes":{"caps":null,"arches":[null],"minKernel":null}'),
  ...['', '0.1', '4.08', '255.255'].map((version) => mount(`"includes":{"minKernel":"${version}"}`)),
  mount('"errno":"EPERM","note":{"size":1.5,"big":18446744073709551616}'),
  arg('{"index":5,"value":18446744073709551615,"valueTwo":9007199254740993,"op":"SCMP_CMP_MASKED_EQ"}'),
  arg('{"index":null,"value":null,"op":"SCMP_CMP_EQ"}'),
  top('"architectures":["SCMP_ARCH_AARCH64","SCMP_ARCH_AARCH64"]'),
  top('"archMap":[null,{"architecture":"SCMP_ARCH_AARCH64","subArchitectures":["FOO"]}]'),
  top('"archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":null}]'),
];
