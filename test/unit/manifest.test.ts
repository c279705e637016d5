import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shownText } from '../../docs/translatable.js';

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly image: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const { contributes } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as Manifest;
const texts = JSON.parse(readFileSync(`${root}/package.nls.json`, 'utf8')) as Readonly<Record<string, string>>;
const known = contributes.commands.map(({ command }) => command);

suite('package.json', () => {
  test('every command is in one category, and the palette finds the check by its title', () => {
    for (const { category, command } of contributes.commands) {
      assert.equal(shownText(category ?? '', texts), 'Codex Sandbox', command);
    }
    const check = contributes.commands.find(({ command }) => command === 'codexSandbox.check');
    assert.equal(shownText(check?.title ?? '', texts), 'Check Codex sandbox');
  });

  test('the walkthrough has three steps, whose pictures and commands there are', () => {
    const [walkthrough] = contributes.walkthroughs;
    assert.equal(walkthrough?.steps.length, 3);
    for (const { completionEvents, description, media } of walkthrough.steps) {
      assert(existsSync(`${root}/${media.image}`), media.image);
      assert.equal(completionEvents.length, 1);
      const commands = [...shownText(description, texts).matchAll(/command:(codexSandbox\.\w+)/g)].map(
        ([, command = '']) => command,
      );
      for (const command of commands) assert(known.includes(command), command);
    }
  });

  test('the menus of files offer the check where a file may belong to a dev container', () => {
    for (const menu of ['explorer/context', 'editor/context']) {
      const [item] = contributes.menus[menu] ?? [];
      assert.equal(item?.command, 'codexSandbox.check');
      const [, pattern = ''] = /=~ \/(.*)\/i$/.exec(item.when ?? '') ?? [];
      const names = new RegExp(pattern, 'i');
      for (const name of [
        'devcontainer.json',
        '.devcontainer.json',
        'Dockerfile',
        'Dockerfile.dev',
        'dev.Dockerfile',
        'compose.yml',
        'docker-compose.override.yaml',
      ]) {
        assert.match(name, names);
      }
      for (const name of ['package.json', 'README.md', 'composer.json']) assert.doesNotMatch(name, names);
    }
  });
});
