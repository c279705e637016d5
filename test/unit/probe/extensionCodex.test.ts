import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Observation } from '../../../src/probe/observation.js';
import { parseProbe } from '../../../src/probe/parse.js';
import { PATIENCE_MS } from '../../run/patience.js';
import { FAKE_BWRAP, fakeCodex, SCRIPT, SHELLS } from './fakePrograms.js';

const NONCE = 'a7e1';

/** As `uname -m` has it. */
const MACHINE = { x64: 'x86_64', arm64: 'aarch64' }[arch()] ?? arch();

/** Where the extension has its Codex. */
const PROGRAM = `bin/linux-${MACHINE}/codex`;

/** A Codex whose sandbox works. */
const WORKING = fakeCodex('case "$*" in *../outside*) exit 1 ;; esac');

/** One that has no bubblewrap. */
const FAILING = fakeCodex(
  'echo "bubblewrap is unavailable: no system bwrap was found on PATH and no bundled codex-resources/bwrap binary was found next to the Codex executable" >&2; exit 101',
);

for (const [program = '', ...shellArgs] of SHELLS) {
  suite(`probe.sh in ${[program, ...shellArgs].join(' ')}: the Codex of the ChatGPT extension`, () => {
    let folder = '';

    setup(() => {
      folder = mkdtempSync(join(tmpdir(), 'probe-extension-'));
      for (const name of ['bin', 'workspace', 'home']) mkdirSync(join(folder, name));
    });

    teardown(() => {
      rmSync(folder, { recursive: true });
    });

    function put(file: string, text: string): void {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
      chmodSync(join(folder, file), 0o755);
    }

    /** Puts the Codex of an extension there, by default below the folder of VS Code's server. */
    function extension(version: string, text = WORKING, extensions = 'home/.vscode-server/extensions'): string {
      const path = `${extensions}/openai.chatgpt-${version}-linux-x64`;
      put(`${path}/${PROGRAM}`, text);
      return path;
    }

    /** Notes that it was run. */
    const trap = (): string => `#!/bin/sh\necho "$0" >>${folder}/ran\n`;
    const ran = (): string => (existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8') : '');

    interface Way {
      /** HOME, in the folder. */
      readonly home?: string;
      /** What a window says, in the folder. */
      readonly loaded?: readonly string[];
      /** What is done before, by a shell that may mount. */
      readonly mounts?: string;
    }

    function probe({ home = 'home', loaded = [], mounts }: Way = {}): Observation {
      const command = [
        ...(mounts === undefined ? [] : ['unshare', '--mount', '/bin/sh', '-ec', `${mounts}\nexec "$@"`, 'sh']),
        ...[program, ...shellArgs, '-s', '--', NONCE, join(folder, 'workspace'), 'restricted', '', '--'],
        ...loaded.map((path) => join(folder, path)),
      ];
      const { stdout } = spawnSync(command[0] ?? '', command.slice(1), {
        input: SCRIPT,
        encoding: 'utf8',
        timeout: PATIENCE_MS,
        cwd: folder,
        env: { PATH: `${folder}/bin:/usr/bin:/bin`, HOME: join(folder, home) },
      });
      assert.match(stdout, /\tprobe\tdone\t1\n$/);
      return parseProbe(stdout, NONCE);
    }

    /** Origin and path, in the folder, of each Codex that was measured. */
    const found = ({ codexes }: Observation): readonly string[] =>
      codexes.map(({ origin, path }) => `${origin} ${path.replace(`${folder}/`, '')}`);

    test('it is measured where there is none on PATH', () => {
      const path = extension('26.917.1');
      const observation = probe();
      assert.deepEqual(found(observation), [`extension ${path}/${PROGRAM}`]);
      assert.equal(observation.facts.codex?.origin, 'extension');
      assert.equal(observation.facts.codex.version, '9.8.7');
      assert.equal(observation.outcome, 'works', observation.summary);
    });

    test('beside the one on PATH each has a verdict of its own, and the difference comes first', () => {
      put('bin/codex', WORKING);
      const path = extension('26.917.1', FAILING);
      put(`${path}/bin/linux-${MACHINE}/codex-resources/bwrap`, FAKE_BWRAP);
      const observation = probe();
      assert.deepEqual(found(observation), ['path bin/codex', `extension ${path}/${PROGRAM}`]);
      assert.deepEqual(
        observation.codexes.map(({ outcome, gate, bundledBwrap }) => [outcome, gate, bundledBwrap?.version]),
        [
          ['works', null, undefined],
          ['fails', 'bwrap-available', 'bubblewrap 0.9.9'],
        ],
      );
      assert.equal(observation.outcome, 'fails');
      assert.equal(observation.gate, 'bwrap-available');
      assert.match(observation.summary, /^Codex in the terminal works, Codex in the ChatGPT extension fails\. /);
      assert.deepEqual(
        observation.codexes[1]?.steps.map(({ id, status }) => [id, status]),
        [
          ['codex-run', 'fail'],
          ['codex-write-inside', 'skipped'],
          ['codex-write-outside', 'skipped'],
        ],
      );
      assert.equal(observation.steps.find(({ id }) => id === 'codex-run')?.status, 'ok');
    });

    test('what the first Codex let through is not counted against the second', () => {
      put('bin/codex', fakeCodex());
      extension('26.917.1');
      const { codexes, summary } = probe();
      assert.deepEqual(
        codexes.map(({ outcome }) => outcome),
        ['fails', 'works'],
      );
      assert.match(summary, /^Codex in the terminal fails, Codex in the ChatGPT extension works\. .*protects nothing/);
    });

    test('of several versions it is the one in the list of the editor, else the newest', () => {
      const extensions = 'home/.vscode-server/extensions';
      const [, newest, listed] = ['26.9.30', '26.10.2', '26.10.1'].map((version) => extension(version));
      assert.deepEqual(found(probe()), [`extension ${newest ?? ''}/${PROGRAM}`]);
      const entry = (name: string): unknown => ({
        identifier: { id: 'openai.chatgpt' },
        location: { path: `/nowhere/${name}`, scheme: 'file' },
        relativeLocation: name,
      });
      const list = (...names: readonly string[]): void => {
        put(`${extensions}/extensions.json`, JSON.stringify(names.map(entry)));
      };
      list('a.b-1.0.0', 'openai.chatgpt-26.10.1-linux-x64', 'z.z-2.0.0');
      assert.deepEqual(found(probe()), [`extension ${listed ?? ''}/${PROGRAM}`]);
    });

    test('where the list of the editor names none that is there, it is the newest', () => {
      const extensions = 'home/.vscode-server/extensions';
      const [listed, newest] = ['26.10.1', '26.10.2'].map((version) => extension(version));
      const entry = (name: string): unknown => ({ identifier: { id: 'openai.chatgpt' }, relativeLocation: name });
      const lists = [
        '',
        '[]',
        JSON.stringify([entry('a.b-1.0.0'), entry('../../openai.chatgpt-26.10.1-linux-x64')]),
        JSON.stringify([entry('openai.chatgpt-26.9.1-linux-x64')]),
        `${' '.repeat(1_000_000)}${JSON.stringify([entry('openai.chatgpt-26.10.1-linux-x64')])}`,
      ];
      for (const text of lists) {
        put(`${extensions}/extensions.json`, text);
        assert.deepEqual(found(probe()), [`extension ${newest ?? ''}/${PROGRAM}`], text.slice(-80));
      }
      put(
        `${extensions}/extensions.json`,
        JSON.stringify([entry('openai.chatgpt-26.10.1-linux-x64')], undefined, '\t'),
      );
      assert.deepEqual(found(probe()), [`extension ${listed ?? ''}/${PROGRAM}`], 'a list that tabs indent');
    });

    test('a list that has no end is not read', () => {
      const extensions = 'home/.vscode-server/extensions';
      const list = join(folder, extensions, 'extensions.json');
      const path = extension('26.10.1');
      spawnSync('mkfifo', [join(folder, 'pipe'), list]);
      assert.deepEqual(found(probe()), [`extension ${path}/${PROGRAM}`]);
      for (const target of ['/dev/zero', join(folder, 'pipe'), '/proc/kmsg']) {
        rmSync(list);
        symlinkSync(target, list);
        assert.deepEqual(found(probe()), [`extension ${path}/${PROGRAM}`], target);
      }
    });

    test('each editor has its own, and a window says which it has loaded', () => {
      const older = extension('26.1.0');
      extension('26.2.0');
      const cursor = extension('26.3.0', WORKING, 'home/.cursor-server/extensions');
      const observation = probe({ loaded: [older] });
      assert.deepEqual(
        found(observation),
        [older, cursor].map((path) => `extension ${path}/${PROGRAM}`),
      );
      assert.match(
        observation.summary,
        /The same holds for Codex in the ChatGPT extension \(\/.* and Codex in the ChatGPT/,
      );
    });

    test('a file that is reached in two ways is measured once', () => {
      const path = extension('26.917.1');
      symlinkSync(join(folder, path, PROGRAM), join(folder, 'bin/codex'));
      assert.deepEqual(found(probe({ loaded: [path] })), ['path bin/codex']);
    });

    test('no more than four are tried, and that is said', () => {
      const editors = [
        '.vscode-server',
        '.vscode-server-insiders',
        '.vscode-remote',
        '.cursor-server',
        '.windsurf-server',
      ];
      for (const editor of editors) extension('26.1.0', WORKING, `home/${editor}/extensions`);
      const { codexes, facts } = probe();
      assert.equal(codexes.length, 4);
      assert.match(facts.passedOver[0]?.path ?? '', /\.windsurf-server/);
    });

    suite('nothing of the workspace is run', () => {
      function refused(way: Way, reason: RegExp): void {
        const { codexes, facts, steps } = probe(way);
        assert.equal(ran(), '');
        assert.deepEqual(codexes, []);
        assert.ok(!steps.some(({ id }) => id.startsWith('bundled-')), 'nor what it would start');
        assert.match(facts.passedOver.map((passed) => passed.reason).join('\n'), reason);
      }

      test('where HOME is the workspace', () => {
        extension('26.1.0', trap(), 'workspace/.vscode-server/extensions');
        refused({ home: 'workspace' }, /the extension is inside the workspace/);
      });

      test('where a window has the extension from there', () => {
        refused(
          { loaded: [extension('26.1.0', trap(), 'workspace/extensions')] },
          /the extension is inside the workspace/,
        );
      });

      test('by links to it, of each part of the way', () => {
        const path = extension('26.1.0', trap(), 'workspace/extensions');
        const name = 'openai.chatgpt-26.1.0-linux-x64';
        const links: readonly (readonly [string, string])[] = [
          ['home/.vscode-server/extensions', 'workspace/extensions'],
          [`home/.vscode-server/extensions/${name}`, path],
          [`home/.vscode-server/extensions/${name}/bin`, `${path}/bin`],
          [`home/.vscode-server/extensions/${name}/${PROGRAM}`, `${path}/${PROGRAM}`],
        ];
        for (const [link, target] of links) {
          rmSync(join(folder, 'home'), { recursive: true });
          mkdirSync(dirname(join(folder, link)), { recursive: true });
          symlinkSync(join(folder, target), join(folder, link));
          refused({}, /the extension is inside the workspace/);
        }
      });

      test('by a bubblewrap that it would start', () => {
        const place = `bin/linux-${MACHINE}`;
        put('workspace/bwrap', trap());
        for (const bwrap of [`${place}/codex-resources/bwrap`, 'bin/codex-resources/bwrap', `${place}/bwrap`]) {
          const path = extension('26.1.0', trap());
          // What is found first does not hide it.
          put(`${path}/${place}/codex-resources/bwrap`, FAKE_BWRAP);
          rmSync(join(folder, path, bwrap), { force: true });
          mkdirSync(dirname(join(folder, path, bwrap)), { recursive: true });
          symlinkSync(join(folder, 'workspace/bwrap'), join(folder, path, bwrap));
          refused({}, /it would start .*workspace\/bwrap, which is inside the workspace/);
          rmSync(join(folder, path), { recursive: true });
        }
      });

      suite('by mounts', () => {
        setup(function () {
          if (spawnSync('unshare', ['--mount', '/bin/true']).status !== 0) this.skip();
        });

        test('of the whole extension, and of what holds it', () => {
          const name = 'openai.chatgpt-26.1.0-linux-x64';
          const path = extension('26.1.0', trap(), 'workspace/extensions');
          mkdirSync(join(folder, `home/.vscode-server/extensions/${name}`), { recursive: true });
          refused({ mounts: `mount --bind ${path} home/.vscode-server/extensions/${name}` }, /inside the workspace/);
          refused(
            { mounts: 'mount --bind workspace/extensions home/.vscode-server/extensions' },
            /inside the workspace/,
          );
        });

        test('of a part of it', () => {
          const path = extension('26.1.0', trap());
          mkdirSync(join(folder, path, 'out'));
          refused({ mounts: `mount --bind workspace ${path}/out` }, /a part of the extension is inside the workspace/);
        });

        test('where the mounts cannot be read', () => {
          extension('26.1.0', trap());
          refused({ mounts: 'mount -t tmpfs none /proc' }, /mountinfo cannot be read/);
        });
      });
    });
  });
}
