import assert from 'node:assert/strict';
import { editDockerfile, type DockerfileChange } from '../../../../src/edits/dockerfile/edit.js';
import { applyEdits } from '../../../../src/edits/text/textEdits.js';

const INSTALL: DockerfileChange = { kind: 'install-bwrap', setuid: false };
const SETUID: DockerfileChange = { kind: 'install-bwrap', setuid: true };
const REMOVE: DockerfileChange = { kind: 'remove-bwrap' };
const PLAIN: DockerfileChange = { kind: 'remove-setuid' };

function lines(...all: readonly string[]): string {
  return all.join('\n');
}

const APT = [
  'RUN apt-get update \\',
  '    && apt-get install -y --no-install-recommends bubblewrap \\',
  '    && rm -rf /var/lib/apt/lists/*',
];

/** The text after the change, which must not change it a second time. */
function edited(text: string, change: DockerfileChange, target?: string, distro = 'debian'): string | undefined {
  const options = { target, distro };
  const edits = editDockerfile(text, 'Dockerfile', [change], options);
  if (!edits) return undefined;
  const after = applyEdits(text, edits);
  assert.deepEqual(editDockerfile(after, 'Dockerfile', [change], options), [], `a second time changes this:\n${after}`);
  return after;
}

type Case = readonly [
  title: string,
  before: string,
  after: string | undefined,
  target?: string | undefined,
  distro?: string,
];

function suiteOf(title: string, change: DockerfileChange, cases: readonly Case[]): void {
  suite(`edits of a Dockerfile: ${title}`, () => {
    for (const [name, before, after, target, distro] of cases) {
      test(name, () => {
        assert.equal(edited(before, change, target, distro), after);
      });
    }
  });
}

suiteOf('install bubblewrap', INSTALL, [
  ['at the end', 'FROM debian:12\n', lines('FROM debian:12', ...APT, '')],
  [
    'behind the user root that ends the file',
    lines('FROM debian:12', 'USER dev', 'RUN x', 'USER 0:0', 'CMD x'),
    lines('FROM debian:12', 'USER dev', 'RUN x', 'USER 0:0', ...APT, 'CMD x'),
  ],
  [
    'the user as a variable',
    lines('FROM debian:12', 'ARG NAME=dev', 'USER ${NAME}', 'RUN x', ''),
    lines('FROM debian:12', 'ARG NAME=dev', 'USER ${NAME}', 'RUN x', 'USER root', ...APT, 'USER ${NAME}', ''),
  ],
  [
    'the user of an earlier stage',
    lines('FROM debian:12 AS base', 'USER dev', 'FROM base', 'RUN x', ''),
    lines('FROM debian:12 AS base', 'USER dev', 'FROM base', 'RUN x', 'USER root', ...APT, 'USER dev', ''),
  ],
  [
    'in the stage that is built',
    lines('FROM debian:12 AS dev', 'RUN x', '', 'FROM alpine:3.20', 'RUN y', ''),
    lines('FROM debian:12 AS dev', 'RUN x', ...APT, '', 'FROM alpine:3.20', 'RUN y', ''),
    'dev',
  ],
  [
    'it is there',
    'FROM debian:12\nRUN apt-get install -y bubblewrap\n',
    'FROM debian:12\nRUN apt-get install -y bubblewrap\n',
  ],
  ['apk', 'FROM alpine:3.20\n', 'FROM alpine:3.20\nRUN apk add --no-cache bubblewrap\n', undefined, 'alpine'],
  [
    'dnf',
    'FROM fedora:44\n',
    'FROM fedora:44\nRUN dnf install -y bubblewrap \\\n    && dnf clean all\n',
    undefined,
    'fedora',
  ],
  [
    'zypper',
    'FROM debian\n',
    'FROM debian\nRUN zypper --non-interactive install bubblewrap \\\n    && zypper clean --all\n',
    undefined,
    'opensuse-leap',
  ],
  ['pacman', 'FROM archlinux\n', 'FROM archlinux\nRUN pacman -Sy --noconfirm bubblewrap\n', undefined, 'arch'],
  ['an unknown distribution', 'FROM debian:12\n', undefined, undefined, 'plan9'],
  ['a user who cannot be told', 'FROM example.com/a\nRUN x\n', undefined],
  ['an open end', 'FROM debian:12\nRUN x \\\n', undefined],
  ['no stage', '# nothing\n', undefined],
]);

suiteOf('install bubblewrap setuid', SETUID, [
  [
    'with the package',
    'FROM debian:12\n',
    lines('FROM debian:12', ...APT, '').replace(/\n$/, ' \\\n    && chmod u+s /usr/bin/bwrap\n'),
  ],
  [
    'where the package is there',
    lines('FROM debian:12', 'RUN apt-get update && apt-get install -y bubblewrap', 'USER dev', ''),
    lines(
      'FROM debian:12',
      'RUN apt-get update && apt-get install -y bubblewrap',
      'RUN chmod u+s /usr/bin/bwrap',
      'USER dev',
      '',
    ),
  ],
  [
    'where a copy is there',
    lines('FROM debian:12', 'RUN cp x/bwrap /usr/local/bin/bwrap', ''),
    lines('FROM debian:12', 'RUN cp x/bwrap /usr/local/bin/bwrap', 'RUN chmod u+s /usr/local/bin/bwrap', ''),
  ],
  [
    'it is setuid',
    'FROM debian:12\nRUN apt-get install -y bubblewrap && chmod 4755 /usr/bin/bwrap\n',
    'FROM debian:12\nRUN apt-get install -y bubblewrap && chmod 4755 /usr/bin/bwrap\n',
  ],
]);

suiteOf('remove bubblewrap', REMOVE, [
  [
    'the last package of a line',
    lines('FROM debian:12', 'RUN apt-get install -y git bubblewrap', ''),
    lines('FROM debian:12', 'RUN apt-get install -y git', ''),
  ],
  [
    'the last line',
    lines('FROM debian:12', 'RUN apt-get install -y \\', '    git \\', '    # sandbox', '    bubblewrap', 'USER dev'),
    lines('FROM debian:12', 'RUN apt-get install -y \\', '    git', '    # sandbox', 'USER dev'),
  ],
  [
    'the last package before a semicolon',
    lines('FROM debian:12', 'RUN apt-get install -y \\', '    git \\', '    bubblewrap; \\', '    rm x', ''),
    lines('FROM debian:12', 'RUN apt-get install -y \\', '    git; \\', '    rm x', ''),
  ],
  [
    'the whole RUN at the end',
    'FROM debian:12\r\nRUN set -eux; apt-get update; apt-get -y install bubblewrap',
    'FROM debian:12',
  ],
  ['the exec form', 'FROM debian:12\nRUN ["apt-get", "install", "-y", "bubblewrap"]\n', 'FROM debian:12\n'],
  [
    'the first command',
    lines('FROM debian:12', 'RUN apt-get install -y bubblewrap && useradd dev', ''),
    lines('FROM debian:12', 'RUN useradd dev', ''),
  ],
  [
    'a here-document of nothing else',
    lines(
      'FROM debian:12',
      'RUN <<EOF',
      'set -e',
      'apt-get update',
      'apt-get install -y bubblewrap',
      'EOF',
      'USER x',
      '',
    ),
    lines('FROM debian:12', 'USER x', ''),
  ],
  [
    'from the stage that it builds on',
    lines(
      'FROM debian:12 AS base',
      'RUN apt-get install -y git bubblewrap',
      'FROM base',
      'RUN chmod u+s /usr/bin/bwrap',
      '',
    ),
    lines('FROM debian:12 AS base', 'RUN apt-get install -y git', 'FROM base', ''),
  ],
  ['a variable among others', 'FROM debian:12\nARG P="git bubblewrap"\nRUN apt-get install -y $P\n', undefined],
  ['a condition', 'FROM debian:12\nRUN if x; then apt-get install -y bubblewrap; fi\n', undefined],
  ['an alternative', 'FROM debian:12\nRUN x || apt-get install -y bubblewrap\n', undefined],
  ['a copy', 'FROM debian:12\nRUN cp x/bwrap /usr/local/bin/bwrap\n', undefined],
  ['it is not there', 'FROM debian:12\nRUN x\n', 'FROM debian:12\nRUN x\n'],
]);

suiteOf('remove setuid', PLAIN, [
  [
    'a RUN of its own',
    lines('FROM debian:12', 'RUN apt-get install -y bubblewrap', 'RUN chmod 4755 /usr/bin/bwrap', ''),
    lines('FROM debian:12', 'RUN apt-get install -y bubblewrap', ''),
  ],
  [
    'in one line',
    lines('FROM debian:12', 'RUN apt-get install -y bubblewrap && sudo chmod u+s /usr/bin/bwrap && x', ''),
    lines('FROM debian:12', 'RUN apt-get install -y bubblewrap && x', ''),
  ],
  [
    'one of several files',
    lines('FROM debian:12', 'RUN apt-get install -y bubblewrap && chmod u+s /usr/bin/x /usr/bin/bwrap', ''),
    lines('FROM debian:12', 'RUN apt-get install -y bubblewrap && chmod u+s /usr/bin/x', ''),
  ],
  ['installed with it', 'FROM debian:12\nRUN install -m 4755 x/bwrap /usr/local/bin/bwrap\n', undefined],
  [
    'what would fail otherwise',
    'FROM debian:12\nRUN apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap || true\n',
    undefined,
  ],
]);

suite('edits of a Dockerfile: what contradicts itself', () => {
  const COPY: DockerfileChange = { kind: 'copy-bwrap', version: '0.11.2' };
  const text =
    'FROM node:22\nRUN apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap\nRUN npm i -g @openai/codex\n';
  const bare = 'FROM node:22\nRUN npm i -g @openai/codex\n';
  for (const [name, dockerfile, changes] of [
    ['a copy and a setuid package', bare, [COPY, SETUID]],
    ['the same the other way round', bare, [SETUID, COPY]],
    ['a copy and no setuid', text, [COPY, PLAIN]],
    ['no setuid and a copy', text, [PLAIN, COPY]],
  ] as const) {
    test(name, () => {
      assert.equal(editDockerfile(dockerfile, 'Dockerfile', changes, { distro: 'debian' }), undefined);
      assert.ok(editDockerfile(dockerfile, 'Dockerfile', [changes[0]], { distro: 'debian' }));
    });
  }
});
