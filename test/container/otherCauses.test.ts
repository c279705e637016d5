import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnose } from '../../src/model/sandbox/symptoms.js';
import { ensureBaseImages } from './baseImages.js';
import { CODEX, CODEX_MOUNT, ensureCodex } from './codex.js';
import { docker } from './docker.js';
import { OUR_NAME } from './images.js';
import { run } from './process.js';

const NEWER = `${OUR_NAME}:other-causes`;
const AS_USER = 'HOME=/home/user setpriv --reuid=user --regid=user --clear-groups';
const SANDBOX = `${AS_USER} ${CODEX} sandbox -- true`;

/** Everything is allowed but for openat2, which is answered so. */
function withoutOpenat2(errnoRet: number): string {
  const rule = { names: ['openat2'], action: 'SCMP_ACT_ERRNO', errnoRet };
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'],
    syscalls: [rule],
  });
}

interface Provoked {
  /** After the user and the folder /work were made. */
  readonly script: string;
  /** Debian 13 with its bubblewrap 0.12; else Debian 12 without one. */
  readonly newer?: true;
  readonly profile?: 'eperm' | 'enosys';
  /** As the container shows it. */
  readonly error: string;
  readonly cause: RegExp;
}

const SOCKETS = '/tmp/codex-daemon-$(id -u user)';

const CASES: Readonly<Record<string, Provoked>> = {
  'a folder above the workspace that cannot be read': {
    script: `mkdir -p /above/app; chmod 711 /above; chown user /above/app; cd /above/app; ${AS_USER} ${CODEX} sandbox -P :workspace -- true`,
    newer: true,
    error: "bwrap: Can't mkdir parents for /above/app: Permission denied",
    cause: /must be able to read each folder/,
  },
  'no openat2, answered with EPERM': {
    script: SANDBOX,
    newer: true,
    profile: 'eperm',
    error: "bwrap: Can't open source /: Function not implemented",
    cause: /openat2/,
  },
  'no openat2, answered with ENOSYS': {
    script: SANDBOX,
    newer: true,
    profile: 'enosys',
    error: "bwrap: Can't open source /: Function not implemented",
    cause: /openat2/,
  },
  'a hidden /proc/sys': {
    script: `mount -t tmpfs none /proc/sys; ${SANDBOX}`,
    error: "bwrap: Can't read /proc/sys/kernel/overflowuid: No such file or directory",
    cause: /\/proc\/sys is hidden/,
  },
  'a folder for sockets of another mode': {
    script: `mkdir -m 755 ${SOCKETS}; chown user ${SOCKETS}; ${SANDBOX}`,
    error:
      'error building bubblewrap command: app-server socket directory must be a user-owned directory with mode 0700',
    cause: /its mode is not 0700/,
  },
  'a second mount of the folder for sockets': {
    script: `mkdir -m 700 ${SOCKETS} /alias; chown user ${SOCKETS}; mount --bind ${SOCKETS} /alias; ${SANDBOX}`,
    error:
      'error building bubblewrap command: app-server socket directory has an unsupported host mount at /alias; remove the bind-mount alias or nested mount before starting the sandbox',
    cause: /in a second place/,
  },
  'a TMPDIR that does not exist': {
    script: `TMPDIR=/tmp/missing ${AS_USER} ${CODEX} sandbox -P :workspace -- true`,
    error:
      'failed to resolve synthetic mount registry temp directory /tmp/missing: No such file or directory (os error 2)',
    cause: /^TMPDIR names a folder/,
  },
  use_legacy_landlock: {
    script: `${AS_USER} ${CODEX} sandbox -c features.use_legacy_landlock=true -- true`,
    error: 'filesystem-restricted execution requires bubblewrap to isolate app-server sockets',
    cause: /use_legacy_landlock/,
  },
  "Codex inside Codex's sandbox": {
    script: `${AS_USER} ${CODEX} sandbox -- ${CODEX} sandbox -- true`,
    error:
      'error building bubblewrap command: app-server socket directory must be a user-owned directory with mode 0700',
    cause: /Another agent's sandbox around this one has the same effect/,
  },
  "bubblewrap inside Codex's sandbox": {
    script: `${AS_USER} ${CODEX} sandbox -- ${CODEX_MOUNT}/codex-resources/bwrap --ro-bind / / --unshare-user --unshare-pid --unshare-net true`,
    error: 'bwrap: loopback: Failed to create NETLINK_ROUTE socket: Operation not permitted',
    cause: /as an agent's sandbox does/,
  },
  'a profile that makes / writable and refuses something': {
    script: `printf 'default_permissions = "p"\\n[permissions.p.filesystem]\\n":root" = "write"\\n"/etc/shadow" = "deny"\\n' > /home/user/.codex/config.toml; ${SANDBOX}`,
    error: "bwrap: Can't mkdir /.git: Permission denied",
    cause: /treats \/ as a writable folder/,
  },
};

suite('error texts whose cause is not the container’s, provoked', () => {
  let folder = '';
  suiteSetup(async () => {
    await ensureBaseImages();
    folder = mkdtempSync(join(tmpdir(), 'other-causes-'));
    const file = join(folder, 'Dockerfile');
    writeFileSync(
      file,
      'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends bubblewrap\n',
    );
    await docker('build', '--quiet', '--network=host', '--file', file, '--tag', NEWER, folder);
    writeFileSync(join(folder, 'eperm.json'), withoutOpenat2(1));
    writeFileSync(join(folder, 'enosys.json'), withoutOpenat2(38));
  });
  suiteTeardown(() => rm(folder, { recursive: true, force: true }));

  for (const [what, { script, newer, profile, error, cause }] of Object.entries(CASES)) {
    test(what, async () => {
      const options = [
        ...['--rm', '--network=none', '--cap-add=SYS_ADMIN', '--security-opt=systempaths=unconfined'],
        `--security-opt=seccomp=${profile ? join(folder, `${profile}.json`) : 'unconfined'}`,
        ...['--volume', `${await ensureCodex()}:${CODEX_MOUNT}:ro`],
      ];
      const setUp =
        'useradd --create-home user; mkdir -p /work /home/user/.codex; chown user /work /home/user/.codex; cd /work';
      const image = newer ? NEWER : 'debian:12';
      const { status, stderr } = await run('docker', ['run', ...options, image, 'sh', '-c', `${setUp}; ${script}`]);
      assert.notEqual(status, 0);
      assert.ok(stderr.includes(error), stderr);
      const symptom = diagnose(stderr);
      assert.equal(symptom?.error, error);
      assert.match(symptom.cause, cause);
    });
  }
});
