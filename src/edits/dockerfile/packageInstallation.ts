import { under } from '../../model/wordList.js';

/**
 * The commands that install bubblewrap on a distribution and leave no package lists behind, to be joined with `&&`;
 * undefined where its package manager is not known. Measured with `docker build` on Debian 12 and 13, the others are
 * as their manual pages have it.
 * @param id the distribution's ID in /etc/os-release
 */
export function installationOfBwrap(id: string): readonly string[] | undefined {
  return Object.hasOwn(COMMANDS, id) ? COMMANDS[id] : undefined;
}

const APT = ['apt-get update', 'apt-get install -y --no-install-recommends bubblewrap', 'rm -rf /var/lib/apt/lists/*'];
const APK = ['apk add --no-cache bubblewrap'];
const DNF = ['dnf install -y bubblewrap', 'dnf clean all'];
const ZYPPER = ['zypper --non-interactive install bubblewrap', 'zypper clean --all'];
const PACMAN = ['pacman -Sy --noconfirm bubblewrap'];

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  ...under('debian ubuntu kali linuxmint raspbian', APT),
  ...under('alpine wolfi', APK),
  ...under('fedora rhel centos rocky almalinux amzn', DNF),
  ...under('opensuse-leap opensuse-tumbleweed sles', ZYPPER),
  arch: PACMAN,
};
