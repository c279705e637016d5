import assert from 'node:assert/strict';
import type { CheckJson } from '../../src/report/json.js';
import { MeasuredProgram } from './withinLimits.js';

type Files = Readonly<Record<string, string>>;

const CONFIGURATION = '.devcontainer/devcontainer.json';
const DOCKERFILE = '.devcontainer/Dockerfile';
const COMPOSE = 'compose.yml';
const TEMPLATE = 'devcontainer-template.json';
const BUILT = { build: { dockerfile: 'Dockerfile' } };
const IMAGE = { image: 'debian:12' };
const SERVICE = { dockerComposeFile: '../compose.yml', service: 'app' };

/** With these the sandbox works on debian:12, so that only what is not known can keep a prediction from saying so. */
const OPEN = { securityOpt: ['seccomp=unconfined', 'apparmor=unconfined'] };

function configured(properties: object, others: Files = {}): Files {
  return { [CONFIGURATION]: JSON.stringify({ ...OPEN, ...properties }), ...others };
}

function dockerfile(...lines: readonly string[]): Files {
  return configured(BUILT, { [DOCKERFILE]: ['FROM debian:12', ...lines, ''].join('\n') });
}

function compose(keys: string, others: Files = {}): Files {
  return configured(SERVICE, { [COMPOSE]: `services:\n  app:\n    image: debian:12\n${keys}`, ...others });
}

function many(count: number, of: (index: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, index) => of(index));
}

const TEN = '1 2 3 4 5 6 7 8 9 0';
const LOOPS = `for a in ${TEN}; do `.repeat(8);
const ENDLESS = `${LOOPS}true${'; done'.repeat(8)}`;
const LONG_VARIABLE = `ENV A=${'x'.repeat(32_000)}`;
const DOUBLING = `A=xxxxxxxx\n${'A=$A$A\n'.repeat(30)}`;
const OPENINGS = '${'.repeat(100_000);
const SLASHES = '/'.repeat(80_000);
const LONG_DEFAULT = { [TEMPLATE]: JSON.stringify({ options: { a: { default: 'x'.repeat(900_000) } } }) };
const USES_OF_DEFAULT = '${templateOption:a}'.repeat(500);
const DISTINCT = many(800, (i) => `CAP_${i}`);
const EQUAL = many(800, () => 'NET_ADMIN');

/** What cannot be followed to its end, so that what it does is not known. */
const UNKNOWN: Readonly<Record<string, Files>> = {
  'eight nested loops': dockerfile(`RUN ${LOOPS}`),
  'eight nested loops in postCreateCommand': configured({ ...IMAGE, postCreateCommand: ENDLESS }),
  'eight nested loops in a script of the workspace': configured(
    { ...IMAGE, postCreateCommand: 'bash a.sh' },
    { 'a.sh': ENDLESS },
  ),
  "eight nested loops in a Feature's script": configured(
    { ...IMAGE, features: { './a': {} } },
    { '.devcontainer/a/devcontainer-feature.json': '{ "id": "a" }', '.devcontainer/a/install.sh': ENDLESS },
  ),
  'eight nested loops in a script of a script': dockerfile(`RUN bash -c '${ENDLESS}'`),
  'eight nested loops in a here-document': dockerfile(`RUN bash <<EOF\n${ENDLESS}\nEOF`),
  'eight nested loops in 250 instructions': dockerfile(...many(250, () => `RUN ${ENDLESS}`)),
  'eight nested loops in 200 commands': configured({
    ...IMAGE,
    postCreateCommand: Object.fromEntries(many(200, String).map((name) => [name, ENDLESS])),
  }),
  'loops around if, while, case and braces': dockerfile(
    `RUN ${`for a in ${TEN}; do if true; then while true; do case a in a) { `.repeat(5)} true ${' ; };; esac; done; fi; done'.repeat(5)}`,
  ),
  'a long body of a loop': dockerfile(`RUN for a in ${many(200, String).join(' ')}; do ${'true; '.repeat(5000)} done`),
  'a function that calls itself': dockerfile(`RUN f() { ${'f; '.repeat(500)} }; f`),
  'functions that call each other': dockerfile(`RUN f() { ${'g; '.repeat(500)} }; g() { ${'f; '.repeat(500)} }; f`),
  eval: dockerfile(`RUN A='${'eval "$A"; '.repeat(500)}'; eval "$A"`),
  'eval in loops': dockerfile(`RUN A='for i in ${TEN}; do eval "$A"; done'; for i in ${TEN}; do eval "$A"; done`),
  'nested coprocesses': dockerfile(`RUN ${'coproc '.repeat(16_000)}`),
  'a long variable in one RUN': dockerfile(LONG_VARIABLE, `RUN echo ${'$A'.repeat(2000)}`),
  'a long variable in 2000 RUN': dockerfile(LONG_VARIABLE, ...many(2000, () => 'RUN echo $A')),
  'a long variable of the shell': dockerfile(`RUN A=${'x'.repeat(32_000)}; echo ${'$A'.repeat(2000)}`),
  'a long variable with defaults': dockerfile(LONG_VARIABLE, `RUN echo ${'${B:-$A}${A%x}'.repeat(2000)}`),
  'a long option of a template in a script': configured(
    { ...IMAGE, postCreateCommand: 'bash a.sh' },
    { 'a.sh': USES_OF_DEFAULT, ...LONG_DEFAULT },
  ),
  'a long option of a template in devcontainer.json': configured({ ...IMAGE, name: USES_OF_DEFAULT }, LONG_DEFAULT),
  'a long option of a template in a Dockerfile': configured(BUILT, {
    [DOCKERFILE]: `FROM debian:12\nRUN ${USES_OF_DEFAULT}\n`,
    ...LONG_DEFAULT,
  }),
  'a long option of a template in a Compose file': compose(`    # ${USES_OF_DEFAULT}\n`, LONG_DEFAULT),
  'an image out of openings of variables': configured({ image: OPENINGS }),
  'a variable of .env that doubles in the image': configured(SERVICE, {
    '.env': DOUBLING,
    [COMPOSE]: 'services: { app: { image: "$A" } }',
  }),
  'a long argument in FROM': configured(BUILT, {
    [DOCKERFILE]: `ARG A=${'x'.repeat(32_000)}\nFROM ${'$A'.repeat(40_000)}\n`,
  }),
  'a long build argument': configured(
    { build: { dockerfile: 'Dockerfile', args: { A: 'x'.repeat(900_000) } } },
    { [DOCKERFILE]: `ARG A\nFROM ${'$A'.repeat(10_000)}\nARG A\nRUN ${'$A'.repeat(10_000)}\n` },
  ),
  'an AppArmor profile that every object has': configured({
    ...IMAGE,
    securityOpt: ['seccomp=unconfined', 'apparmor=__proto__'],
  }),
  '800 capabilities': configured({ ...IMAGE, capAdd: DISTINCT }),
  '800 equal capabilities': configured({ ...IMAGE, capAdd: EQUAL }),
  '40,000 capabilities': configured({ ...IMAGE, capAdd: many(40_000, (i) => `CAP_${i}`) }),
  '800 capabilities, each on a line': {
    [CONFIGURATION]: JSON.stringify({ ...IMAGE, ...OPEN, capAdd: DISTINCT }, undefined, 2),
  },
  '800 capabilities in Compose': compose(`    cap_add: [${DISTINCT.join(', ')}]\n`),
  '800 capabilities in runArgs': configured({ ...IMAGE, runArgs: DISTINCT.map((name) => `--cap-add=${name}`) }),
  '800 equal capabilities in runArgs': configured({ ...IMAGE, runArgs: EQUAL.map((name) => `--cap-add=${name}`) }),
  '800 capabilities of a Feature': configured(
    { ...IMAGE, features: { './a': {} } },
    {
      '.devcontainer/a/devcontainer-feature.json': JSON.stringify({ id: 'a', capAdd: DISTINCT }),
      '.devcontainer/a/install.sh': '',
    },
  ),
};

/** What is as harmless as it is long or strange: it is judged, or what is not known does not matter to the sandbox. */
const JUDGED: Readonly<Record<string, Files>> = {
  'a negation of nothing': dockerfile('RUN ! && x', 'RUN if !; then x; fi', 'RUN while !; do x; done', 'RUN ! ! || x'),
  'a measurement of nothing': dockerfile('RUN time && x', 'RUN if time; then x; fi', 'RUN time ! && x'),
  'a negation of nothing in postCreateCommand': configured({ ...IMAGE, postCreateCommand: '! && x' }),
  'commands that every object has': dockerfile(
    'RUN constructor -x',
    'RUN toString -x',
    'RUN __proto__ -x',
    'RUN sudo hasOwnProperty install x; valueOf -g install x',
  ),
  'flags that every object has': configured(
    { ...SERVICE, runArgs: ['--constructor=x', '--__proto__=x', '--toString=x', '--cap-add=SYS_ADMIN'] },
    { [COMPOSE]: 'services: { app: { image: debian, constructor: x, toString: [1] } }' },
  ),
  'a long chain of prefixes': dockerfile(`RUN ${'sudo '.repeat(20_000)}`),
  'a long command substitution': dockerfile(`RUN chmod u+s $(readlink -f ${'a '.repeat(60_000)})`),
  'a package of many versions': dockerfile(`RUN apt-get install a${'-1'.repeat(60_000)}`),
  'a package of many signs': dockerfile(`RUN <<EOF\napt-get install "a${'='.repeat(60_000)}\n"\nEOF`),
  'options that end like a shell': configured({ ...IMAGE, postCreateCommand: `sh ${'-sh '.repeat(60_000)}` }),
  'paths without blanks between them': dockerfile(
    'RUN apt-get install -y bubblewrap',
    `RUN rm -rf ${'/var/lib/apt/lists'.repeat(40)} x && chmod u+s /usr/bin/bwrap`,
  ),
  'variables of .env that double': compose('    volumes: ["$A:/x"]\n', { '.env': DOUBLING }),
  'quoted variables of .env that double': compose('    volumes: ["$A:/x"]\n', {
    '.env': DOUBLING.replaceAll('$A$A', '"$A$A"'),
  }),
  'defaults of .env that double': compose('    volumes: ["$A:/x"]\n', {
    '.env': DOUBLING.replaceAll('$A$A', '${B:-$A$A}'),
  }),
  'a long variable in one ENV': dockerfile(LONG_VARIABLE, `ENV B=${'$A'.repeat(40_000)}`),
  'a long variable in 2000 ENV': dockerfile(LONG_VARIABLE, ...many(2000, (i) => `ENV B${i}=$A$A$A`)),
  'a long variable in USER': dockerfile(LONG_VARIABLE, `USER ${'$A'.repeat(40_000)}`),
  'a long variable in COPY': dockerfile(LONG_VARIABLE, `COPY ${'$A'.repeat(40_000)} /usr/bin/x`),
  'many variables': dockerfile(...many(10_000, (i) => `ENV A${i}=1`)),
  'variables of many stages': configured(BUILT, {
    [DOCKERFILE]: many(3000, (i) => `FROM ${i === 0 ? 'debian' : `a${i - 1}`} AS a${i}\nENV A${i}=1\n`).join(''),
  }),
  'openings of variables in remoteUser': configured({ ...IMAGE, remoteUser: OPENINGS }),
  'openings of variables in a security option': configured({ ...IMAGE, runArgs: ['--security-opt', OPENINGS] }),
  'openings of variables in a mount': configured({ ...IMAGE, mounts: [`type=tmpfs,target=${OPENINGS}`] }),
  'openings of variables in USER': dockerfile(`ARG A\nUSER ${'${A:-'.repeat(20_000)}`),
  'openings of variables in Compose': compose(
    `    volumes:\n${many(20, () => `      - '${'${A:-'.repeat(1900)}}'\n`).join('')}`,
  ),
  'slashes in a volume': compose(`    volumes: ["a:/proc${SLASHES}x:ro"]\n`),
  'slashes in a mount of Compose': compose(`    volumes: [{ type: bind, source: /a, target: "/proc${SLASHES}x" }]\n`),
  'slashes in workspaceFolder': configured({
    ...IMAGE,
    workspaceFolder: `${SLASHES}x`,
    workspaceMount: `source=/,target=${SLASHES}x`,
  }),
  'options of a template on one line': configured(
    { ...IMAGE, name: many(25_000, () => '${templateOption:a}').join(' '), capAdd: ['${templateOption:a}'] },
    { [TEMPLATE]: JSON.stringify({ options: { a: { default: 'SYS_ADMIN' } } }) },
  ),
  '800 equal capabilities in Compose': compose(`    cap_add:\n${EQUAL.map((name) => `      - ${name}\n`).join('')}`),
  'blanks before a line': {
    [CONFIGURATION]: `{ "image": "debian:12", ${' '.repeat(100_000)}"privileged": true, "capAdd": ["NET_ADMIN"] }`,
  },
  'comments that ignore rules': {
    [CONFIGURATION]: `{\n${'// codex-sandbox-ignore a-rule, seccomp-profile\n'.repeat(20_000)}"image": "debian:12" }`,
  },
  'a comment that ignores many rules': {
    [CONFIGURATION]: `{ // codex-sandbox-ignore ${'some-rule, '.repeat(50_000)}x\n"image": "debian:12" }`,
  },
  'a long choice of the repository': configured({
    ...IMAGE,
    customizations: {
      'codex-sandbox-check': {
        hosts: many(20_000, (i) => `docker-${i}`),
        rules: Object.fromEntries(many(10_000, (i) => [`rule-${i}`, 'off'])),
      },
    },
  }),
  'Codex in every line of a script': dockerfile(`RUN ${'codex x; '.repeat(12_000)}`),
  'comments before an instruction': configured(BUILT, {
    [DOCKERFILE]: `FROM debian:12\n${'#\n'.repeat(20_000)}ARG A\nUSER x\n`,
  }),
};

suite('input that is made to freeze or to crash', function () {
  let program: MeasuredProgram;

  suiteSetup(async () => {
    program = await MeasuredProgram.build();
  });
  suiteTeardown(() => {
    program.remove();
  });

  async function judged(files: Files): Promise<CheckJson['configurations'][number]> {
    const { out } = await program.run(['check', '--format', 'json'], files);
    const { configurations } = JSON.parse(out) as CheckJson;
    await program.run(['fix'], files);
    const [configuration] = configurations;
    assert.ok(configuration);
    return configuration;
  }

  for (const [name, files] of Object.entries(UNKNOWN)) {
    test(`${name}: unknown`, async () => {
      const { predictions } = await judged(files);
      assert.ok(
        predictions.some(({ outcome }) => outcome === 'unknown'),
        JSON.stringify(predictions),
      );
    });
  }

  for (const [name, files] of Object.entries(JUDGED)) {
    test(name, async () => {
      const { predictions, findings } = await judged(files);
      assert.ok(findings.length > 0 || predictions.some(({ outcome }) => outcome === 'unknown'));
    });
  }
});
