import assert from 'node:assert/strict';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';
const BASE = '/workspaces/${localWorkspaceFolderBasename}';
/** As it is shown. */
const SHOWN = '/workspaces/…';

/** What is said of the workspace: `PATH: LINKS`; nothing where it is not known or nothing is in the way. */
async function seen(
  devcontainer: Readonly<Record<string, unknown>>,
  links: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Promise<string> {
  const files = memoryFiles({ [FILE]: JSON.stringify(devcontainer), ...others }, links);
  const [configuration] = await readConfigurations(files, FILE);
  const { folder } = configuration?.workspace ?? {};
  return folder ? `${folder.path}: ${folder.links?.join(' ') ?? ''}` : '';
}

const IMAGE = { image: 'debian:12' };
const COMPOSE = { dockerComposeFile: 'compose.yaml', service: 'app' };

function compose(...volumes: readonly string[]): Readonly<Record<string, string>> {
  const lines = volumes.map((volume) => `      - ${volume}\n`).join('');
  return { '.devcontainer/compose.yaml': `services:\n  app:\n    image: debian:12\n    volumes:\n${lines}` };
}

suite('which folder of the files the container has as its workspace', () => {
  test('the folder of the configuration, where nothing else is said', async () => {
    assert.equal(await seen(IMAGE, ['.git']), `${SHOWN}: .git`);
    assert.equal(await seen(IMAGE, []), '');
    assert.equal(await seen(IMAGE, ['sub/.git', 'README.md', '.devcontainer']), '');
    assert.equal(await seen(IMAGE, ['.aws', '.codex', '.git', '.agents']), `${SHOWN}: .git .agents .codex .aws`);
    assert.equal(await seen({}, ['.git']), '', 'no container');
  });

  const mount = (source: string, target: string, type = 'bind'): string =>
    `source=${source},target=${target},type=${type}`;
  const LOCAL = '${localWorkspaceFolder}';

  for (const [what, properties, links, expected] of [
    ['a folder below the usual one', { workspaceFolder: `${BASE}/sub` }, ['sub/.git'], `${SHOWN}/sub: .git`],
    ['… of which the root does not count', { workspaceFolder: `${BASE}/sub` }, ['.git'], ''],
    ['a folder that nothing mounts', { workspaceFolder: '/src' }, ['.git'], ''],
    ['a name that is not known to be the folder’s', { workspaceFolder: '/workspaces/app' }, ['.git'], ''],
    [
      'a mount of its own',
      { workspaceMount: mount(LOCAL, '/work'), workspaceFolder: '/work' },
      ['.agents'],
      '/work: .agents',
    ],
    [
      'a folder in it, with slashes at the ends',
      { workspaceMount: mount(LOCAL, '/work/'), workspaceFolder: '/work/a/b/' },
      ['a/b/.codex', '.git'],
      '/work/a/b: .codex',
    ],
    [
      'a part that is mounted',
      { workspaceMount: mount(`${LOCAL}/a`, '/work'), workspaceFolder: '/work/b' },
      ['a/b/.git'],
      '/work/b: .git',
    ],
    [
      'the folder above',
      { workspaceMount: mount(`${LOCAL}/..`, '/workspaces'), workspaceFolder: BASE },
      ['.git'],
      `${SHOWN}: .git`,
    ],
    [
      'the folder above, as a whole',
      { workspaceMount: mount(`${LOCAL}/..`, '/all'), workspaceFolder: '/all' },
      ['../.git'],
      '/all: .git',
    ],
    ['a neighbour', { workspaceMount: mount(`${LOCAL}/..`, '/all'), workspaceFolder: '/all/x' }, ['.git'], ''],
    ['another mount without its folder', { workspaceMount: mount(LOCAL, '/work') }, ['.git'], ''],
    ['no mount', { workspaceMount: '', workspaceFolder: BASE }, ['.git'], ''],
    ['a volume', { workspaceMount: mount('code', '/work', 'volume'), workspaceFolder: '/work' }, ['.git'], ''],
    ['an absolute path', { workspaceMount: mount('/src', '/work'), workspaceFolder: '/work' }, ['.git'], ''],
    [
      'a variable of the machine',
      { workspaceMount: mount(`${LOCAL}/\${localEnv:SUB}`, '/work'), workspaceFolder: '/work' },
      ['.git'],
      '',
    ],
    ['something mounted over it', { mounts: [`source=code,target=${BASE},type=volume`] }, ['.git'], ''],
    [
      'something mounted over the entry',
      { mounts: [`source=x,target=${BASE}/.codex,type=volume`], runArgs: [`--tmpfs=${BASE}/.aws`] },
      ['.codex', '.aws', '.git'],
      `${SHOWN}: .git`,
    ],
    ['of wrong types', { workspaceFolder: 1, workspaceMount: 2 }, ['.git'], `${SHOWN}: .git`],
  ] as const) {
    test(what, async () => {
      assert.equal(await seen({ ...IMAGE, ...properties }, links), expected);
    });
  }

  for (const [what, folder, volumes, links, expected] of [
    ['a service: the folder above the file', '/work', ['..:/work:cached'], ['.git'], '/work: .git'],
    ['with a folder in it', '/work/a', ['..:/work'], ['a/.git'], '/work/a: .git'],
    ['two above, as in the templates', BASE, ['../..:/workspaces:cached'], ['.git'], `${SHOWN}: .git`],
    ['the folder of the file', '/work', ['.:/work'], ['.devcontainer/.git', '.git'], '/work: .git'],
    ['the long form', '/work', ['{ type: bind, source: .., target: /work }'], ['.git'], '/work: .git'],
    ['the longest counts', '/work/a', ['..:/work', 'code:/work/a'], ['.git', 'a/.git'], ''],
    ['the last of equals counts', '/work', ['code:/work', '..:/work'], ['.git'], '/work: .git'],
    ['a volume', '/work', ['code:/work'], ['.git'], ''],
    ['a volume in the long form', '/work', ['{ type: volume, source: code, target: /work }'], ['.git'], ''],
    ['an absolute path', '/work', ['/src:/work'], ['.git'], ''],
    ['the home folder', '/work', ['~/src:/work'], ['.git'], ''],
    ['nothing', '/work', ['..:/elsewhere'], ['.git'], ''],
    ['no folder is named', undefined, ['..:/work'], ['.git'], ''],
  ] as const) {
    test(what, async () => {
      const workspaceFolder = folder === undefined ? {} : { workspaceFolder: folder };
      const found = await seen({ ...COMPOSE, ...workspaceFolder }, links, compose(...volumes));
      assert.equal(found, expected);
    });
  }

  test('a service whose file is not there', async () => {
    assert.equal(await seen({ ...COMPOSE, workspaceFolder: '/work' }, ['.git']), '');
  });

  test('a mode that only reads needs nothing, and files that do not tell are not asked', async () => {
    const says = (text: string): Readonly<Record<string, string>> => ({ '.codex/config.toml': `${text}\n` });
    const mode = (value: string): Readonly<Record<string, string>> => says(`sandbox_mode = "${value}"`);
    const profile = (name: string, more = ''): Readonly<Record<string, string>> =>
      says(`default_permissions = "${name}"\n${more}`);
    assert.equal(await seen(IMAGE, ['.git'], mode('read-only')), '');
    assert.equal(await seen(IMAGE, ['.git'], mode('workspace-write')), `${SHOWN}: .git`);
    assert.equal(await seen(IMAGE, ['.git'], profile(':workspace')), `${SHOWN}: .git`);
    assert.equal(await seen(IMAGE, ['.git'], profile(':read-only')), '');
    assert.equal(await seen(IMAGE, ['.git'], profile('mine', '[permissions.mine.filesystem]\n":root" = "read"')), '');
    assert.equal(await seen(IMAGE, ['.git'], profile('elsewhere')), '');
    assert.equal(await seen(IMAGE, ['.codex']), `${SHOWN}: .codex`);
    const { isLink, ...silent } = memoryFiles({ [FILE]: JSON.stringify(IMAGE) }, ['.git']);
    assert.ok(isLink);
    assert.equal((await readConfigurations(silent, FILE))[0]?.workspace, undefined);
  });
});
