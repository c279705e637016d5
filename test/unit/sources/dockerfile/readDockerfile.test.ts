import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Place } from '../../../../src/model/place.js';
import { readDockerfile } from '../../../../src/sources/dockerfile/readDockerfile.js';
import { linesOf } from '../../../../src/sources/text/lines.js';
import { excerpt } from '../excerpt.js';
import { cases } from '../../cases.js';

type Reading = ReturnType<typeof readDockerfile>;

function read(text: string, options: Parameters<typeof readDockerfile>[2] = {}): Reading {
  return readDockerfile(text, 'Dockerfile', options);
}

/** presence, setuid, version */
function bwrap(text: string, options = {}): unknown[] {
  const { presence, setuid, version } = read(text, options).image.bwrap;
  return [presence.value, setuid.value, version.value];
}

function distro(text: string, options = {}): string {
  const { value } = read(text, options).image.distro;
  return value === undefined ? 'unknown' : `${value.id}:${value.version ?? ''}`;
}

const REAL = `# syntax=docker/dockerfile:1
ARG VARIANT=bookworm
FROM mcr.microsoft.com/devcontainers/base:\${VARIANT}

ARG CODEX_VERSION=0.169.0
ENV DEBIAN_FRONTEND=noninteractive \\
    LANG=C.UTF-8

# Tools
RUN apt-get update && export DEBIAN_FRONTEND=noninteractive \\
    # bubblewrap is what Codex \\ uses
    && apt-get install -y --no-install-recommends \\
        ca-certificates curl \\

        bubblewrap \\
        iptables \\
    && chmod u+s "$(command -v bwrap)" \\
    && rm -rf /var/lib/apt/lists/*

RUN --mount=type=cache,target=/root/.npm npm install -g "@openai/codex@\${CODEX_VERSION}"
USER vscode
`;

suite('sources/dockerfile', () => {
  for (const [name, text] of Object.entries({ LF: REAL, CRLF: REAL.replaceAll('\n', '\r\n'), BOM: `\uFEFF${REAL}` })) {
    test(`a Dockerfile from life, ${name}`, () => {
      const { image, stage, problems } = read(text);
      const at = (places: readonly Place[]): string[] => places.map((p) => excerpt(text, p));
      assert.deepEqual(problems, []);
      assert.equal(excerpt(text, stage), 'FROM mcr.microsoft.com/devcontainers/base:${VARIANT}');
      assert.deepEqual(image.distro.value, { id: 'debian', version: '12' });
      assert.deepEqual(at(image.distro.places), ['mcr.microsoft.com/devcontainers/base:${VARIANT}']);
      assert.deepEqual([image.user.value, at(image.user.places)], ['vscode', ['USER vscode']]);
      assert.deepEqual([image.bwrap.presence.value, at(image.bwrap.presence.places)], ['present', ['bubblewrap']]);
      assert.deepEqual(
        [image.bwrap.setuid.value, at(image.bwrap.setuid.places)],
        [true, ['chmod u+s "$(command -v bwrap)"']],
      );
      assert.deepEqual([image.bwrap.version.value, at(image.bwrap.version.places)], ['0.8.0', ['bubblewrap']]);
      assert.deepEqual(image.codex.value, { version: '0.169.0', bundledBwrap: true });
      assert.deepEqual(at(image.codex.places), ['"@openai/codex@${CODEX_VERSION}"']);
      assert.deepEqual(
        image.programs.map((p) => [p.value, at(p.places)]),
        [['iptables', ['iptables']]],
      );
      assert.deepEqual(image.metadata, { remoteUser: 'vscode' });
    });
  }

  suite('FROM', () => {
    const cases: Readonly<Record<string, string>> = {
      'FROM debian:12': 'debian:12',
      'from debian:12 as x': 'debian:12',
      'FROM --platform=$BUILDPLATFORM debian:12': 'debian:12',
      'FROM\tdebian:12\t': 'debian:12',
      'FROM "debian:12"': 'debian:12',
      'ARG V=13\nFROM debian:$V': 'debian:13',
      'ARG V=13\nARG B=debian:${V}\nFROM ${B}': 'debian:13',
      'ARG B=\nFROM ${B:-debian:12}': 'debian:12',
      'ARG B=debian:12\nFROM ${B:-ubuntu:24.04}': 'debian:12',
      'ARG B\nFROM $B': 'unknown',
      'FROM $B': 'unknown',
      'FROM scratch': 'unknown',
      'FROM debian:12 AS a\nFROM A AS b\nFROM ubuntu:24.04\nFROM b': 'debian:12',
      '# escape=`\nFROM `\n debian:12': 'debian:12',
    };
    for (const [text, expected] of Object.entries(cases)) {
      test(JSON.stringify(text), () => {
        assert.equal(distro(text), expected);
        assert.deepEqual(read(text).problems, []);
      });
    }

    test('build arguments', () => {
      assert.equal(distro('ARG V=13\nFROM debian:$V', { args: { V: '12' } }), 'debian:12');
      assert.equal(distro('ARG B\nFROM $B', { args: { B: 'ubuntu:24.04' } }), 'ubuntu:24.04');
    });

    test('an unknown variable is said to be one, and is no problem', () => {
      const { image, problems } = read('FROM ${BASE}\nUSER ${NAME}\n');
      assert.match(image.distro.why ?? '', /variable BASE of FROM/);
      assert.match(image.user.why ?? '', /variable NAME of USER/);
      assert.equal(image.bwrap.presence.value, undefined);
      assert.deepEqual(problems, []);
    });

    test('an unknown base is unknown and is no problem', () => {
      const { image, problems } = read('FROM ghcr.io/x/y:1\nRUN apt-get install bubblewrap');
      assert.deepEqual([image.bwrap.presence.value, image.bwrap.version.value], ['present', undefined]);
      assert.match(image.distro.why ?? '', /ghcr\.io\/x\/y is unknown/);
      assert.deepEqual(problems, []);
    });
  });

  suite('target', () => {
    const TEXT =
      'FROM debian:12 AS Base\nRUN apt-get install bubblewrap\nFROM base AS dev\nUSER me\nFROM alpine:3.20 AS other\n';

    test('the last stage by default', () => {
      assert.equal(distro(TEXT), 'alpine:3.20');
      assert.equal(excerpt(TEXT, read(TEXT).stage), 'FROM alpine:3.20 AS other');
    });

    test('by name and by number', () => {
      for (const target of ['dev', 'DEV', '1']) {
        const { image, stage } = read(TEXT, { target });
        assert.deepEqual([image.user.value, image.bwrap.version.value], ['me', '0.8.0']);
        assert.equal(excerpt(TEXT, stage), 'FROM base AS dev');
      }
    });

    test('one that is no stage', () => {
      const { stage, problems, image } = read(TEXT, { target: 'prod' });
      assert.equal(stage, undefined);
      assert.equal(image.distro.value, undefined);
      assert.deepEqual(
        problems.map((p) => p.kind),
        ['missing'],
      );
      assert.match(problems[0]?.message ?? '', /no stage "prod"\n[^]*: base, dev, other/);
      assert.equal(excerpt(TEXT, problems[0]?.place), 'FROM alpine:3.20 AS other');
    });
  });

  suite('RUN', () => {
    const cases: Readonly<Record<string, unknown[]>> = {
      'RUN ["apt-get", "install", "-y", "bubblewrap"]': ['present', false, '0.8.0'],
      'RUN ["/bin/bash", "-c", "apt-get install \\"bubblewrap\\" && chmod u+s \\u002fusr/bin/bwrap"]': [
        'present',
        true,
        '0.8.0',
      ],
      'RUN <<EOF\napt-get install -y bubblewrap\nchmod 4755 /usr/bin/bwrap\nEOF': ['present', true, '0.8.0'],
      "RUN bash -e <<'EOF'\napt-get install -y bubblewrap\nEOF": ['present', false, '0.8.0'],
      'RUN cat <<EOF >/x\napt-get install bubblewrap\nEOF': ['absent', false, undefined],
      'ONBUILD RUN apt-get install bubblewrap': ['absent', false, undefined],
      'RUN apt-get install bubblewrap\nRUN apt-get purge bubblewrap': ['absent', false, undefined],
      'RUN apt-get install \\\n# RUN apt-get purge \\\n  bubblewrap': ['present', false, '0.8.0'],
      'RUN echo a\\\\\nRUN apt-get install bubblewrap': ['present', false, '0.8.0'],
      'ENV P="git bubblewrap"\nRUN apt-get install $P': ['present', false, '0.8.0'],
      'ENV P git bubblewrap\nRUN apt-get install $P': ['present', false, '0.8.0'],
      'ARG P\nRUN apt-get install git $P': ['absent', false, undefined],
      'RUN apt-get install git $P': [undefined, false, undefined],
      'SHELL ["pwsh", "-Command"]\nRUN apt-get install bubblewrap': ['absent', false, undefined],
      'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN apt-get install bubblewrap': ['present', false, '0.8.0'],
      'RUN apt-get install bubblewrap \\': ['present', false, '0.8.0'],
      'COPY --chmod=4755 bwrap /usr/local/bin/': ['present', true, undefined],
      'COPY bwrap /usr/local/bin/bwrap': ['present', false, undefined],
      'ADD ["bwrap", "/usr/bin/"]': ['present', false, undefined],
      'COPY --from=ghcr.io/x/y /usr/bin/bwrap /usr/bin/bwrap': ['present', undefined, undefined],
      'COPY bwrap /workspace/': ['absent', false, undefined],
      'RUN npm i -g @openai/codex && cp x/codex-resources/bwrap /usr/bin/': ['present', false, '0.11.2'],
      'RUN npm i -g @openai/codex@0.130.0\nRUN ln -s /x/codex-resources/bwrap /usr/bin/bwrap': [
        'present',
        false,
        '0.11.2',
      ],
      // 0.128 holds its bubblewrap in its executable.
      'RUN npm i -g @openai/codex@0.128.0\nRUN cp x/codex-resources/bwrap /usr/bin/': ['present', false, undefined],
      'RUN cp x/codex-resources/bwrap /usr/bin/ && chmod u+s /usr/bin/bwrap': ['present', true, '0.11.2'],
      'COPY --from=ghcr.io/x/y /x/codex-resources/bwrap /usr/bin/bwrap': ['present', false, '0.11.2'],
      'COPY --chmod=4755 x/codex-resources/bwrap /usr/bin/bwrap': ['present', true, '0.11.2'],
      // The package overwrites what was put there by hand, and not the other way round (measured).
      'RUN cp x/codex-resources/bwrap /usr/bin/\nRUN apt-get install bubblewrap': ['present', false, '0.8.0'],
      'RUN install -m 4755 x/bwrap /bin/bwrap\nRUN apt-get install bubblewrap': ['present', false, '0.8.0'],
      'COPY bwrap /usr/bin/\nRUN apt-get install bubblewrap': ['present', false, '0.8.0'],
      'RUN apt-get install bubblewrap\nRUN cp x/codex-resources/bwrap /usr/bin/\nRUN apt-get install bubblewrap': [
        'present',
        false,
        '0.11.2',
      ],
      'RUN apt-get install bubblewrap\nCOPY x/codex-resources/bwrap /usr/bin/\nRUN apt-get install bubblewrap': [
        'present',
        false,
        '0.11.2',
      ],
      'RUN cp x/codex-resources/bwrap /usr/local/bin/\nRUN apt-get install bubblewrap': ['present', false, '0.11.2'],
      'RUN cp x/codex-resources/bwrap /usr/bin/\nRUN which bwrap || apt-get install bubblewrap': [
        'present',
        false,
        '0.11.2',
      ],
      'RUN cp b/bwrap /usr/local/bin/\nRUN cp x/codex-resources/bwrap /usr/bin/': ['present', false, undefined],
    };
    for (const [text, expected] of Object.entries(cases)) {
      test(JSON.stringify(text), () => {
        assert.deepEqual(bwrap(`FROM debian:12\n${text}`), expected);
        assert.deepEqual(read(`FROM debian:12\n${text}`).problems, []);
      });
    }

    test('where it lies: a place of its own only where it is not the package’s, links resolved', () => {
      const path = (text: string): unknown => read(`FROM debian:12\n${text}`).image.bwrap.path;
      assert.equal(path('RUN apt-get install bubblewrap'), undefined);
      assert.equal(path('RUN cp x/codex-resources/bwrap /usr/bin/'), undefined);
      assert.equal(path('COPY bwrap /bin/bwrap'), undefined);
      const value = (text: string): unknown => (path(text) as { readonly value: unknown }).value;
      assert.equal(value('RUN cp x/codex-resources/bwrap /usr/local/bin/'), '/usr/local/bin/bwrap');
      assert.equal(value('COPY bwrap /usr/local/bin/bwrap'), '/usr/local/bin/bwrap');
      assert.equal(value('RUN ln -s /x/codex-resources/bwrap /usr/bin/bwrap'), '/**/codex-resources/bwrap');
      assert.equal(value('RUN ln -s $(pwd)/bwrap /usr/bin/bwrap'), undefined);
    });

    test('places inside an exec form with escapes', () => {
      const text = 'FROM debian:12\nRUN ["sh", "-c", "echo \\"\\" && apt-get install bubblewrap"]\n';
      assert.equal(excerpt(text, read(text).image.bwrap.presence.places[0]), 'bubblewrap');
    });

    test('places inside a here-document with CRLF', () => {
      const text = 'FROM debian:12\r\nRUN <<EOF\r\n\r\napt-get install bubblewrap\r\nEOF\r\nUSER me\r\n';
      const { image } = read(text);
      assert.equal(excerpt(text, image.bwrap.presence.places[0]), 'bubblewrap');
      assert.equal(image.user.value, 'me');
    });

    test('a build argument switches nothing by itself: a condition stays unknown', () => {
      const text = 'FROM debian:12\nARG SANDBOX=1\nRUN if [ "$SANDBOX" = 1 ]; then apt-get install -y bubblewrap; fi\n';
      const { presence } = read(text).image.bwrap;
      assert.deepEqual([presence.value, excerpt(text, presence.places[0])], [undefined, 'bubblewrap']);
    });
  });

  suite('COPY between stages', () => {
    test('a bwrap keeps version and mode', () => {
      const text = `FROM debian:12 AS b
RUN apt-get install bubblewrap && chmod u+s /usr/bin/bwrap
FROM ubuntu:24.04
COPY --from=b /usr/bin/bwrap /usr/local/bin/bwrap
`;
      assert.deepEqual(bwrap(text), ['present', true, '0.8.0']);
      assert.deepEqual(bwrap(text.replace('--from=b', '--from=0 --chmod=755')), ['present', false, '0.8.0']);
      assert.equal(
        excerpt(text, read(text).image.bwrap.presence.places[0]),
        'COPY --from=b /usr/bin/bwrap /usr/local/bin/bwrap',
      );
    });

    test('a whole file system', () => {
      const text = 'FROM debian:12 AS b\nRUN apt-get install bubblewrap\nUSER me\nFROM scratch\nCOPY --from=b / /\n';
      assert.deepEqual(
        [...bwrap(text), distro(text), read(text).image.user.value],
        ['present', false, '0.8.0', 'debian:12', 'root'],
      );
    });

    test('a Codex executable has no bubblewrap beside it', () => {
      for (const copy of [
        'COPY --from=x/y /codex /usr/local/bin/codex',
        'COPY codex-x86_64-unknown-linux-musl /usr/local/bin/codex',
      ]) {
        assert.deepEqual(read(`FROM debian:12\n${copy}`).image.codex.value, {
          version: undefined,
          bundledBwrap: false,
        });
      }
      assert.equal(read('FROM debian:12\nCOPY codex /workspace/codex').image.codex.value, null);
    });
  });

  suite('USER', () => {
    const cases: Readonly<Record<string, string | undefined>> = {
      '': 'root',
      'USER node': 'node',
      'USER 1000:1000': '1000:1000',
      'ARG U=me\nUSER $U': 'me',
      'ENV U=me\nUSER "${U}"': 'me',
      'ARG U=me\nENV U=you\nUSER $U': 'you',
      'USER me\nUSER root': 'root',
      'ARG U\nUSER ${U:-me}': 'me',
      'USER $UNSET': undefined,
    };
    for (const [text, expected] of Object.entries(cases)) {
      test(JSON.stringify(text), () => {
        assert.equal(read(`FROM debian:12\n${text}`).image.user.value, expected);
      });
    }

    test('an ARG before FROM reaches the stage only when it is named there', () => {
      assert.equal(read('ARG U=me\nFROM debian:12\nARG U\nUSER $U').image.user.value, 'me');
      assert.equal(read('ARG U=me\nFROM debian:12\nUSER $U').image.user.value, undefined);
      assert.equal(read('FROM debian:12\nARG U=me\nUSER $U', { args: { U: 'you' } }).image.user.value, 'you');
    });
  });

  suite('text that Docker refuses', () => {
    const cases: Readonly<Record<string, RegExp>> = {
      '': /no FROM/,
      '\n\n': /no FROM/,
      '# only a comment\n# FROM debian:12\n': /no FROM/,
      'ARG X=1\n': /no FROM/,
      'RUN x\nFROM debian:12\n': /RUN is before the first FROM/,
      'FROM debian:12\nRUNN x\n': /no instruction RUNN/,
      'FROM\nRUN x': /FROM IMAGE/,
      'FROM debian:12 AS\n': /FROM IMAGE/,
    };
    for (const [text, expected] of Object.entries(cases)) {
      test(JSON.stringify(text), () => {
        const { problems } = read(text);
        assert.deepEqual(
          problems.map((p) => p.kind),
          ['syntax'],
        );
        assert.match(problems[0]?.message ?? '', expected);
      });
    }

    test('the rest is judged', () => {
      const text = 'FROM debian:12\nINSTALL bubblewrap\nRUN apt-get install bubblewrap\n';
      assert.deepEqual(bwrap(text), ['present', false, '0.8.0']);
      assert.equal(excerpt(text, read(text).problems[0]?.place), 'INSTALL');
    });

    test('another frontend may know other instructions', () => {
      assert.deepEqual(read('# syntax=example.org/frontend:1\nFROM debian:12\nINSTALL x\n').problems, []);
    });

    test('a megabyte of brackets', () => {
      const { problems, image } = read('['.repeat(1024 * 1024));
      assert.deepEqual(
        problems.map((p) => p.kind),
        ['unreadable'],
      );
      assert.equal(image.bwrap.presence.value, undefined);
    });

    test('as much as is read, in time', function () {
      for (const [start, piece] of [
        ['', '['],
        ['', 'x y\n'],
        ['', 'FROM a\n'],
        ['FROM a\nRUN ', '<<A '],
        ['FROM a\nENV ', '${a:-'],
        ['FROM a\nENV A=aaaa\n', 'ENV A=$A$A\n'],
        ['FROM a\nRUN A=aaaa\nRUN ', 'A=$A$A;'],
        ['FROM a\nCOPY ', '\\'],
        ['FROM a\n', 'FROM a AS b\nCOPY --from=0 / /\n'],
      ] as const) {
        read(start + piece.repeat(Math.floor((127 * 1024) / piece.length)));
      }
    });
  });

  test('never throws, and places stay inside the text, however a Dockerfile is mutilated', () => {
    const pieces = [
      '\\\n',
      '# \\\n',
      '<<EOF',
      '\nEOF\n',
      '"',
      "'",
      '$(',
      '${',
      '[',
      '\r\n',
      '\nFROM ',
      ' AS ',
      '\uFEFF',
      '`',
      '# escape=`\n',
      '😀',
    ];
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.nat(REAL.length), fc.nat(12), fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 }))),
          { maxLength: 6 },
        ),
        fc.boolean(),
        (changes, crlf) => {
          let text = crlf ? REAL.replaceAll('\n', '\r\n') : REAL;
          for (const [at, length, piece] of changes) text = text.slice(0, at) + piece + text.slice(at + length);
          const { image, problems, stage } = read(text);
          const lines = linesOf(text, 'Dockerfile');
          const { presence, setuid, version } = image.bwrap;
          const sourced = [image.user, image.distro, image.codex, presence, setuid, version, ...image.programs];
          for (const { range } of [
            ...sourced.flatMap((s) => s.places),
            ...problems.map((p) => p.place),
            ...(stage ? [stage] : []),
          ]) {
            const [start, end] = [lines.offset(range.start), lines.offset(range.end)];
            assert.ok(start <= end && end <= text.length);
            assert.deepEqual(lines.range(start, end), range);
          }
          for (const { value, why } of sourced) assert.ok(value !== undefined || (why ?? '') !== '');
        },
      ),
      { numRuns: cases(200) },
    );
  });

  test('line ends change nothing but themselves', () => {
    const crlf = REAL.replaceAll('\n', '\r\n');
    const values = (text: string): unknown => {
      const { image, stage } = read(text);
      return JSON.parse(JSON.stringify({ image, stage }));
    };
    assert.deepEqual(values(crlf), values(REAL));
  });
});
