import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';

/** The text of media/probe.sh. */
export const SCRIPT = readFileSync(new URL('../../../media/probe.sh', import.meta.url), 'utf8');

/** The shells of this machine, by path; which ones there are does not matter to the rest of the project. */
export const SHELLS = [['dash'], ['busybox', 'sh'], ['bash', '--posix'], ['sh']]
  .flatMap(([name = '', ...args]) => {
    const { status, stdout } = spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' });
    return status === 0 ? [[stdout.trim(), ...args]] : [];
  })
  .filter(
    ([path = ''], index, all) => index === all.findIndex(([other = '']) => realpathSync(other) === realpathSync(path)),
  );

/** A Codex that runs the command without any sandbox; `more` is done before. */
export const fakeCodex = (more = ''): string => `#!/bin/sh
case "$*" in
  --version) echo codex-cli 9.8.7 ;;
  *--help) echo 'Usage: codex sandbox' ;;
  *) ${more}
    while [ "$1" != -- ]; do shift; done; shift; exec "$@" ;;
esac
`;

/** A bwrap that passes for a usable one and runs the command. */
export const FAKE_BWRAP = `#!/bin/sh
case "$*" in
  --version) echo bubblewrap 0.9.9 ;;
  --help) echo '  --perms'; echo '  --as-pid-1' ;;
esac
`;
