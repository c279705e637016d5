import assert from 'node:assert/strict';
import { applyAll } from '../appliedEdits.js';
import { asked, type Asked } from './asked.js';
import { judged } from '../judged.js';

const FILE = '.devcontainer/devcontainer.json';
const COMPOSE = '.devcontainer/compose.yaml';

function filesWith(...runArgs: readonly string[]): Readonly<Record<string, string>> {
  return {
    [FILE]: JSON.stringify({ dockerComposeFile: 'compose.yaml', service: 'app', runArgs }),
    [COMPOSE]: 'services:\n  app:\n    image: debian:12\n',
  };
}

async function found(files: Readonly<Record<string, string>>): Promise<Asked['findings'][number] | undefined> {
  const { findings } = asked(await judged(files, ['docker-desktop']));
  return findings.find(({ rule }) => rule === 'run-args-ignored');
}

suite('runArgs beside Compose', () => {
  for (const runArgs of [
    ['--cap-drop=NET_RAW', '--security-opt', 'no-new-privileges'],
    ['--security-opt=no-new-privileges:true', '--read-only', '--tmpfs', '/tmp', '--init'],
  ]) {
    test(`${runArgs.join(' ')} only takes something away: the fix is one that goes without asking`, async () => {
      const files = filesWith(...runArgs);
      const [fix] = (await found(files))?.fixes ?? [];
      assert.equal(fix?.preferred, true);
      assert.equal(await found(Object.fromEntries(applyAll(new Map(Object.entries(files)), fix.edits))), undefined);
    });
  }

  for (const [runArgs, severity] of [
    [['--cap-drop=NET_RAW', '--security-opt', 'no-new-privileges', '--init'], 'info'],
    [['--cap-add=NET_RAW', '--security-opt=label=disable', '--device=/dev/fuse'], 'info'],
    [['--cap-drop=setfcap'], 'warning'],
    [['--init', '--security-opt', 'apparmor=unconfined'], 'warning'],
    [['--read-only'], 'warning'],
  ] as const) {
    test(`${runArgs.join(' ')} is a warning only where it matters for the sandbox: ${severity}`, async () => {
      assert.equal((await found(filesWith(...runArgs)))?.severity, severity);
    });
  }

  test('no-new-privileges matters where bubblewrap may be setuid', async () => {
    const files = filesWith('--security-opt=no-new-privileges');
    const compose = 'services:\n  app:\n    image: ghcr.io/acme/dev:1\n';
    assert.equal((await found({ ...files, [COMPOSE]: compose }))?.severity, 'warning');
  });

  for (const runArgs of [
    ['--security-opt', 'seccomp=unconfined'],
    ['--security-opt', 'no-new-privileges=false'],
    ['--cap-drop=ALL', '--cap-add=SYS_ADMIN'],
    ['--privileged'],
    ['--user=root'],
  ]) {
    test(`${runArgs.join(' ')} may give something away: the author decides`, async () => {
      const [fix] = (await found(filesWith(...runArgs)))?.fixes ?? [];
      assert.equal(fix?.preferred, false);
    });
  }
});
