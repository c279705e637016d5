import assert from 'node:assert/strict';
import { installOf, requestOf, type AgentRequest } from '../../../../src/model/agent/request.js';
import { AGENTS, agentIn } from '../../../../src/model/agents/index.js';
import { SETUID_BWRAP_CAPABILITIES } from '../../../../src/model/container/capabilities.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { HOSTS, type Host } from '../../../../src/model/host.js';
import { obstaclesOn, undecidedOn } from '../../../../src/model/plan/obstacles.js';
import { plan } from '../../../../src/model/plan/plan.js';
import { givenAway, relaxation } from '../../../../src/model/plan/relaxations.js';
import { tailoredFor } from '../../../../src/model/plan/tailored.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { diagnose } from '../../../../src/model/sandbox/symptoms.js';
import { allowsCall } from '../../allowsCall.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';
import { MADE_UP, MADE_UP_REQUEST, MORE_NAMESPACES } from './madeUp.js';

const DESKTOP = HOSTS['docker-desktop'];
const PLACE = { file: 'x', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };
const RELAY = { installed: { relay: known(true) } };

/** A container in which nothing but /proc stands in the way of either agent. */
const OPEN = { ...RELAY, seccomp: known({ kind: 'unconfined' as const }), bwrap: bwrap('0.8.0') };
const UNMASKED = { ...OPEN, maskedPaths: known(false) };

function said(request: AgentRequest, changes: Partial<Container>, host: Host = DESKTOP): string {
  const { outcome, gate, undecided, error } = predict(containerWith(changes), host, request);
  return [outcome, gate ?? undecided, error].filter(Boolean).join(' | ');
}

suite('an agent of a folder and a line in the index', () => {
  const workspace = { path: '/w', refuses: 'EACCES' as const, present: [] };
  const forCodex = { kind: 'custom' as const, file: 'x', profile: tailoredFor(containerWith(), CODEX) };
  for (const [what, changes, codex, madeUp, host = DESKTOP] of [
    ['all is there', UNMASKED, 'works', 'works'],
    ['a masked /proc', OPEN, 'works', "fails | proc-mount | bwrap: Can't mount proc on /proc: Operation not permitted"],
    [
      'no bubblewrap',
      { ...UNMASKED, bwrap: containerWith().bwrap },
      'works',
      'fails | bwrap-available | made-up: bwrap: not found',
    ],
    [
      'a setuid bubblewrap without its capabilities',
      { ...UNMASKED, bwrap: bwrap('0.8.0', true) },
      'works',
      'fails | bwrap-privileges | bwrap: capset failed: Operation not permitted',
    ],
    [
      'no program',
      { ...UNMASKED, installed: { relay: known(false) } },
      'works',
      'fails | bwrap-available | made-up: no relay',
    ],
    ['perhaps no program', { ...UNMASKED, installed: {} }, 'works', 'unknown | bwrap-available'],
    [
      'a workspace of somebody else',
      { ...UNMASKED, workspace },
      "fails | writable-paths | bwrap: Can't mkdir /w/.git: Permission denied",
      'works',
    ],
    [
      'a read-only root',
      { ...UNMASKED, readOnlyRoot: known(true) },
      'fails | writable-paths | error building bubblewrap command: Read-only file system (os error 30)',
      'works',
    ],
    [
      'the profile that is enough for Codex',
      { ...UNMASKED, seccomp: known(forCodex) },
      'works',
      'fails | seccomp-userns | made-up: unshare: Operation not permitted',
    ],
  ] as const satisfies readonly (readonly [string, Partial<Container>, string, string, Host?])[]) {
    test(`${what}: Codex ${codex.split(' ', 1)[0] ?? ''}, Made Up ${madeUp.split(' ', 1)[0] ?? ''}`, () => {
      assert.deepEqual([said(CODEX, changes, host), said(MADE_UP_REQUEST, changes, host)], [codex, madeUp]);
    });
  }

  test('which namespaces it asks for decides where a host that restricts them stops it', () => {
    const { agent } = MADE_UP_REQUEST;
    const withoutNet: AgentRequest = {
      ...MADE_UP_REQUEST,
      agent: { ...agent, demands: (version) => ({ ...agent.demands(version), namespaces: ['pid'] }) },
    };
    const changes = { ...UNMASKED, apparmor: known({ kind: 'unconfined' as const }) };
    assert.match(said(MADE_UP_REQUEST, changes, HOSTS['docker-ubuntu']), /^fails \| loopback/);
    assert.match(said(withoutNet, changes, HOSTS['docker-ubuntu']), /^fails \| uid-map/);
  });

  test('its prediction bears its name and version', () => {
    const { agent, version } = predict(containerWith(OPEN), DESKTOP, MADE_UP_REQUEST);
    assert.deepEqual([agent, version], ['made-up', '1.2.0']);
  });

  test('obstacles: each once, also behind a program that is missing', () => {
    const closed = containerWith({ bwrap: bwrap('0.8.0'), installed: { relay: known(false) } });
    const met = obstaclesOn(closed, DESKTOP, MADE_UP_REQUEST).map(
      ({ gate, error }) => `${gate}: ${error.split(',', 1)[0] ?? ''}`,
    );
    assert.deepEqual(met, [
      'bwrap-available: made-up: no relay',
      'seccomp-userns: bwrap: No permissions to create new namespace',
      "proc-mount: bwrap: Can't mount proc on /proc: Operation not permitted",
    ]);
    assert.equal(undecidedOn(closed, DESKTOP, MADE_UP_REQUEST), undefined);
    const neither = containerWith({ installed: { relay: known(false) } });
    assert.deepEqual(
      obstaclesOn(neither, DESKTOP, MADE_UP_REQUEST).map((o) => o.error.split(',', 1)[0]),
      [
        'made-up: no relay',
        'made-up: bwrap: not found',
        'bwrap: No permissions to create new namespace',
        "bwrap: Can't mount proc on /proc: Operation not permitted",
      ],
    );
  });

  test('plan: the smallest set for it, under which it works', () => {
    const closed = containerWith({ ...RELAY });
    const ids = (request: AgentRequest): readonly string[] | undefined =>
      plan(closed, [DESKTOP], request)?.relaxations.map(({ id }) => id);
    assert.deepEqual(ids(CODEX), ['seccomp-tailored']);
    assert.deepEqual(ids(MADE_UP_REQUEST), ['bwrap-installed', 'seccomp-tailored', 'systempaths-unconfined']);
    const found = plan(closed, [DESKTOP], MADE_UP_REQUEST)?.relaxations ?? [];
    const after = found.reduce((container, r) => r.apply(container), closed);
    assert.equal(predict(after, DESKTOP, MADE_UP_REQUEST).outcome, 'works');
  });

  test('plan: a setuid bubblewrap loses the bit, none is removed for one that does not come along', () => {
    const setuid = { ...bwrap('0.8.0', true), setuid: known(true, PLACE), presence: known('present' as const, PLACE) };
    const closed = containerWith({ ...UNMASKED, bwrap: setuid });
    assert.deepEqual(
      plan(closed, [DESKTOP], MADE_UP_REQUEST)?.relaxations.map(({ id }) => id),
      ['bwrap-not-setuid'],
    );
    const six = SETUID_BWRAP_CAPABILITIES.map((name) => known(name));
    assert.equal(said(MADE_UP_REQUEST, { ...UNMASKED, bwrap: setuid, capAdd: six }), 'works');
  });

  test('plan: nothing in a container brings a program', () => {
    const closed = containerWith({ ...UNMASKED, installed: { relay: known(false) } });
    assert.equal(plan(closed, [DESKTOP], MADE_UP_REQUEST), undefined);
  });

  test('the tailored profile allows what it calls afterwards, and says whose it is', () => {
    const call = { name: 'unshare', args: [MORE_NAMESPACES] };
    const [own, codex] = [MADE_UP_REQUEST, CODEX].map((request) => tailoredFor(containerWith(), request));
    assert.deepEqual(
      [own, codex].map((profile) => profile && allowsCall(profile, call, new Set())),
      [true, false],
    );
    assert.match(JSON.stringify(own?.syscalls), /Made Up's sandbox/);
    assert.match(JSON.stringify(codex?.syscalls), /Codex's sandbox/);
  });

  test('a profile that refuses by name loses the refusal of what it calls afterwards, and keeps the rest', () => {
    const fail = { names: ['unshare', 'clone'], action: 'SCMP_ACT_ERRNO' };
    const profile = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [fail] };
    const closed = containerWith({ seccomp: known({ kind: 'custom', file: 'x', profile }) });
    const allowed = (request: AgentRequest, name: string): boolean =>
      allowsCall(tailoredFor(closed, request), { name, args: [MORE_NAMESPACES] }, new Set());
    assert.deepEqual([allowed(MADE_UP_REQUEST, 'unshare'), allowed(CODEX, 'unshare')], [true, false]);
    assert.deepEqual([allowed(MADE_UP_REQUEST, 'clone'), allowed(CODEX, 'clone')], [false, false]);
    assert.match(JSON.stringify(tailoredFor(closed, MADE_UP_REQUEST)), /bubblewrap \(Made Up\) does not need it/);
  });

  test('relaxations name it, its bubblewrap and its folder', () => {
    const old = { ...MADE_UP_REQUEST, version: '0.9.0' };
    const closed = containerWith({ ...UNMASKED, readOnlyRoot: known(true) });
    assert.equal(said(old, { ...UNMASKED, readOnlyRoot: known(true) }), 'fails | writable-paths | made-up: read-only');
    const tmpfs = relaxation('tmpfs-codex-home', old);
    assert.equal(tmpfs.title, 'a tmpfs on ~/.made-up');
    assert.deepEqual(tmpfs.apply(closed).tmpfs, [known('/home/vscode/.made-up:mode=1777')]);
    assert.deepEqual([tmpfs.applies(closed), tmpfs.applies(tmpfs.apply(closed))], [true, false]);
    assert.deepEqual(
      plan(closed, [DESKTOP], old)?.relaxations.map(({ id }) => id),
      ['tmpfs-codex-home'],
    );
    assert.match(relaxation('bwrap-removed', old).title, /^the bubblewrap that comes with Made Up /);
    assert.match(givenAway(['bwrap-removed'], old).join(), /comes with Made Up/);
    assert.match(givenAway(['bwrap-removed'], CODEX).join(), /comes with Codex/);
  });
});

suite('symptoms of another agent', () => {
  test('its own messages are its own', () => {
    assert.equal(diagnose('made-up: no relay', {}, MADE_UP)?.remedy, 'Install relay.');
    assert.equal(diagnose('made-up: no relay'), undefined);
  });

  test('what only it can say is tried first, what it goes on after last', () => {
    const [missing] = MADE_UP.symptoms.first;
    assert.ok(missing);
    const weak = { ...missing, pattern: /made-up: no cache/, gate: 'uid-map' as const, weak: true as const };
    const strong = { ...missing, pattern: /made-up: broken/, gate: 'loopback' as const };
    const agent = { ...MADE_UP, symptoms: { first: [missing], last: [weak, strong] } };
    const capset = 'bwrap: capset failed: Operation not permitted';
    const folder = "bwrap: Can't mkdir /w/x: Permission denied";
    for (const [said, gate] of [
      [`made-up: no relay; ${capset}`, 'bwrap-available'],
      [`made-up: broken; ${capset}`, 'bwrap-privileges'],
      [`made-up: broken; ${folder}`, 'loopback'],
      [`made-up: no cache; ${folder}`, 'writable-paths'],
      [`made-up: no cache\n${capset}`, 'bwrap-privileges'],
      ['made-up: no cache', 'uid-map'],
    ] as const) {
      assert.equal(diagnose(said, {}, agent)?.gate, gate, said);
    }
  });

  test('no bubblewrap is none on PATH, where it brings none', () => {
    assert.match(diagnose('sh: bwrap: not found', {}, MADE_UP)?.cause ?? '', /not on PATH\.$/);
    assert.match(diagnose('sh: bwrap: not found')?.cause ?? '', /none beside its own executable/);
  });

  for (const [uid, remedy] of [
    [0, /^Run Made Up as a user other than root and start the container with --security-opt=systempaths=unconfined/],
    [1000, /^Start the container with --security-opt=systempaths=unconfined \(Podman: unmask=\/proc\/\*\)\.$/],
    [
      undefined,
      /^Start the container with .*, but only if Made Up does not run as root\. For root, .* the host's kernel\.$/,
    ],
  ] as const) {
    test(`a refused /proc, uid ${String(uid)}: no word of a bubblewrap that comes along`, () => {
      const symptom = diagnose("bwrap: Can't mount proc on /proc: Operation not permitted", { uid }, MADE_UP);
      assert.match(symptom?.remedy ?? '', remedy);
      assert.match(symptom?.cause ?? '', /the kernel refuses the sandbox a fresh \/proc\.$/);
    });
  }

  test('a refused /proc is final for who does not try again', () => {
    const text = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted\nbwrap: capset failed: x";
    assert.equal(diagnose(text, {}, MADE_UP)?.gate, 'proc-mount');
    assert.equal(diagnose(text)?.gate, 'bwrap-privileges');
  });

  test('remedies name it', () => {
    const remedy = (text: string): string => diagnose(text, {}, MADE_UP)?.remedy ?? '';
    assert.match(
      remedy('bwrap: setting up uid map: Operation not permitted'),
      /or run Made Up as a user other than root/,
    );
    assert.match(
      remedy('bwrap: capset failed: Operation not permitted'),
      /^Remove the setuid bit \(chmod u-s on bwrap\)[^.]*\.$/,
    );
    assert.match(remedy("bwrap: Can't mkdir /w/x: Permission denied"), /Run Made Up as the owner of the folder/);
    const { cause = '' } = diagnose("bwrap: Can't mkdir /w/x: Read-only file system", {}, MADE_UP) ?? {};
    assert.match(cause, /create the protected entries that are missing there\.$/);
  });
});

suite('which agent a container is judged for', () => {
  const installs = (id: string, version?: string): Container =>
    containerWith({ agents: { [id]: known({ version, bundledBwrap: false }) } });

  test('the first that the files install, else the first of the index', () => {
    assert.equal(agentIn(installs('made-up'), [CODEX.agent, MADE_UP]), MADE_UP);
    assert.equal(agentIn(installs('codex'), [MADE_UP, CODEX.agent]), CODEX.agent);
    assert.equal(agentIn(containerWith({ agents: {} }), [MADE_UP, CODEX.agent]), MADE_UP);
    assert.equal(agentIn(installs('made-up')), AGENTS[0]);
  });

  test('of each there is one', () => {
    assert.equal(new Set(AGENTS.map(({ id }) => id)).size, AGENTS.length);
  });

  test('as it is installed, else as it usually is', () => {
    const plain = requestOf(MADE_UP, containerWith(), 'full');
    assert.deepEqual(plain, { ...MADE_UP_REQUEST, network: 'full' });
    assert.equal(requestOf(CODEX.agent, containerWith({ agents: {} }), 'full').bundledBwrap, true);
    assert.equal(requestOf(MADE_UP, installs('made-up', '0.3'), 'full').version, '0.3');
    assert.equal(requestOf(MADE_UP, installs('made-up', '0.3'), 'full', '0.4').version, '0.4');
    assert.equal(requestOf(CODEX.agent, installs('codex'), 'full').bundledBwrap, false);
  });

  test('what the files do not speak of they do not install', () => {
    assert.equal(installOf(containerWith(), MADE_UP).value, null);
    const doubtful = containerWith({ agents: { 'made-up': unknown('x') } });
    assert.equal(installOf(doubtful, MADE_UP).value, undefined);
  });
});
