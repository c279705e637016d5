import assert from 'node:assert/strict';
import fc from 'fast-check';
import { known } from '../../../../src/model/container/container.js';
import { ABSENT } from '../../../../src/sources/image/applyEffects.js';
import type { ImageFacts } from '../../../../src/sources/image/facts.js';
import { linesOf } from '../../../../src/sources/text/lines.js';
import { applyShell, scanShell } from '../../../../src/sources/shell/readShell.js';
import type { ShellEffect } from '../../../../src/sources/image/effects.js';
import { excerpt } from '../excerpt.js';
import { cases } from '../../cases.js';

/** One effect on a line: kind, the text at its word, what it carries, and `?` or `!` for the likelihoods that are not `always`. */
function line(script: string, effect: ShellEffect): string {
  const word = script.slice(effect.word.start, effect.word.end);
  const detail = {
    'install-bwrap': (e: ShellEffect) =>
      e.kind === 'install-bwrap' && (e.version.from === 'exact' ? e.version.version : e.version.from),
    'install-unknown': () => '',
    unread: () => '',
    'remove-bwrap': () => '',
    'place-bwrap': (e: ShellEffect) => e.kind === 'place-bwrap' && String(e.setuid),
    'mode-of-bwrap': (e: ShellEffect) => e.kind === 'mode-of-bwrap' && String(e.setuid),
    program: (e: ShellEffect) => e.kind === 'program' && e.name,
    'root-user': () => '',
    'other-sandbox': () => '',
    'install-codex': (e: ShellEffect) => e.kind === 'install-codex' && `${e.version ?? '-'} ${String(e.bundledBwrap)}`,
    'use-codex': (e: ShellEffect) => e.kind === 'use-codex' && e.shows,
    'remove-codex': () => '',
  }[effect.kind](effect);
  const mark = { always: '', sometimes: '?', 'unless-bwrap': '!' }[effect.likelihood];
  return `${effect.kind}${mark} ${word} ${String(detail)}`.trim();
}

function effects(script: string, variables: Readonly<Record<string, string>> = {}): string[] {
  return scanShell(script, (name) => variables[name]).map((e) => line(script, e));
}

function expect(cases: Readonly<Record<string, readonly string[]>>): void {
  for (const [script, expected] of Object.entries(cases)) {
    test(script, () => {
      assert.deepEqual(effects(script), expected);
    });
  }
}

suite('sources/shell', () => {
  suite('installs bubblewrap', () => {
    expect({
      'apt-get update && apt-get install -y --no-install-recommends git bubblewrap=0.8.0-2+deb12u1': [
        'install-bwrap bubblewrap=0.8.0-2+deb12u1 0.8.0',
      ],
      'apt-get -y -o Dpkg::Options::=--force-confold -qq install bubblewrap': ['install-bwrap bubblewrap distribution'],
      'apt install bubblewrap': ['install-bwrap bubblewrap distribution'],
      'DEBIAN_FRONTEND=noninteractive apt-get install -yqq bubblewrap:amd64': [
        'install-bwrap bubblewrap:amd64 distribution',
      ],
      'apt-get install -y bubblewrap=0.8.*': ['install-bwrap bubblewrap=0.8.* distribution'],
      'apt-get install -t bookworm-backports bubblewrap': ['install-bwrap bubblewrap unknown'],
      'apt-get install bubblewrap/sid': ['install-bwrap bubblewrap/sid unknown'],
      'apt-get install -y bubblewrap=$VERSION': ['install-bwrap bubblewrap=$VERSION unknown'],
      'aptitude install -y bubblewrap': ['install-bwrap bubblewrap distribution'],
      'apk add --no-cache bubblewrap': ['install-bwrap bubblewrap distribution'],
      'apk --no-cache add -t .run bubblewrap=0.11.0-r0 git': ['install-bwrap bubblewrap=0.11.0-r0 0.11.0'],
      "apk add 'bubblewrap>=0.8'": ["install-bwrap 'bubblewrap>=0.8' unknown"],
      'dnf -y install bubblewrap && dnf clean all': ['install-bwrap bubblewrap distribution'],
      'dnf install -y --setopt install_weak_deps=False bubblewrap-0.12.0-1.fc44': [
        'install-bwrap bubblewrap-0.12.0-1.fc44 0.12.0',
      ],
      'yum install -y bubblewrap': ['install-bwrap bubblewrap distribution'],
      'microdnf install bubblewrap': ['install-bwrap bubblewrap distribution'],
      'zypper -n in bubblewrap': ['install-bwrap bubblewrap distribution'],
      'zypper --non-interactive install --no-recommends bubblewrap': ['install-bwrap bubblewrap distribution'],
      'pacman -Syu --noconfirm bubblewrap': ['install-bwrap bubblewrap distribution'],
      'pacman -S --needed --noconfirm git bubblewrap': ['install-bwrap bubblewrap distribution'],
      'dpkg -i /tmp/bubblewrap_0.9.0-1_amd64.deb': ['install-bwrap /tmp/bubblewrap_0.9.0-1_amd64.deb 0.9.0'],
      'brew install bubblewrap': ['install-bwrap bubblewrap unknown'],
    });
  });

  suite('installs nothing', () => {
    expect({
      'apt-get install -y git bubblewrap-doc': [],
      'apt-cache show bubblewrap; apt-get download bubblewrap; apt-get -s install bubblewrap': [],
      'apt-get install --download-only bubblewrap': [],
      'pacman -Ss bubblewrap; pacman -Q bubblewrap; pacman -Si bubblewrap': [],
      'dnf search bubblewrap; zypper se bubblewrap; rpm -qi bubblewrap; dpkg -s bubblewrap': [],
      'echo apt-get install bubblewrap': [],
      '# apt-get install bubblewrap': [],
      'cat <<EOF > /tmp/x\napt-get install bubblewrap\nEOF': [],
      'install_it() { apt-get install -y bubblewrap; }': [],
      'dnf --installroot /mnt install bubblewrap': [],
      'rm -rf /var/lib/apt/lists/* && chmod 755 /usr/bin/other && chmod +x /usr/bin/bwrap': [],
      'for p in; do apt-get install bubblewrap; done': [],
    });
  });

  suite('removes bubblewrap', () => {
    expect({
      'apt-get purge -y bubblewrap': ['remove-bwrap bubblewrap'],
      'apt-get autoremove --purge -y bubblewrap git': ['remove-bwrap bubblewrap'],
      'apt-get install git bubblewrap-': ['remove-bwrap bubblewrap-'],
      'apk del bubblewrap': ['remove-bwrap bubblewrap'],
      'dnf remove bubblewrap': ['remove-bwrap bubblewrap'],
      'zypper rm bubblewrap': ['remove-bwrap bubblewrap'],
      'pacman -Rns --noconfirm bubblewrap': ['remove-bwrap bubblewrap'],
      'dpkg --purge bubblewrap': ['remove-bwrap bubblewrap'],
      'rpm -e bubblewrap': ['remove-bwrap bubblewrap'],
      'rm -f /usr/bin/bwrap': ['remove-bwrap /usr/bin/bwrap'],
      'sudo rm "$(command -v bwrap)"': ['remove-bwrap "$(command -v bwrap)"'],
      'mv /usr/bin/bwrap /usr/bin/bwrap.real': ['remove-bwrap /usr/bin/bwrap'],
    });
  });

  suite('changes the mode', () => {
    expect({
      'chmod u+s /usr/bin/bwrap': ['mode-of-bwrap u+s true'],
      'chmod +s /usr/bin/bwrap': ['mode-of-bwrap +s true'],
      'chmod 4755 /usr/bin/bwrap': ['mode-of-bwrap 4755 true'],
      'chmod -v 04755 /usr/bin/bwrap': ['mode-of-bwrap 04755 true'],
      'chmod u+xs,g-w /usr/bin/git /usr/bin/bwrap': ['mode-of-bwrap u+xs,g-w true'],
      'chmod u-s `which bwrap`': ['mode-of-bwrap u-s false'],
      'chmod -s $(which bwrap)': ['mode-of-bwrap -s false'],
      'chmod 0755 "$(command -v bwrap)"': ['mode-of-bwrap 0755 false'],
      'chmod a-s /usr/bin/bwrap': ['mode-of-bwrap a-s false'],
      'chmod u=rwx,go=rx /usr/bin/bwrap': ['mode-of-bwrap u=rwx,go=rx false'],
      'chmod g+s,o+t /usr/bin/bwrap': [],
      'chmod $MODE /usr/bin/bwrap': ['mode-of-bwrap $MODE undefined'],
      'chown root:root /usr/bin/bwrap && chmod u+s /usr/bin/bwrap': ['mode-of-bwrap u+s true'],
      'find / -xdev -perm /6000 -type f -exec chmod a-s {} \\; || true': ['mode-of-bwrap a-s false'],
      'find / -name bwrap -exec chmod u+s {} +': ['mode-of-bwrap u+s true'],
      'find /home -perm /6000 -exec chmod a-s {} +': [],
      'dpkg-statoverride --update --add root root 4755 /usr/bin/bwrap': ['mode-of-bwrap 4755 true'],
      'dpkg-statoverride --add root root 4755 /usr/bin/bwrap': ['mode-of-bwrap 4755 undefined'],
      'setcap cap_sys_admin+ep /usr/bin/bwrap': ['mode-of-bwrap cap_sys_admin+ep undefined'],
    });
  });

  suite('makes another name of root', () => {
    const scripts: Readonly<Record<string, string | undefined>> = {
      'useradd -o -u 0 bob': 'bob',
      'useradd -ou0 -m bob': 'bob',
      'sudo useradd --non-unique --uid=0 --create-home bob': 'bob',
      'useradd -m --uid 0 -s /bin/bash -o bob': 'bob',
      'useradd bob && usermod -o -u 0 bob': 'bob',
      'useradd -u 0 bob': undefined,
      'useradd -o -u 1000 bob': undefined,
      'useradd -o -u 01000 bob': undefined,
      'useradd -m bob': undefined,
      'useradd -o -u 0 $NAME': undefined,
      'groupadd -o -g 0 bob': undefined,
    };
    for (const [script, name] of Object.entries(scripts)) {
      test(script, () => {
        const [effect] = scanShell(script);
        assert.equal(effect?.kind === 'root-user' ? effect.name : undefined, name);
        if (effect) assert.equal(script.slice(effect.word.start, effect.word.end), name);
      });
    }
  });

  suite('puts the bwrap that comes with Codex in place', () => {
    const NPM = '$(npm root -g)/@openai/codex/node_modules/@openai/codex-linux-*/vendor/*/codex-resources/bwrap';
    const HERE = '/usr/bin/bwrap';
    const LINK = '/**/codex-resources/bwrap';
    const copies: Readonly<Record<string, readonly [setuid: boolean, path: string]>> = {
      [`install -m 755 "${NPM}" /usr/bin/bwrap`]: [false, HERE],
      [`sudo install -m 755 ${NPM} /usr/bin/bwrap`]: [false, HERE],
      [`install -m 4755 ${NPM} /usr/bin/bwrap`]: [true, HERE],
      [`cp ${NPM} /usr/bin`]: [false, HERE],
      [`cp -a ${NPM} /bin/`]: [false, HERE],
      [`mv ${NPM} /usr/local/bin/bwrap`]: [false, '/usr/local/bin/bwrap'],
      [`ln ${NPM} /usr/bin/bwrap`]: [false, HERE],
      [`ln -sf ${NPM} /usr/bin/bwrap`]: [false, LINK],
      [`ln --symbolic ${NPM} /usr/local/bin/`]: [false, LINK],
      [`install -m 755 "$(find / -xdev -path '*/codex-resources/bwrap' -print -quit)" /usr/bin/bwrap`]: [false, HERE],
      [`install -m 755 $(find $(npm root -g)/@openai -path '*/codex-resources/bwrap') /usr/bin/bwrap`]: [false, HERE],
      'cp `sudo find / -name bwrap -path "*codex-resources*" | head -n 1` /usr/bin/bwrap': [false, HERE],
      'cp "$(dirname "$(readlink -f "$(which codex)")")/../codex-resources/bwrap" /usr/bin/bwrap': [false, HERE],
      [`find / -xdev -path '*/codex-resources/bwrap' -exec install -m 755 {} /usr/bin/bwrap \\;`]: [false, HERE],
      [`find / -name bwrap -path '*codex-resources*' -exec ln -s {} /usr/bin/bwrap ';'`]: [false, LINK],
    };
    for (const [script, expected] of Object.entries(copies)) {
      test(script, () => {
        const [effect, ...others] = scanShell(script);
        assert.ok(effect?.kind === 'place-bwrap' && others.length === 0);
        assert.deepEqual([effect.from, effect.setuid, effect.path], ['codex', ...expected]);
        assert.equal(effect.isPackaged, !script.includes('/usr/local/'));
      });
    }

    test('a file of the same name that is not Codex’s, or that nothing tells, is from elsewhere', () => {
      for (const script of [
        'cp build/bwrap /usr/bin/bwrap',
        'cp "$(find / -name bwrap)" /usr/bin/bwrap',
        'cp "$(find /opt/codex-resources -name codex)" /usr/bin/bwrap',
        'curl -o /usr/bin/bwrap https://example.org/codex-resources/bwrap',
      ]) {
        const [effect] = scanShell(script);
        assert.ok(effect?.kind === 'place-bwrap' && effect.from === 'elsewhere', script);
      }
    });

    test('where a link leads is known only where it says so', () => {
      const pathOf = (script: string): string | undefined =>
        scanShell(script).flatMap((e) => (e.kind === 'place-bwrap' ? [e.path] : []))[0];
      assert.equal(pathOf('ln -s /opt/b/bwrap /usr/bin/bwrap'), '/opt/b/bwrap');
      assert.equal(pathOf('ln -s ../lib/bwrap /usr/bin/bwrap'), undefined);
      assert.equal(pathOf('ln -s /opt/$(arch)/bwrap /usr/bin/bwrap'), undefined);
      assert.equal(pathOf('ln -s /usr/local/bin/bwrap /usr/bin/bwrap'), '/usr/local/bin/bwrap');
    });
  });

  suite('puts a bwrap in place', () => {
    expect({
      'install -m 4755 build/bwrap /usr/local/bin/bwrap': ['place-bwrap /usr/local/bin/bwrap true'],
      'install -Dm755 /tmp/x /usr/local/bin/bwrap': ['place-bwrap /usr/local/bin/bwrap false'],
      'install -o root -g root --mode=4755 -t /usr/local/bin bwrap': ['place-bwrap /usr/local/bin true'],
      'cp /tmp/bwrap /usr/local/bin/': ['place-bwrap /usr/local/bin/ false'],
      'cp -a /tmp/bwrap /usr/local/bin/': ['place-bwrap /usr/local/bin/ undefined'],
      'ln -s /opt/b/bwrap /usr/local/bin/bwrap': ['place-bwrap /usr/local/bin/bwrap undefined'],
      'curl -fsSL -o /usr/local/bin/bwrap https://example.org/bwrap': ['place-bwrap /usr/local/bin/bwrap false'],
      "printf '#!/bin/sh\\n' > /usr/local/bin/bwrap": ['place-bwrap /usr/local/bin/bwrap false'],
      'ln -s /usr/bin/bwrap /usr/local/bin/bwrap': [],
      'cp bwrap /tmp/': [],
      'git clone --depth 1 https://github.com/containers/bubblewrap /tmp/b': [
        'install-unknown https://github.com/containers/bubblewrap',
      ],
    });
  });

  suite('installs Codex', () => {
    expect({
      'npm install -g @openai/codex': ['install-codex @openai/codex - true'],
      'npm i -g @openai/codex@0.169.0 @anthropic-ai/claude-code': ['install-codex @openai/codex@0.169.0 0.169.0 true'],
      'npm add --global "@openai/codex@latest"': ['install-codex "@openai/codex@latest" - true'],
      'npm install --location=global @openai/codex@^0.169.0': ['install-codex @openai/codex@^0.169.0 - true'],
      'sudo -u node npm --loglevel=error install -g --no-fund @openai/codex@0.130.0': [
        'install-codex @openai/codex@0.130.0 0.130.0 true',
      ],
      'pnpm add -g @openai/codex@0.150.1': ['install-codex @openai/codex@0.150.1 0.150.1 true'],
      'yarn global add @openai/codex': ['install-codex @openai/codex - true'],
      'bun install -g @openai/codex': ['install-codex @openai/codex - true'],
      'npm --prefix /opt/npm -C /opt install -g @openai/codex': ['install-codex @openai/codex - true'],
      'npm install -g --dry-run @openai/codex': ['use-codex @openai/codex package'],
      'npm install -g --dry-run=true @openai/codex': ['use-codex @openai/codex package'],
      'npm install -g --dry-run=false @openai/codex': ['install-codex @openai/codex - true'],
      'npm install @openai/codex': ['use-codex @openai/codex package'],
      'npm install -g @openai/codex-sdk codex': [],
      'npm uninstall -g @openai/codex': ['remove-codex @openai/codex'],
      'curl -fsSL https://github.com/openai/codex/releases/download/rust-v0.169.0/codex-x86_64-unknown-linux-musl.tar.gz | tar xz':
        [
          'install-codex https://github.com/openai/codex/releases/download/rust-v0.169.0/codex-x86_64-unknown-linux-musl.tar.gz 0.169.0 false',
        ],
      'wget "https://github.com/openai/codex/releases/latest/download/codex-$(uname -m)-unknown-linux-musl.tar.gz"': [
        'install-codex "https://github.com/openai/codex/releases/latest/download/codex-$(uname -m)-unknown-linux-musl.tar.gz" - false',
      ],
      'gh release download rust-v0.169.0 -R openai/codex -p "codex-aarch64-unknown-linux-musl.tar.gz"': [
        'install-codex openai/codex 0.169.0 false',
      ],
      'cargo install --git https://github.com/openai/codex --tag rust-v0.169.0 codex-cli': [
        'install-codex https://github.com/openai/codex 0.169.0 false',
      ],
      'curl -fsSL https://chatgpt.com/codex/install.sh | sh': [
        'install-codex https://chatgpt.com/codex/install.sh - undefined',
      ],
      'brew install codex': ['install-codex codex - undefined'],
    });
  });

  suite('programs that explain capabilities', () => {
    expect({
      'apt-get install -y iptables ipset git': ['program iptables iptables', 'program ipset ipset'],
      'apk add fuse3 strace': ['program fuse3 fuse', 'program strace strace'],
      'sudo nft add table inet x': ['program nft nftables'],
    });
  });

  suite('follows the script', () => {
    expect({
      'set -eux; apt-get update; apt-get install -y bubblewrap; rm -rf /x': ['install-bwrap bubblewrap distribution'],
      '(cd /x && { apt-get install -y bubblewrap; })': ['install-bwrap bubblewrap distribution'],
      "bash -lc 'apt-get install -y bubblewrap'": ['install-bwrap bubblewrap distribution'],
      'bash -euxo pipefail -c "apt-get install -y \\"bubblewrap\\""': ['install-bwrap \\"bubblewrap\\" distribution'],
      'sudo -E -u root env -u X A=1 /usr/bin/apt-get install bubblewrap': ['install-bwrap bubblewrap distribution'],
      'doas apk add bubblewrap': ['install-bwrap bubblewrap distribution'],
      'su - root -c "apt-get install bubblewrap"': ['install-bwrap bubblewrap distribution'],
      'timeout -k 5 300 nice -n 5 apt-get install bubblewrap': ['install-bwrap bubblewrap distribution'],
      'eval "apt-get install bubblewrap"': ['install-bwrap bubblewrap distribution'],
      'bash <<EOF\napt-get install -y bubblewrap\nEOF': ['install-bwrap bubblewrap distribution'],
      'echo git bubblewrap | xargs apt-get install -y': ['install-bwrap bubblewrap distribution'],
      'xargs -a packages.txt apt-get install -y': ['install-unknown xargs -a packages.txt apt-get install -y'],
      'apt-get install -y $(cat packages.txt)': ['install-unknown $(cat packages.txt)'],
      'P="git bubblewrap"; apt-get install -y $P': ['install-bwrap $P distribution'],
      'for p in git bubblewrap; do apt-get install -y "$p"; done': ['install-bwrap "$p" distribution'],
      'f() { apt-get install -y $1; chmod u+s /usr/bin/bwrap; }; f': ['install-unknown $1', 'mode-of-bwrap u+s true'],
      'if [ "$X" = 1 ]; then apt-get install bubblewrap; fi': ['install-bwrap? bubblewrap distribution'],
      '[ -n "$X" ] && apt-get install bubblewrap': ['install-bwrap? bubblewrap distribution'],
      'false || apt-get install bubblewrap': ['install-bwrap? bubblewrap distribution'],
      'apt-get install bubblewrap || true': ['install-bwrap bubblewrap distribution'],
      'a || b && apt-get install bubblewrap': ['install-bwrap bubblewrap distribution'],
      'while read x; do chmod u+s /usr/bin/bwrap; done': ['mode-of-bwrap? u+s true'],
      'case $(uname -m) in x86_64) apk add bubblewrap;; esac': ['install-bwrap? bubblewrap distribution'],
      'command -v bwrap >/dev/null || apt-get install bubblewrap': ['install-bwrap! bubblewrap distribution'],
      'if ! which bwrap; then sudo apt-get install bubblewrap; fi': ['install-bwrap! bubblewrap distribution'],
      'if command -v bwrap; then :; else apt-get install bubblewrap; fi': ['install-bwrap! bubblewrap distribution'],
      '[ -x /usr/bin/bwrap ] || apt-get install bubblewrap': ['install-bwrap! bubblewrap distribution'],
    });

    test('variables that the caller knows', () => {
      const script = 'npm i -g @openai/codex@${CODEX#v} "pkg@$X"; apt-get install -y $PKGS ${NONE:-bubblewrap}';
      assert.deepEqual(effects(script, { CODEX: 'v0.169.0', PKGS: 'git gdb', NONE: '' }), [
        'install-codex @openai/codex@${CODEX#v} 0.169.0 true',
        'program $PKGS gdb',
        'install-bwrap ${NONE:-bubblewrap} distribution',
      ]);
    });

    test('spans of the command and of every package word', () => {
      const script = 'true; sudo apt-get install -y git bubblewrap curl # x';
      const [effect] = scanShell(script);
      assert.ok(effect?.kind === 'install-bwrap');
      const text = ({ start, end }: { start: number; end: number }): string => script.slice(start, end);
      assert.equal(text(effect.command), 'sudo apt-get install -y git bubblewrap curl');
      assert.deepEqual(effect.packages.map(text), ['git', 'bubblewrap', 'curl']);
    });

    test('spans inside quotes with escapes', () => {
      const script = `sh -c "echo \\"\\$A\\"; apt-get install '\${B}' \\"bubblewrap\\""`;
      assert.deepEqual(effects(script), ["install-unknown '${B}'", 'install-bwrap \\"bubblewrap\\" distribution']);
    });
  });

  suite('applied to an image', () => {
    const place = { file: 'f', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
    const debian: ImageFacts = {
      user: known('root'),
      distro: known({ id: 'debian', version: '12' }),
      bwrap: ABSENT,
      codex: known(null),
      programs: [],
      metadata: {},
    };
    const apply = (script: string, facts = debian): ImageFacts => {
      const lines = linesOf(script, 'f');
      return applyShell(facts, script, (start, end) => lines.place(start, end));
    };
    const bwrap = (script: string, facts = debian): unknown[] => {
      const { presence, setuid, version } = apply(script, facts).bwrap;
      return [presence.value, setuid.value, version.value];
    };

    test('an installation brings the version of the distribution, not setuid', () => {
      const script = 'apt-get install -y bubblewrap';
      assert.deepEqual(bwrap(script), ['present', false, '0.8.0']);
      const { presence, version } = apply(script).bwrap;
      assert.equal(excerpt(script, presence.places[0]), 'bubblewrap');
      assert.equal(excerpt(script, version.places[0]), 'bubblewrap');
    });

    test('the last word counts', () => {
      assert.deepEqual(bwrap('apt-get install bubblewrap; chmod u+s /usr/bin/bwrap'), ['present', true, '0.8.0']);
      assert.deepEqual(bwrap('apt-get install bubblewrap; chmod 4755 /usr/bin/bwrap; chmod u-s /usr/bin/bwrap'), [
        'present',
        false,
        '0.8.0',
      ]);
      assert.deepEqual(bwrap('apt-get install bubblewrap; chmod u+s /usr/bin/bwrap; apt-get install bubblewrap'), [
        'present',
        true,
        '0.8.0',
      ]);
      assert.deepEqual(bwrap('apt-get install bubblewrap; chmod u+s /usr/bin/bwrap; apt-get purge bubblewrap'), [
        'absent',
        false,
        undefined,
      ]);
    });

    test('the chmod command is the place of setuid', () => {
      const script = 'apt-get install bubblewrap && sudo chmod u+s /usr/bin/bwrap';
      assert.equal(excerpt(script, apply(script).bwrap.setuid.places[0]), 'sudo chmod u+s /usr/bin/bwrap');
    });

    test('a condition makes it unknown, with the reason', () => {
      const { presence, setuid } = apply('if $X; then apt-get install bubblewrap; fi').bwrap;
      assert.deepEqual([presence.value, setuid.value], [undefined, false]);
      assert.match(presence.why ?? '', /only under a condition/);
      assert.deepEqual(bwrap('apt-get install bubblewrap; if $X; then chmod u+s /usr/bin/bwrap; fi'), [
        'present',
        undefined,
        '0.8.0',
      ]);
      assert.deepEqual(bwrap('if $X; then apt-get purge bubblewrap; fi'), ['absent', false, undefined]);
    });

    test('an installation where bwrap is missing leaves one', () => {
      assert.deepEqual(bwrap('which bwrap || apt-get install bubblewrap'), ['present', false, '0.8.0']);
    });

    test('what cannot be read is unknown', () => {
      for (const script of [
        'apt-get install $PACKAGES',
        'brew install bubblewrap; apt-get purge bubblewrap; apt-get install $(cat x)',
      ]) {
        const { presence } = apply(script).bwrap;
        assert.equal(presence.value, undefined);
        assert.ok(presence.why !== undefined && presence.places.length > 0);
      }
      assert.deepEqual(bwrap('apt-get install bubblewrap; setcap cap_sys_admin+ep /usr/bin/bwrap'), [
        'present',
        undefined,
        '0.8.0',
      ]);
    });

    test('the version is unknown where the distribution is', () => {
      const somewhere = { ...debian, distro: { value: undefined, places: [], why: 'it is private' } };
      const { version } = apply('apt-get install bubblewrap', somewhere).bwrap;
      assert.deepEqual([version.value, version.why], [undefined, 'it is private']);
      const slackware = { ...debian, distro: known({ id: 'slackware', version: '15' }) };
      assert.match(apply('apt-get install bubblewrap', slackware).bwrap.version.why ?? '', /slackware 15/);
    });

    test('Codex', () => {
      assert.deepEqual(apply('npm i -g @openai/codex@0.169.0').codex.value, { version: '0.169.0', bundledBwrap: true });
      assert.equal(apply('npm i -g @openai/codex; npm rm -g @openai/codex').codex.value, null);
      const conditional = apply('if $X; then npm i -g @openai/codex; fi').codex;
      assert.deepEqual([conditional.value, typeof conditional.why], [undefined, 'string']);
      assert.match(apply('brew install codex').codex.why ?? '', /this way of installing Codex/);
    });

    test('places one program once', () => {
      assert.deepEqual(apply('apt-get install iptables; iptables -L').programs, [
        known('iptables', { file: 'f', range: { start: { line: 0, character: 16 }, end: { line: 0, character: 24 } } }),
      ]);
    });

    test('nothing to do with it changes nothing', () => {
      assert.equal(
        applyShell(debian, 'echo hello', () => place),
        debian,
      );
    });
  });

  test('never throws, and keeps its spans inside the script', () => {
    const parts = [
      'apt-get install -y bubblewrap',
      'chmod u+s $(which bwrap)',
      ' && ',
      ' || ',
      '; ',
      '\n',
      '$(',
      ')',
      '"',
      "'",
      '`',
      '\\',
      '{',
      '}',
      '<<EOF\n',
      'EOF\n',
      'bash -c "',
      'if ',
      ' then ',
      ' fi',
      'for x in ',
      'do ',
      'done',
      '${X:-',
      '|',
      ' xargs ',
      'f() {',
      'npm i -g @openai/codex@1.2.3',
      '😀',
      '\r\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 14 }), (chosen) => {
        const script = chosen.join('');
        for (const { word, command } of scanShell(script)) {
          for (const { start, end } of [word, command]) assert.ok(0 <= start && start <= end && end <= script.length);
        }
      }),
      { numRuns: cases(1500) },
    );
  });

  test('a long script of brackets, quotes or commands is read in time', function () {
    for (const piece of ['(', '$(', '{ ', 'if ', '"', 'a && ', 'apt-get install bubblewrap;', 'a <<E\n']) {
      scanShell(piece.repeat(Math.floor((128 * 1024) / piece.length)));
    }
  });

  test('what a script of a megabyte installs is not known', () => {
    const script = 'apt-get install bubblewrap\n'.repeat(40_000);
    assert.deepEqual(
      scanShell(script).map((e) => [e.kind, e.word]),
      [['install-unknown', { start: 0, end: script.length }]],
    );
  });
});
