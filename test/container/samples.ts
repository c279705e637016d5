import { join } from 'node:path';
import type { Gate } from '../../src/model/gates.js';
import { root } from '../run/project.js';

/** Where the samples are: complete development containers as people write them. */
export const samplesFolder = join(root, 'test/fixtures/samples');

/** What is known of a sample beforehand, from measurements of the same container (test/ground-truth). */
export interface Sample {
  /** The folder's name. */
  readonly name: string;
  readonly user: 'root' | 'vscode';
  /** Where Codex's sandbox fails in it on docker-desktop; undefined: it works. */
  readonly fails: Gate | undefined;
  /** It is built from Debian's unstable suite. */
  readonly unstable?: true;
}

/** Every sample. bwrap in the image × distribution × user first, then single options of the container. */
export const SAMPLES: readonly Sample[] = [
  { name: 'plain', user: 'vscode', fails: 'seccomp-userns' },
  ...['debian12', 'debian13'].flatMap((distribution) =>
    ['absent', 'plain', 'setuid'].flatMap((bwrap) =>
      (['vscode', 'root'] as const).map((user) => ({
        name: `${distribution}-${bwrap}-${user}`,
        user,
        fails: 'seccomp-userns' as const,
      })),
    ),
  ),
  // Bubblewrap 0.13 needs a sixth system call.
  { name: 'debian-sid-five-calls-vscode', user: 'vscode', fails: 'pivot-root', unstable: true },
  { name: 'debian-sid-five-calls-root', user: 'root', fails: 'pivot-root', unstable: true },
  { name: 'sys-admin', user: 'vscode', fails: 'pivot-root' },
  { name: 'sys-admin-root', user: 'root', fails: 'pivot-root' },
  { name: 'cap-drop-all-root', user: 'root', fails: 'uid-map' },
  { name: 'cap-drop-all-root-seccomp', user: 'root', fails: 'seccomp-userns' },
  { name: 'cap-drop-all-vscode', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'cap-drop-setfcap', user: 'root', fails: 'seccomp-userns' },
  { name: 'no-new-privileges', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'no-new-privileges-debian13', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'seccomp-unconfined', user: 'vscode', fails: undefined },
  { name: 'seccomp-unconfined-debian13', user: 'vscode', fails: 'proc-mount' },
  { name: 'systempaths', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'read-only', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'read-only-no-tmpfs', user: 'vscode', fails: 'writable-paths' },
  { name: 'read-only-bwrap', user: 'vscode', fails: 'writable-paths' },
  { name: 'privileged', user: 'vscode', fails: undefined },
  { name: 'compose-anchors', user: 'root', fails: 'uid-map' },
  { name: 'compose-build', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'compose-env', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'compose-extends', user: 'vscode', fails: 'writable-paths' },
  { name: 'compose-image', user: 'root', fails: 'pivot-root' },
  { name: 'compose-profile', user: 'vscode', fails: 'pivot-root' },
  { name: 'compose-read-only', user: 'vscode', fails: 'writable-paths' },
  { name: 'compose-run-args', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'compose-two-files', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'feature-bwrap-plain', user: 'vscode', fails: 'proc-mount' },
  { name: 'feature-bwrap-setuid', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'feature-compose', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'feature-compose-sys-admin', user: 'root', fails: 'pivot-root' },
  { name: 'feature-debugger', user: 'vscode', fails: 'seccomp-userns' },
  { name: 'feature-root', user: 'root', fails: 'uid-map' },
  { name: 'feature-sys-admin', user: 'vscode', fails: 'pivot-root' },
  { name: 'feature-unconfined', user: 'vscode', fails: undefined },
];
