import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { HOSTS } from '../../src/model/host.js';
import { checkText } from '../../src/report/text.js';
import { painter } from '../../src/report/terminal.js';
import { judge } from '../../src/rules/judge.js';
import { readConfigurations } from '../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from './memoryFiles.js';

interface Manifest {
  readonly contributes: {
    readonly problemMatchers: readonly {
      readonly name: string;
      readonly pattern: { readonly regexp: string } & Readonly<Record<string, number>>;
    }[];
  };
}

const { contributes } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;

suite('the problem matcher', () => {
  test('finds every finding of the command line’s text, and nothing else', async () => {
    const [matcher] = contributes.problemMatchers;
    assert.equal(matcher?.name, 'codex-sandbox-check');
    const { pattern } = matcher;
    const regexp = new RegExp(pattern.regexp);
    const files = {
      '.devcontainer.json': '{\n  "image": "debian:13",\n  "runArgs": ["--cap-add=NET_ADMIN"],\n  "privileged": 5\n}\n',
      '.devcontainer/a b: c/devcontainer.json': '{ "image": "debian:12", "privileged": true }',
    };
    const judgements = (await readConfigurations(memoryFiles(files))).map((configuration) =>
      judge(configuration, { hosts: [HOSTS['docker-desktop'], HOSTS['docker-ubuntu']] }),
    );
    const shown = (file: string): string => `/w/${file}`;
    const text = checkText(
      judgements.map((judgement) => ({ judgement, shown })),
      painter(false),
    );
    const matched = text.split('\n').flatMap((line) => {
      const match = regexp.exec(line);
      if (!match) return [];
      const part = (name: string): string => match[pattern[name] ?? -1] ?? '';
      return [[part('file'), part('line'), part('column'), part('severity'), part('code')].join('|')];
    });
    const expected = judgements.flatMap(({ findings }) =>
      findings.map(({ place, severity, rule }) => {
        const { line, character } = place.range.start;
        return [`/w/${place.file}`, line + 1, character + 1, severity, rule].join('|');
      }),
    );
    assert(expected.length >= 4, `${expected.length} findings`);
    assert.deepEqual(matched.sort(), expected.sort());
  });
});
