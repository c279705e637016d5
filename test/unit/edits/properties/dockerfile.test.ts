import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Change } from '../../../../src/edits/changes/change.js';
import { outlineDockerfile } from '../../../../src/sources/dockerfile/outline.js';
import { checked, show, type Files } from './check.js';
import { assertInForce } from './inForce.js';
import { cases } from '../../cases.js';

const FILE = '.devcontainer/devcontainer.json';
const DOCKERFILE = '.devcontainer/Dockerfile';

/** One command of a RUN as words; lines may break between words and around what joins commands. */
const command = fc.constantFrom(
  'apt-get update',
  'apt-get install -y git bubblewrap curl',
  'apt-get install -y bubblewrap git',
  'apt-get install -y git',
  'apt-get install -y bubblewrap',
  'chmod u+s /usr/bin/bwrap',
  'sudo chmod 4755 /usr/bin/bwrap',
  'useradd -m dev',
  'echo done',
  'rm -rf /var/lib/apt/lists/*',
);
const gap = fc.constantFrom('', '', '', '', ' \\\n   ', ' \\\n# c\n   ', ' \\\n\t# c\n\t# c\n', ' \\\n\n  ');
const run = fc
  .record({
    commands: fc.array(command, { minLength: 1, maxLength: 4 }),
    joint: fc.constantFrom('&&', '&&', ';'),
    gaps: fc.array(gap, { minLength: 60, maxLength: 60 }),
  })
  .map(({ commands, joint, gaps }) => {
    let at = 0;
    const next = (): string => gaps[at++ % gaps.length] ?? '';
    const written = commands.map((each) => each.split(' ').join(`${next()} `));
    return `RUN ${written.reduce((left, right) => `${left}${next()} ${joint}${next()} ${right}`)}`;
  });
/** Instructions that bubblewrap is nothing to. */
const plain = fc.constantFrom(
  'ENV A=b',
  'ENV A=b \\\n    # c\n    B=c',
  'WORKDIR /workspace',
  'USER dev',
  'USER root',
  'USER dev:dev',
  'ARG VERSION=1',
  'COPY . /src',
  'LABEL a=b',
  'EXPOSE 80',
  'SHELL ["/bin/bash", "-c"]',
  'CMD ["sleep", "infinity"]',
  'ENTRYPOINT ["/bin/sh"]',
  'HEALTHCHECK NONE',
  'RUN <<EOF\necho a\n# no comment of the Dockerfile\nEOF',
);
const between = fc.constantFrom('', '', '', '\n', '# c\n', '\n# c\n', '\n# c\n# c\n\n', '  # c\n');
const stage = fc.tuple(
  fc.constantFrom(
    'debian:12',
    'debian:12',
    'ubuntu:24.04',
    'alpine:3.20',
    'mcr.microsoft.com/devcontainers/base:bookworm',
  ),
  fc.array(fc.tuple(between, fc.oneof({ weight: 2, arbitrary: run }, { weight: 3, arbitrary: plain })), {
    maxLength: 5,
  }),
);
const dockerfile = fc
  .record({
    stages: fc.array(stage, { minLength: 1, maxLength: 3 }),
    head: fc.constantFrom('', '', '# c\n', '# syntax=docker/dockerfile:1\n\n', 'ARG BASE=debian:12\n'),
    chained: fc.boolean(),
    eol: fc.constantFrom('\n', '\n', '\r\n'),
    end: fc.constantFrom('', '\n', '\n\n', '\n# c\n', '\n# c'),
  })
  .map(({ stages, head, chained, eol, end }) => {
    const body = stages.map(([base, instructions], index) => {
      const from = index > 0 && chained ? `s${index - 1}` : base;
      return [`FROM ${from} AS s${index}`, ...instructions.map(([above, each]) => above + each)].join('\n');
    });
    let count = 0;
    const text = head + body.join('\n\n') + end;
    return text.replaceAll(/# c(?=\n|$)/g, () => `# c${count++}`).replaceAll('\n', eol);
  });

/** The same with Codex in every stage. */
function withCodex(text: string): string {
  return text.replace(
    / AS s\d(\r?\n|$)/g,
    (found, eol: string) => `${found}${eol && `RUN npm i -g @openai/codex${eol}`}`,
  );
}

/** What every stage does, word by word, without the RUN instructions. */
function withoutRuns(text: string): readonly string[] {
  return outlineDockerfile(text).stages.flatMap(({ from, instructions }) =>
    [from, ...instructions].flatMap(({ keyword, rest }) =>
      keyword === 'RUN' ? [] : [`${keyword} ${rest.text.trim().replace(/\s+/g, ' ')}`],
    ),
  );
}

suite('properties of edits: Dockerfile', function () {
  this.timeout(0);
  const kinds: Readonly<Record<string, Change>> = {
    'install-bwrap': { kind: 'install-bwrap', setuid: false },
    'install-bwrap with setuid': { kind: 'install-bwrap', setuid: true },
    'copy-bwrap': { kind: 'copy-bwrap', version: '0.11.2' },
    'remove-bwrap': { kind: 'remove-bwrap' },
    'remove-setuid': { kind: 'remove-setuid' },
  };
  for (const [kind, change] of Object.entries(kinds)) {
    test(kind, async () => {
      let refused = 0;
      const holds = async (drawn: string, target: number | undefined): Promise<void> => {
        const text = kind === 'copy-bwrap' ? withCodex(drawn) : drawn;
        const stages = outlineDockerfile(text).stages.length;
        const build = { dockerfile: 'Dockerfile', ...(target !== undefined && { target: `s${target % stages}` }) };
        const files: Files = { [FILE]: JSON.stringify({ build }), [DOCKERFILE]: text };
        const outcome = await checked(files, [change]);
        if (!outcome) {
          refused++;
          return;
        }
        const shown = show([change], files, outcome.files);
        assertInForce(outcome.after.container, change, shown);
        const [was, is] = [withoutRuns(text), withoutRuns(outcome.files[DOCKERFILE] ?? '')];
        const added = /^(install|copy)/.test(kind) ? 2 : 0;
        assert.deepEqual(
          is.filter((each) => !each.startsWith('USER')),
          was.filter((each) => !each.startsWith('USER')),
          shown,
        );
        assert.ok(is.length >= was.length && is.length <= was.length + added, shown);
        assert.equal(outcome.after.container.user.value, outcome.before.container.user.value, shown);
      };
      await fc.assert(fc.asyncProperty(dockerfile, fc.option(fc.nat(9), { nil: undefined }), holds), {
        numRuns: cases(40),
        endOnFailure: true,
      });
      assert.ok(refused < cases(40) / 10 + 5, `${refused} refused`);
      if (process.env['PROPERTY_SHOW']) console.log(kind, { refused });
    });
  }
});
