import assert from 'node:assert/strict';
import { withoutUsedElsewhere } from '../../../src/rules/engine/usedElsewhere.js';
import type { Judgement } from '../../../src/rules/judge.js';
import { applyAll } from '../appliedEdits.js';
import { judged, judgedAll } from '../judged.js';

const FILE = '.devcontainer/devcontainer.json';

function image(...comments: readonly string[]): Readonly<Record<string, string>> {
  return { [FILE]: `{\n${comments.join('\n')}\n"image": "debian:12"\n}` };
}

function rules({ findings }: Judgement): readonly string[] {
  return findings.map(({ rule }) => rule);
}

suite('comments that switch rules off', () => {
  test('a finding on the line goes, and is kept with its reason', async () => {
    const without = await judged(image());
    const judgement = await judged(image('// codex-sandbox-ignore seccomp-profile: we know'));
    assert.ok(rules(without).includes('seccomp-profile'));
    assert.deepEqual(
      rules(judgement),
      rules(without).filter((rule) => rule !== 'seccomp-profile'),
    );
    assert.deepEqual(
      judgement.suppressed.map(({ finding, by }) => [finding.rule, by.reason, by.place.range.start.line]),
      [['seccomp-profile', 'we know', 1]],
    );
  });

  test('for a whole file, and several rules', async () => {
    const names = [...new Set(rules(await judged(image())))];
    const comment = `// codex-sandbox-ignore ${names.join(', ')}: a base for others`;
    const judgement = await judged({ [FILE]: `${comment}\n${image()[FILE]!}` });
    assert.deepEqual(rules(judgement), []);
  });

  test('not on another line, and not in another file', async () => {
    const comment = 'codex-sandbox-ignore seccomp-profile: x';
    for (const texts of [
      { [FILE]: `{ // ${comment}\n"image": "debian:12" }` },
      {
        [FILE]: '{ "build": { "dockerfile": "Dockerfile" } }',
        '.devcontainer/Dockerfile': `# ${comment}\nFROM debian:12\n`,
      },
    ]) {
      const found = rules(await judged(texts));
      assert.ok(found.includes('seccomp-profile') && found.includes('ignore-unused'), found.join());
    }
  });

  test('what is ignored is still fixed with the rest', async () => {
    const judgement = await judged(image('// codex-sandbox-ignore seccomp-profile: x'));
    assert.ok(judgement.isRepairable());
  });

  test('what is there on purpose is not removed with the rest', async () => {
    const kept = async (comment: string): Promise<boolean> => {
      const option = `"securityOpt": ["systempaths=unconfined"]`;
      const texts = { [FILE]: `{\n"image": "debian:12",\n${comment}\n${option}\n}` };
      const judgement = await judged(texts);
      const fix = judgement.repairs().fixes().at(-1);
      assert.ok(fix);
      return (
        applyAll(new Map(Object.entries(texts)), fix.edits)
          .get(FILE)
          ?.includes('systempaths=unconfined') ?? false
      );
    };
    assert.equal(await kept(''), false);
    assert.equal(await kept('// codex-sandbox-ignore systempaths-as-root: a nested container engine'), true);
  });

  test('a name that is not a rule is told with the one that is meant', async () => {
    const { findings } = await judged(image('// codex-sandbox-ignore seccomp-profil: x'));
    const found = findings.find(({ rule }) => rule === 'ignore-unused');
    assert.deepEqual(
      [found?.severity, found?.headline, found?.details[0], found?.place.range.start],
      [
        'info',
        '"seccomp-profil" is not a rule of this check',
        'Did you mean "seccomp-profile"?',
        { line: 1, character: 24 },
      ],
    );
  });

  test('without a rule it ignores nothing', async () => {
    const found = rules(await judged(image('// codex-sandbox-ignore')));
    assert.ok(found.includes('ignore-unused') && found.includes('seccomp-profile'));
  });

  test('one in a shared file is not unused where another configuration needs it', async () => {
    const build = '"build": { "dockerfile": "../Dockerfile" }, "remoteUser": "dev"';
    const setuid = 'RUN apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap';
    const judgements = await judgedAll(
      {
        '.devcontainer/a/devcontainer.json': `{ ${build}, "securityOpt": ["no-new-privileges"] }`,
        '.devcontainer/b/devcontainer.json': `{ ${build} }`,
        '.devcontainer/Dockerfile': `FROM debian:12\n${setuid} # codex-sandbox-ignore setuid-inert: x\n`,
      },
      ['docker-desktop'],
    );
    assert.deepEqual(
      judgements.map((judgement) => rules(judgement).includes('ignore-unused')),
      [false, true],
    );
    for (const { findings } of judgements) {
      const shown = withoutUsedElsewhere(findings, judgements);
      assert.ok(!shown.some(({ rule }) => rule === 'ignore-unused'));
    }
    const [, alone] = judgements;
    assert.ok(alone && withoutUsedElsewhere(alone.findings, [alone]).some(({ rule }) => rule === 'ignore-unused'));
  });
});
