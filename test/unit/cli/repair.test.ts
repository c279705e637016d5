import assert from 'node:assert/strict';
import { overlay, repair, type JudgeFiles, type Repaired } from '../../../src/cli/repair.js';
import { notes, type NoteOptions } from '../../../src/cli/repairNotes.js';
import type { Gate } from '../../../src/model/gates.js';
import type { Judgement } from '../../../src/rules/judge.js';
import type { Fix } from '../../../src/rules/engine/rule.js';
import { memoryFiles } from '../memoryFiles.js';
import { finding, fixOf, judgementOf, prediction } from '../report/judgements.js';

/**
 * A world of one file, `conf`: each host works when the text contains the host's name. `useless` in it is a finding whose
 * fix takes it out.
 */
function world(hosts: readonly string[], repairs: readonly Fix[], useless?: Fix): JudgeFiles {
  return async (files) => {
    const answer = await files.read('conf');
    const text = answer.kind === 'text' ? answer.text : '';
    const failing: Gate = 'pivot-root';
    const predictions = hosts.map((host) => prediction(host, text.includes(host) ? undefined : failing));
    const broken = predictions.some((p) => p.outcome !== 'works');
    return judgementOf({
      file: 'conf',
      texts: { conf: text },
      predictions,
      repairs: broken ? repairs : [],
      findings: [
        ...(broken ? [finding()] : []),
        ...(useless && text.includes('useless') ? [finding({ severity: 'warning' })] : []),
      ],
      fixesOf: ({ severity }) => (useless && severity === 'warning' ? [useless] : []),
    });
  };
}

/** The lines of what a person reads of a repair for hosts that were named, and its heading before them. */
function noted(repaired: Repaired, options: Partial<NoteOptions> = {}): readonly string[] {
  const { heading, lines } = notes(repaired, {
    verbose: false,
    failOn: 'info',
    shown: (file) => `w/${file}`,
    ...options,
  });
  return [heading, ...lines];
}

const CHEAP = fixOf('Cheap', { conf: 'one ' });
const DEAR = fixOf('Dear', { conf: 'one two ' });

function takeOut(text: string, from: number): Fix {
  const range = { start: { line: 0, character: from }, end: { line: 0, character: from + text.length } };
  return {
    title: `Remove ${text}`,
    details: [],
    adds: [],
    removes: [],
    needsReview: false,
    preferred: true,
    relaxations: [],
    edits: [{ file: 'conf', range, newText: '' }],
  };
}

suite('choosing and applying repairs', () => {
  test('the one that covers all hosts, and says that a smaller one covers fewer', async () => {
    const done = await repair(memoryFiles({ conf: '' }), new Map(), world(['one', 'two'], [CHEAP, DEAR]));
    assert.deepEqual([...done.edited], [['conf', 'one two ']]);
    assert.deepEqual(done.smaller, [{ fix: CHEAP, hosts: ['one'] }]);
    assert.deepEqual(noted(done), ['fails on one and two', '- Dear', 'after these changes: works on one and two']);
  });

  test('in full: what the changes give away, and the smaller one only where it saves something', async () => {
    const modest = { ...CHEAP, relaxations: [] };
    const done = await repair(memoryFiles({ conf: '' }), new Map(), world(['one', 'two'], [modest, DEAR]));
    const lines = noted(done, { verbose: true });
    assert.match(lines[2] ?? '', /^gives away: /);
    assert.match(lines.at(-1) ?? '', /^If only one matters, --host one keeps: /);
    const same = await repair(memoryFiles({ conf: '' }), new Map(), world(['one', 'two'], [CHEAP, DEAR]));
    assert.doesNotMatch(noted(same, { verbose: true }).join(), /If only/);
  });

  test('each change has a line, and what a reader has to see first is named', async () => {
    const detailed = fixOf(
      'All',
      { conf: 'one ' },
      { details: ['Add a.', 'Set b.'], adds: ['capability X'], removes: ['no-new-privileges'] },
    );
    const lines = async (fix: Fix) =>
      noted(await repair(memoryFiles({ conf: '' }), new Map(), world(['one'], [fix]))).slice(1, -1);
    assert.deepEqual(await lines(detailed), ['- Add a.', '- Set b.']);
    assert.deepEqual(await lines({ ...detailed, needsReview: true }), [
      '- Add a.',
      '- Set b.',
      'review this first: it adds capability X',
      'review this first: it removes no-new-privileges',
    ]);
  });

  test('where none covers all, the one that covers most; the cheapest of equals', async () => {
    const judge = world(['one', 'two', 'three'], [CHEAP, DEAR, fixOf('Dearer', { conf: 'one two four ' })]);
    const done = await repair(memoryFiles({ conf: '' }), new Map(), judge);
    assert.deepEqual(
      done.applied.map((f) => f.title),
      ['Dear'],
    );
    assert.deepEqual(noted(done), [
      'fails on one, two and three',
      '- Dear',
      'after these changes: works on one and two, fails on three',
      'fails on three: the seccomp profile blocks pivot_root. No change of these files is known to help.',
    ]);
  });

  test('a repair that helps nobody is not applied', async () => {
    const done = await repair(memoryFiles({ conf: '' }), new Map(), world(['one'], [fixOf('Vain', { conf: 'zero' })]));
    assert.deepEqual(done.applied, []);
    assert.equal(done.edited.size, 0);
  });

  test('a sure failure is repaired although the rest then is not known', async () => {
    const judge: JudgeFiles = async (files) => {
      const answer = await files.read('conf');
      const better = answer.kind === 'text' && answer.text !== '';
      const outcome = {
        ...prediction('one', better ? undefined : 'pivot-root'),
        ...(better && { outcome: 'unknown' as const, undecided: 'apparmor' as const }),
      };
      return judgementOf({ file: 'conf', texts: { conf: '' }, predictions: [outcome], repairs: better ? [] : [CHEAP] });
    };
    const done = await repair(memoryFiles({ conf: '' }), new Map(), judge);
    assert.deepEqual(noted(done), [
      'fails on one',
      '- Cheap',
      'after these changes: unknown on one',
      'unknown on one: not known whether AppArmor blocks the sandbox. Measure it with `codex-sandbox-check probe`.',
    ]);
  });

  test('a file that breaks its grammar: that is what is to be corrected, not the host', async () => {
    const judge: JudgeFiles = () =>
      Promise.resolve(
        judgementOf({
          file: 'conf',
          texts: { conf: '{' },
          predictions: [prediction('one', 'pivot-root')],
          findings: [finding({ rule: 'invalid-file', severity: 'error' })],
        }),
      );
    const done = await repair(memoryFiles({ conf: '{' }), new Map(), judge);
    assert.deepEqual(noted(done), [
      'fails on one',
      'fails on one: the seccomp profile blocks pivot_root. Nothing is changed until you correct w/.devcontainer/devcontainer.json:3.',
    ]);
  });

  test('nothing to do', async () => {
    const done = await repair(memoryFiles({ conf: 'one' }), new Map(), world(['one'], [CHEAP]));
    assert.equal(done.edited.size, 0);
    assert.deepEqual(noted(done), ['nothing to do (works on one)']);
  });

  test('a finding that is left and decides the exit status is named', async () => {
    const left = finding({ rule: 'run-args-ignored', severity: 'warning', gate: undefined, headline: 'Ignored.' });
    const judge = (): Promise<Judgement> =>
      Promise.resolve(judgementOf({ file: 'conf', predictions: [prediction('one')], findings: [left] }));
    const done = await repair(memoryFiles({ conf: '' }), new Map(), judge);
    assert.deepEqual(noted(done), [
      'works on one',
      'left: w/.devcontainer/devcontainer.json:3: warning: Ignored. [run-args-ignored]',
    ]);
    assert.deepEqual(noted(done, { failOn: 'error' }), ['nothing to do (works on one)']);
  });

  test('a line that is no JSON for several reasons is named once', async () => {
    const wrong = ['a', 'b'].map((headline) => finding({ rule: 'invalid-file', gate: undefined, headline }));
    const judge = (): Promise<Judgement> =>
      Promise.resolve(judgementOf({ file: 'conf', predictions: [prediction('one')], findings: wrong }));
    const done = await repair(memoryFiles({ conf: '' }), new Map(), judge);
    assert.equal(noted(done).filter((line) => line.startsWith('left: ')).length, 1);
  });

  test('an Ubuntu host that nobody named has no line here', async () => {
    const judge = (): Promise<Judgement> =>
      Promise.resolve(
        judgementOf({
          predictions: [prediction('docker-desktop'), prediction('docker-ubuntu', 'loopback')],
          advisory: ['docker-ubuntu'],
        }),
      );
    const done = await repair(memoryFiles({ conf: '' }), new Map(), judge);
    assert.deepEqual(noted(done), ['nothing to do (works on Docker Desktop, fails on Ubuntu 24.04)']);
  });

  test('what is of no use is taken back, also where everything works', async () => {
    const done = await repair(
      memoryFiles({ conf: 'one useless' }),
      new Map(),
      world(['one'], [], takeOut('useless', 4)),
    );
    assert.deepEqual([...done.edited], [['conf', 'one ']]);
    assert.deepEqual(
      done.applied.map((f) => f.title),
      ['Remove useless'],
    );
  });

  test('but not when a host would then be worse off', async () => {
    const fix = takeOut('useless one', 0);
    const judge: JudgeFiles = async (files) => {
      const answer = await files.read('conf');
      const text = answer.kind === 'text' ? answer.text : '';
      return judgementOf({
        file: 'conf',
        texts: { conf: text },
        predictions: [prediction('one', text.includes('one') ? undefined : 'pivot-root')],
        findings: text.includes('useless') ? [finding({ severity: 'warning' })] : [],
        fixesOf: () => [fix],
      });
    };
    const done = await repair(memoryFiles({ conf: 'useless one' }), new Map(), judge);
    assert.equal(done.edited.size, 0);
  });

  test('a fix that does not take its finding away is tried once and dropped', async () => {
    let judged = 0;
    const judge = world(['one'], [], takeOut('', 0));
    const done = await repair(memoryFiles({ conf: 'one useless' }), new Map(), (files) => {
      judged++;
      return judge(files);
    });
    assert.deepEqual(done.applied, []);
    assert.equal(judged, 2);
  });

  test('a fix that widens is left to the user', async () => {
    const widening = { ...takeOut('useless', 4), relaxations: ['privileged'] as const };
    const done = await repair(memoryFiles({ conf: 'one useless' }), new Map(), world(['one'], [], widening));
    assert.equal(done.edited.size, 0);
  });

  test('what is left under a condition says so', async () => {
    const failing = { ...prediction('one', 'pivot-root'), condition: 'unless the image sets options of its own' };
    const world = (): Promise<Judgement> => Promise.resolve(judgementOf({ file: 'conf', predictions: [failing] }));
    const done = await repair(memoryFiles({ conf: '' }), new Map(), world);
    assert.deepEqual(noted(done), [
      'probably fails on one',
      'fails on one: the seccomp profile blocks pivot_root unless the image sets options of its own. No change of these files is known to help.',
    ]);
  });

  test('it starts from what was edited already', async () => {
    const done = await repair(memoryFiles({ conf: '' }), new Map([['conf', 'one']]), world(['one'], [CHEAP]));
    assert.deepEqual(done.applied, []);
    assert.deepEqual([...done.edited], [['conf', 'one']]);
  });

  test('line ends become those of the file', async () => {
    const files = memoryFiles({ conf: 'a\r\nb\r\n' });
    const done = await repair(files, new Map(), world(['one'], [fixOf('Lines', { conf: 'one\nx\n' })]));
    assert.deepEqual([...done.edited], [['conf', 'one\r\nx\r\na\r\nb\r\n']]);
  });

  test('a file is created, unless one of another content is there', async () => {
    const creating = fixOf('Create', { conf: 'one', 'new.json': '{}\n' });
    const judge = world(['one'], [creating]);
    const done = await repair(memoryFiles({ conf: '' }), new Map(), judge);
    assert.equal(done.edited.get('new.json'), '{}\n');
    const same = await repair(memoryFiles({ conf: '', 'new.json': '{}\n' }), new Map(), judge);
    assert.equal(same.edited.has('new.json'), false);
    await assert.rejects(repair(memoryFiles({ conf: '', 'new.json': '[]' }), new Map(), judge), {
      name: 'InputError',
      message: /^new\.json already exists, and nothing refers to it/,
    });
  });

  test('the overlay answers for the edited files only', async () => {
    const files = overlay(memoryFiles({ 'a/b': 'old', c: 'c' }), new Map([['a/b', 'new']]));
    assert.deepEqual(await files.read('a/./b'), { kind: 'text', text: 'new' });
    assert.deepEqual(await files.read('c'), { kind: 'text', text: 'c' });
    assert.deepEqual(await files.folders(''), ['a']);
  });
});
