import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { known } from '../../../src/model/container/container.js';
import { HOSTS } from '../../../src/model/host.js';
import { predict } from '../../../src/model/sandbox/predict.js';
import { readEngineInfo } from '../../../src/probe/engineInfo.js';
import {
  environmentsNamed,
  environmentsOfEngine,
  environmentsShown,
  inEnvironments,
  surroundingAgent,
} from '../../../src/probe/environments.js';
import { symptomFacts } from '../../../src/probe/facts.js';
import { parseProbe } from '../../../src/probe/parse.js';
import { hostFromFacts } from '../../../src/probe/localHost.js';
import { readLocalHost } from '../../../src/probe/readLocalHost.js';
import { probeReport } from '../../../src/probe/text.js';
import { PATIENCE_MS } from '../../run/patience.js';
import { judge } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { CODEX, containerWith } from '../containers.js';
import { memoryFiles } from '../memoryFiles.js';
import { DEBIAN_12, DOCKER_DESKTOP } from './engines.js';
import { observe } from './records.js';

const SCRIPT = readFileSync(new URL('../../../media/probe.sh', import.meta.url), 'utf8');
/** What the script asks for the name of the kernel. */
const RELEASE = 'cat /proc/sys/kernel/osrelease';
const HOST = HOSTS['docker-desktop'];

/** The script on a machine with this kernel. */
function onKernel(kernel: string): string {
  return SCRIPT.replace(RELEASE, `echo ${kernel}`);
}

type Variables = Readonly<Record<string, string>>;

/** Variables, the kernel that shows WSL, and what is shown. */
const SHOWN: readonly (readonly [Variables, string])[] = [
  [{}, ''],
  [{ GITHUB_ACTIONS: 'true' }, 'github-actions'],
  [{ GITHUB_ACTIONS: 'false', CODESPACES: 'no', GITHUB_ACTION: 'true' }, ''],
  [{ CODESPACES: 'true' }, 'codespaces'],
  [{ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'kubernetes'],
  [{ KUBERNETES_SERVICE_HOST: '', SANDBOX_RUNTIME: '', CODEX_SANDBOX: '', WSL_DISTRO_NAME: '' }, ''],
  [{ WSL_DISTRO_NAME: 'Ubuntu' }, 'wsl'],
  [{ SANDBOX_RUNTIME: '1' }, 'claude-code-sandbox'],
  [{ CODEX_SANDBOX_NETWORK_DISABLED: '1' }, 'codex-sandbox'],
  [{ CODEX_SANDBOX: 'seatbelt' }, 'codex-sandbox'],
  [
    { KUBERNETES_SERVICE_HOST: 'x', GITHUB_ACTIONS: 'true', SANDBOX_RUNTIME: '1' },
    'github-actions kubernetes claude-code-sandbox',
  ],
];

const idsOf = (environments: readonly { readonly id: string }[]): string => environments.map(({ id }) => id).join(' ');

suite('what a machine or a container shows to be part of', () => {
  for (const [variables, expected] of SHOWN) {
    const words = Object.entries(variables).map((entry) => entry.join('='));
    test(`${words.join(' ') || 'nothing'}: ${expected || 'nothing'}`, () => {
      assert.equal(idsOf(environmentsShown(variables, '6.1.0-40-amd64')), expected);
      const { stdout } = spawnSync('/bin/sh', ['-s', '--', 'n', '/'], {
        input: onKernel('6.1.0-40-amd64'),
        encoding: 'utf8',
        timeout: PATIENCE_MS,
        env: { PATH: '/nonexistent', HOME: '/', ...variables },
      });
      assert.equal(idsOf(parseProbe(stdout, 'n').facts.environments), expected);
      for (const value of ['10.0.0.1', 'Ubuntu', 'seatbelt']) assert.ok(!stdout.includes(value), value);
    });
  }

  test('the kernel of WSL', () => {
    for (const kernel of ['5.15.167.4-microsoft-standard-WSL2', '4.4.0-19041-Microsoft']) {
      assert.equal(idsOf(environmentsShown({}, kernel)), 'wsl', kernel);
    }
    assert.equal(idsOf(environmentsShown({ WSL_DISTRO_NAME: 'x' }, null)), 'wsl');
  });

  test('the kernel of WSL, in a container', () => {
    assert.ok(SCRIPT.includes(RELEASE));
    for (const [kernel, expected] of [
      ['5.15.167.4-microsoft-standard-WSL2', 'wsl'],
      ['4.4.0-19041-Microsoft', 'wsl'],
      ['6.1.0-40-amd64', ''],
    ] as const) {
      const input = onKernel(kernel);
      const options = { input, encoding: 'utf8', timeout: PATIENCE_MS, env: { PATH: '/nonexistent' } } as const;
      const { stdout } = spawnSync('/bin/sh', ['-s', '--', 'n', '/'], options);
      assert.equal(idsOf(parseProbe(stdout, 'n').facts.environments), expected, kernel);
    }
  });

  test('Rancher Desktop, by what its Docker says', () => {
    const engine = (changes: object): string =>
      idsOf(environmentsOfEngine(readEngineInfo(JSON.stringify({ ...JSON.parse(DEBIAN_12), ...changes }))));
    assert.equal(engine({ Name: 'lima-rancher-desktop' }), 'rancher-desktop');
    assert.equal(engine({ OperatingSystem: 'Rancher Desktop WSL Distribution' }), 'rancher-desktop');
    assert.equal(engine({ Name: 'rancher-desktops' }), '');
    assert.equal(engine({}), '');
    assert.equal(idsOf(environmentsOfEngine(undefined)), '');
  });

  test('the agent whose sandbox is around', () => {
    assert.equal(surroundingAgent(environmentsNamed(['wsl', 'claude-code-sandbox'])), 'Claude Code');
    assert.equal(surroundingAgent(environmentsNamed(['codex-sandbox'])), 'Codex');
    assert.equal(surroundingAgent(environmentsNamed(['wsl', 'github-actions', 'nonsense'])), null);
    const { facts } = observe(['fact', 'environments', 'wsl codex-sandbox']);
    assert.equal(symptomFacts(facts).insideSandbox, 'Codex');
    assert.equal(symptomFacts(observe().facts).insideSandbox, null);
  });

  test('the report says what follows, in one sentence each', () => {
    const all = 'github-actions codespaces kubernetes wsl rancher-desktop claude-code-sandbox codex-sandbox';
    const { facts } = observe(['fact', 'environments', `${all} /etc/passwd`]);
    assert.equal(idsOf(facts.environments), all);
    for (const { follows } of facts.environments) {
      assert.match(follows, /^[A-Z][^.]*(?:\.04[^.]*)*\.$/);
      assert.ok(follows.split(' ').length <= 20, follows);
    }
    const report = probeReport(observe(['fact', 'environments', 'codespaces']));
    assert.match(
      report,
      /\n {2}Environment +GitHub Codespaces: Nobody measured what the host .* so run the probe in the codespace\.\n/,
    );
    assert.doesNotMatch(probeReport(observe()), /Environment/);
  });
});

suite('this machine in an environment', () => {
  const OPEN = containerWith({ seccomp: known({ kind: 'unconfined' }) });
  const outcome = (host: typeof HOST, container = OPEN): string => predict(container, host, CODEX).outcome;

  test('what was measured is predicted, and what follows is said', () => {
    const host = inEnvironments(HOST, environmentsNamed(['github-actions', 'wsl', 'rancher-desktop', 'codex-sandbox']));
    assert.equal(outcome(host), 'works');
    assert.match(host.description, /\. GitHub Actions: Its .*\. WSL: The .*\. The sandbox of Codex: This .*\.$/);
    assert.equal(inEnvironments(HOST, []), HOST);
  });

  test('nothing is foretold of machines that nobody measured', () => {
    for (const id of ['codespaces', 'kubernetes']) {
      const host = inEnvironments(HOST, environmentsNamed([id]));
      assert.equal(outcome(host), 'unknown', id);
      assert.match(host.description, /run the probe in the (?:codespace|pod)\.$/);
      // The default profile blocks it on each host that was measured; whether this one has it is not known.
      assert.equal(outcome(host, containerWith()), 'unknown', id);
    }
  });

  test('the hint says why and what to do', async () => {
    const [configuration] = await readConfigurations(memoryFiles({ '.devcontainer.json': '{ "image": "debian:12" }' }));
    assert.ok(configuration);
    const said = (ids: readonly string[]): readonly string[] => {
      const { findings } = judge(configuration, { hosts: [inEnvironments(HOST, environmentsNamed(ids))] });
      return findings.filter(({ rule }) => rule === 'not-judged').map(({ message }) => message);
    };
    const [hint = '', ...others] = said(['codespaces']);
    assert.match(hint, /^[^\n]*: nobody measured what the host of a codespace allows\nRun the probe in the container/);
    assert.deepEqual(others, []);
    assert.deepEqual(said(['wsl']), []);
  });

  test('what no host changes still counts', () => {
    const host = inEnvironments(HOST, environmentsNamed(['kubernetes']));
    const workspace = { path: '/w', refuses: undefined, present: ['.git'], links: ['.git'] };
    assert.equal(outcome(host, { ...OPEN, workspace }), 'fails');
    assert.equal(outcome(host, containerWith({ readOnlyRoot: known(true) })), 'fails');
  });

  test('a daemon-wide profile is not foretold, one that the container names is', () => {
    const engine = readEngineInfo(
      JSON.stringify({
        ...JSON.parse(DOCKER_DESKTOP),
        Name: 'lima-rancher-desktop',
        SecurityOptions: ['name=seccomp,profile=/p.json'],
      }),
    );
    const host = inEnvironments(
      hostFromFacts({ kernel: undefined, appArmor4: undefined, engine }),
      environmentsOfEngine(engine),
    );
    assert.equal(outcome(host, containerWith()), 'unknown');
    assert.equal(outcome(host), 'works');
    assert.match(host.description, /Rancher Desktop: .* so run the probe in the container\.$/);
  });

  test('this machine is asked', async () => {
    const look = (variables: Variables) =>
      readLocalHost({ workspaces: [], engines: false, environment: { PATH: '', ...variables } });
    const codespace = await look({ CODESPACES: 'true' });
    assert.equal(codespace.unmeasured, 'nobody measured what the host of a codespace allows');
    assert.match((await look({ GITHUB_ACTIONS: 'true' })).description, /\. GitHub Actions: /);
    assert.equal((await look({})).unmeasured, undefined);
  });
});
