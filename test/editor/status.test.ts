import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { choices } from '../../src/editor/menu.js';
import { uses, type Shown } from '../../src/editor/shown.js';
import { barOf } from '../../src/editor/status.js';
import { parseProbe } from '../../src/probe/parse.js';
import { judged } from '../unit/judged.js';
import { at, folder } from './support.js';

const FAILS = { '.devcontainer.json': '{ "image": "debian:12", "remoteUser": "vscode" }' };
const WORKS = { '.devcontainer.json': '{ "image": "debian:12", "privileged": true }' };
const UNKNOWN = {
  '.devcontainer.json':
    '{ "image": "example.com/nobody/knows" , "runArgs": ["--security-opt", "seccomp=elsewhere.json"] }',
};

async function shown(files: Readonly<Record<string, string>>, outcome?: 'works' | 'fails'): Promise<Shown> {
  const measured = outcome && { ...parseProbe('', 'nonce'), outcome };
  return { folder: folder(), judgement: await judged(files), isUsed: true, measured };
}

suite('Status', () => {
  test('works, fails and unknown have their own signs, and the tooltip is the verdict', async () => {
    const [fails, works, unknown] = await Promise.all([FAILS, WORKS, UNKNOWN].map((files) => shown(files)));
    assert(fails && works && unknown);
    assert.equal(barOf([fails]).text, '$(error) Codex sandbox');
    assert.equal(barOf([works]).text, '$(check) Codex sandbox');
    assert.equal(barOf([unknown]).text, '$(question) Codex sandbox');
    assert.equal(barOf([works, unknown, fails]).text, '$(error) Codex sandbox', 'the worst counts');
    assert.equal(
      barOf([{ ...fails, isUsed: false }]).text,
      '$(info) Codex sandbox',
      'nothing shows that Codex is used',
    );
    assert.match(barOf([fails]).tooltip, /^\.devcontainer\.json: fails on Docker Desktop/);
    assert.equal(barOf([fails]).spoken, 'Codex sandbox: fails');
    assert.match(barOf(Array.from({ length: 30 }, () => fails)).tooltip, /\n20 more$/);
  });

  test('what was measured comes before what is predicted', async () => {
    const works = barOf([await shown(FAILS, 'works')]);
    assert.equal(works.text, '$(check) Codex sandbox (measured)');
    assert.match(works.tooltip, /measured: works here; predicted: fails on/);
    assert.equal(barOf([await shown(WORKS, 'fails')]).text, '$(error) Codex sandbox (measured)');
  });

  test('a configuration uses its Dockerfile and Compose file as well as devcontainer.json', async () => {
    const compose = await shown({
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yml", "service": "app" }',
      '.devcontainer/compose.yml': 'services:\n  app:\n    build: .\n',
      '.devcontainer/Dockerfile': 'FROM debian:12\n',
    });
    for (const file of ['devcontainer.json', 'compose.yml', 'Dockerfile']) {
      assert(uses(compose, at(`.devcontainer/${file}`)), file);
    }
    assert(!uses(compose, at('README.md')));
  });

  test('its menu offers only what is there', async () => {
    const known = await vscode.commands.getCommands(true);
    for (const { run } of choices()) assert(known.includes(run[0]), run[0]);
    assert.equal(choices().length, 4);
  });
});
