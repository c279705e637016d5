import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkedEntry, linkedEntryPanic, unreadableConfig } from '../../../src/model/agents/codex/errors.js';
import { ERRORS } from '../../../src/model/bwrap/errors.js';
import { predict } from '../../../src/model/sandbox/predict.js';
import { compare, confirms, containerSeen, failedForWorkspace, hostOf } from '../../../src/probe/compare.js';
import type { Observation } from '../../../src/probe/observation.js';
import { parseProbe } from '../../../src/probe/parse.js';
import { probeReport } from '../../../src/probe/text.js';
import { PATIENCE_MS } from '../../run/patience.js';
import { CODEX as REQUEST, containerWith } from '../containers.js';
import { CODEX, observe, step, type Records } from './records.js';

const SCRIPT = readFileSync(new URL('../../../media/probe.sh', import.meta.url), 'utf8');
const NONCE = 'e7';
const CONFIG = '.codex/config.toml';

function result({ outcome, gate }: Observation): string {
  return gate === null ? outcome : `${outcome} at ${gate}`;
}

suite('probe: what lies in the workspace folder and is in the way', () => {
  const folder = (links: string, unreadable = ''): Records => [
    ['fact', 'workspace', '/w'],
    ['fact', 'workspace.present', links],
    ['fact', 'workspace.refuses', 'nothing'],
    ['fact', 'workspace.links', links],
    ['fact', 'workspace.unreadable', unreadable],
  ];
  const older = (version: string): Records => [
    ['fact', 'codex.path', '/opt/codex'],
    ['fact', 'codex.version', `codex-cli ${version}`],
  ];
  const RUNS: Records = [
    ...step('codex-run', 'ok 0 80'),
    ...step('codex-write-inside', 'ok 0 80'),
    ...step('codex-write-outside', 'ok 2 80'),
  ];
  const NOT_INSTALLED: Records = [['skip', 'codex-run', 'Codex is not installed']];
  const BLOCKED: Records = step('unshare-user', 'fail 1 0', 'unshare: unshare failed: Operation not permitted');

  test('what Codex says there decides, though it starts elsewhere', () => {
    const said = linkedEntry('/w/.git');
    const seen = observe(...CODEX, ...folder('.git'), ...step('codex-workspace', 'fail 1 80', said), ...RUNS);
    assert.equal(result(seen), 'fails at workspace-entries');
    assert.ok(
      seen.summary.startsWith(
        `Codex's sandbox does not start in the workspace folder: ${said}. An entry that Codex protects`,
      ),
    );
    assert.match(seen.remediation, /^Replace the link with a real folder\./);
    assert.deepEqual(seen.facts.workspace?.links, ['.git']);
    assert.equal(confirms(seen, 'workspace-entries'), true);
    assert.equal(failedForWorkspace(seen), false);
    assert.match(probeReport(seen), /Workspace +\/w: .*symbolic links: \.git\n/);
  });

  test('a Codex that does not mind works', () => {
    const seen = observe(...CODEX, ...folder('.aws'), ...step('codex-workspace', 'ok 0 80'), ...RUNS);
    assert.equal(result(seen), 'works');
    const blocked = step('codex-workspace', 'fail 1 80', ERRORS.pivotRoot);
    const run = step('codex-run', 'fail 1 80', ERRORS.pivotRoot);
    assert.equal(result(observe(...CODEX, ...folder('.aws'), ...blocked, ...run)), 'fails at pivot-root');
  });

  test('where it was not tried there, its version decides', () => {
    for (const [version, links, expected] of [
      ['0.130.0', '.git', 'fails at workspace-entries'],
      ['0.128.0', '.codex', 'fails at workspace-entries'],
      ['0.130.0', '.aws', 'works'],
      ['0.121.0', '.git .codex', 'works'],
    ] as const) {
      assert.equal(result(observe(...older(version), ...folder(links), ...RUNS)), expected, `${version} ${links}`);
    }
    const seen = observe(...older('0.128.0'), ...folder('.codex'), ...RUNS);
    assert.ok(seen.summary.includes(linkedEntryPanic('/w/.codex')));
  });

  test('where Codex is not installed, the newest is judged, before all that fails elsewhere', () => {
    const seen = observe(...folder('.agents'), ...BLOCKED, ...NOT_INSTALLED);
    assert.equal(result(seen), 'fails at workspace-entries');
    assert.match(
      seen.summary,
      /^Codex is not installed here, and its sandbox would not start in the workspace folder: /,
    );
    const prediction = predict(containerSeen(containerWith(), seen.facts), hostOf(seen.facts, seen.steps), REQUEST);
    const { error, agreement } = compare(seen, prediction);
    assert.deepEqual([error, agreement], [linkedEntry('/w/.agents'), 'confirmed']);
    assert.equal(compare(seen, { ...prediction, gate: 'seccomp-userns' }).error, null);
    assert.ok(seen.summary.includes(linkedEntry('/w/.agents')));
  });

  test('a configuration that may not be read comes first', () => {
    const seen = observe(...folder('.git', CONFIG), ...BLOCKED, ...NOT_INSTALLED);
    assert.equal(result(seen), 'fails at workspace-entries');
    assert.ok(seen.summary.includes(unreadableConfig(`/w/${CONFIG}`)), seen.summary);
    assert.match(seen.remediation, /chown -R/);
    assert.match(probeReport(seen), /not readable by this user: \.codex\/config\.toml\n/);
    const old = observe(...older('0.115.0'), ...folder('', CONFIG), ...RUNS);
    assert.equal(result(old), 'fails at workspace-entries');
  });

  test('names that the script never says are not believed', () => {
    const { workspace } = observe(...folder('.git ../x .ssh', '/etc/shadow .codex/config.toml')).facts;
    assert.deepEqual([workspace?.links, workspace?.unreadable], [['.git'], [CONFIG]]);
  });

  suite('media/probe.sh', () => {
    const isRoot = process.getuid?.() === 0;
    let outer = '';
    let workspace = '';

    setup(() => {
      outer = mkdtempSync(join(tmpdir(), 'probe-entries-'));
      workspace = join(outer, 'workspace');
      mkdirSync(join(outer, 'bin'));
      mkdirSync(workspace);
      for (const path of [outer, join(outer, 'bin'), workspace]) chmodSync(path, 0o755);
    });

    teardown(() => {
      rmSync(outer, { recursive: true });
    });

    /** A Codex of today, or of `sandbox linux`, that prints where it runs. */
    function install(help = 'Usage: codex sandbox'): void {
      const path = join(outer, 'bin/codex');
      writeFileSync(
        path,
        `#!/bin/sh\ncase "$*" in *--version) echo codex-cli 0.169.0 ;; *--help) echo '${help}' ;; *) echo "in $PWD"; exit 3 ;; esac\n`,
      );
      chmodSync(path, 0o755);
    }

    /** As somebody who is not root, so that modes count. */
    function probe(): Observation {
      if (isRoot) chownSync(workspace, 1234, 1234);
      const { stdout } = spawnSync('/bin/sh', ['-s', '--', NONCE, workspace], {
        input: SCRIPT,
        encoding: 'utf8',
        timeout: PATIENCE_MS,
        cwd: '/',
        env: { PATH: join(outer, 'bin'), HOME: outer },
        ...(isRoot && { uid: 1234, gid: 1234 }),
      });
      return parseProbe(stdout, NONCE);
    }

    function workspaceStep({ steps }: Observation): string | undefined {
      return steps.find(({ id }) => id === 'codex-workspace')?.stderr;
    }

    test('links are seen wherever they lead, and Codex is tried there', () => {
      install();
      mkdirSync(join(workspace, 'real'));
      symlinkSync('real', join(workspace, '.git'));
      symlinkSync('nowhere', join(workspace, '.aws'));
      mkdirSync(join(workspace, '.agents'));
      symlinkSync('../real', join(workspace, '.agents/skills'));
      const before = readdirSync(workspace);
      const seen = probe();
      assert.deepEqual(seen.facts.workspace?.links, ['.git', '.aws']);
      assert.deepEqual(seen.facts.workspace.unreadable, []);
      assert.equal(workspaceStep(seen), `in ${workspace}`);
      assert.deepEqual(readdirSync(workspace), before);
    });

    test('not where nothing is in the way, nor a Codex that might leave something behind', () => {
      install();
      assert.equal(workspaceStep(probe()), undefined);
      symlinkSync('nowhere', join(workspace, '.codex'));
      install('  linux  Run in the sandbox');
      const seen = probe();
      assert.deepEqual(seen.facts.workspace?.links, ['.codex']);
      assert.equal(workspaceStep(seen), undefined);
    });

    for (const [what, mode, config, fileMode, unreadable] of [
      ['a folder that may not be searched', 0o600, true, 0o644, true],
      ['without a file in it', 0o600, false, 0, true],
      ['a folder that may not be listed', 0o311, true, 0o644, false],
      ['a file that may not be read', 0o755, true, 0o200, true],
      ['a file that may be read', 0o755, true, 0o444, false],
      ['no file', 0o755, false, 0, false],
    ] as const) {
      test(`.codex: ${what}`, () => {
        const path = join(workspace, '.codex');
        mkdirSync(path);
        if (config) writeFileSync(join(path, 'config.toml'), '');
        if (config) chmodSync(join(path, 'config.toml'), fileMode);
        if (isRoot) {
          chownSync(path, 1234, 1234);
          if (config) chownSync(join(path, 'config.toml'), 1234, 1234);
        }
        chmodSync(path, mode);
        const seen = probe();
        chmodSync(path, 0o755);
        assert.deepEqual(seen.facts.workspace?.unreadable, unreadable ? [CONFIG] : []);
        if (unreadable) assert.equal(result(seen), 'fails at workspace-entries');
      });
    }
  });
});
