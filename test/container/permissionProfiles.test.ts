import assert from 'node:assert/strict';
import { MEASURED_FORMS, type Effect } from '../unit/sources/codex/measuredForms.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX, CODEX_MOUNT, ensureCodex } from './codex.js';
import { run } from './process.js';

/** In a trusted project, with the configuration of the environment: the network namespaces outside and inside, and what gets out. */
const SCRIPT = `
useradd --create-home user
mkdir -p /work/.codex /home/user/.codex
printf '[projects."/work"]\\ntrust_level = "trusted"\\n' > /home/user/.codex/config.toml
printf '%s' "$CONFIG" > /work/.codex/config.toml
chown -R user /work /home/user
cd /work
readlink /proc/self/ns/net
HOME=/home/user exec setpriv --reuid=user --regid=user --clear-groups ${CODEX} sandbox -- \\
  /bin/sh -c 'readlink /proc/self/ns/net; touch ~/codex-was-here 2>/dev/null && echo ESCAPES; :'
`;

/** What came of it. `codex sandbox` reads the project's configuration but for sandbox_mode (measured). */
function effectOf(lines: readonly string[]): Effect {
  const [outside, inside, escapes] = lines;
  if (inside === undefined) return 'refused';
  if (escapes === 'ESCAPES' && inside === outside) return 'off';
  return inside === outside ? 'full' : 'restricted';
}

/** Forms in which the whole file system is writable and something is refused: bubblewrap fails there for a user who is not root. */
function failsInBwrap(text: string): boolean {
  return /":root" = "write"\n(?:":slash_tmp" = "read"|\[permissions\.p\.filesystem\.)|"\/" = "write"/.test(text);
}

suite('permission profiles with the real Codex', () => {
  suiteSetup(ensureBaseImages);

  for (const [text, effect] of MEASURED_FORMS.filter(([form]) => !failsInBwrap(form))) {
    test(`${effect}: ${JSON.stringify(text)}`, async () => {
      const codex = await ensureCodex();
      const options = [
        '--rm',
        '--network=none',
        '--security-opt=seccomp=unconfined',
        '--security-opt=systempaths=unconfined',
      ];
      const { stdout, stderr } = await run('docker', [
        ...['run', ...options, '--volume', `${codex}:${CODEX_MOUNT}:ro`, '--env', `CONFIG=${text}`],
        ...['debian:12', 'sh', '-c', SCRIPT],
      ]);
      const lines = stdout.split(/\r?\n/).filter((line) => /^net:|^ESCAPES$/.test(line));
      assert.equal(effectOf(lines), effect, stderr);
    });
  }
});
