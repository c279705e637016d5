import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observation } from '../../../src/probe/observation.js';
import { parseProbe } from '../../../src/probe/parse.js';
import { PATIENCE_MS, until } from '../../run/patience.js';
import { FAKE_BWRAP, fakeCodex, SCRIPT, SHELLS } from './fakePrograms.js';

/** The same with time limits that a test can wait for. */
const HASTY = SCRIPT.replace(/^step_seconds=\d+/m, 'step_seconds=1').replace(/^codex_seconds=\d+/m, 'codex_seconds=1');
const NONCE = 'b5c3';

interface Probed {
  readonly observation: Observation;
  readonly stdout: string;
  readonly pid: number;
}

for (const [program = '', ...shellArgs] of SHELLS) {
  suite(`probe.sh in ${[program, ...shellArgs].join(' ')}`, () => {
    let folder = '';

    setup(() => {
      folder = mkdtempSync(join(tmpdir(), 'probe-script-'));
      for (const name of ['bin', 'workspace/bin', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
    });

    teardown(() => {
      rmSync(folder, { recursive: true });
    });

    function put(file: string, text: string): void {
      writeFileSync(join(folder, file), text);
      chmodSync(join(folder, file), 0o755);
    }

    /** The folder that the script makes: its name holds the process id, which in this way nothing else uses. */
    function temporaryFolder(pid: number | undefined): string {
      return `/tmp/codex-sandbox-probe.${pid ?? ''}`;
    }

    function probe(path = `${folder}/bin`, script = SCRIPT, variables: Readonly<Record<string, string>> = {}): Probed {
      const { stdout, pid } = spawnSync(program, [...shellArgs, '-s', '--', NONCE, `${folder}/workspace`], {
        input: script,
        encoding: 'utf8',
        timeout: PATIENCE_MS,
        cwd: join(folder, 'workspace'),
        // Not this user's own, where editors keep their extensions.
        env: { PATH: path, HOME: folder, ...variables },
      });
      return { observation: parseProbe(stdout, NONCE), stdout, pid };
    }

    test('comes to its end where there is nothing, and leaves nothing', () => {
      const { observation, stdout, pid } = probe();
      assert.match(stdout, /\tprobe\tdone\t1\n$/);
      assert.equal(observation.facts.codex, null);
      assert.equal(observation.facts.user.uid, process.getuid?.());
      assert.ok(observation.facts.kernel);
      assert.equal(observation.steps.find((step) => step.id === 'codex-run')?.status, 'skipped');
      assert.equal(existsSync(temporaryFolder(pid)), false);
    });

    test('a number below /proc/sys is read whole', () => {
      const value = Number(readFileSync('/proc/sys/user/max_user_namespaces', 'utf8'));
      assert.equal(probe().observation.facts.maxUserNamespaces, value);
    });

    test('the workspace folder: whose it is, and what is there of what Codex shields', () => {
      mkdirSync(join(folder, 'workspace/.git'));
      // A link counts, wherever it leads.
      symlinkSync('/nonexistent', join(folder, 'workspace/.codex'));
      const { workspace } = probe().observation.facts;
      assert.equal(workspace?.path, join(folder, 'workspace'));
      assert.equal(workspace.owner?.uid, process.getuid?.());
      assert.match(workspace.mode ?? '', /^drwx/);
      assert.equal(workspace.refuses, null);
      assert.deepEqual(workspace.present, ['.git', '.codex']);
    });

    test('in the workspace folder nothing is tried where things can be created there', () => {
      put('bin/codex', fakeCodex());
      put('bin/bwrap', FAKE_BWRAP);
      const { steps } = probe().observation;
      assert.deepEqual(
        steps.filter(({ id }) => id.endsWith('-workspace')),
        [],
      );
      assert.deepEqual(readdirSync(join(folder, 'workspace')), ['bin']);
    });

    test('a sandbox that lets everything through fails', () => {
      put('bin/codex', fakeCodex());
      const { observation } = probe();
      assert.equal(observation.facts.codex?.version, '9.8.7');
      assert.equal(observation.outcome, 'fails');
      assert.match(observation.summary, /protects nothing/);
    });

    test('a sandbox that runs nothing and says that it did fails', () => {
      put('bin/codex', '#!/bin/sh\nexit 0\n');
      const { observation } = probe();
      assert.equal(observation.outcome, 'fails');
      assert.match(observation.summary, /cannot write to the workspace/);
    });

    test('the form of `codex sandbox` is asked for', () => {
      put(
        'bin/codex',
        `#!/bin/sh\ncase "$*" in *--help) echo 'Commands:'; echo '  linux  Run in the sandbox' ;; esac\nexit 3\n`,
      );
      const run = probe().observation.steps.find((step) => step.id === 'codex-run');
      assert.match(run?.command ?? '', /codex sandbox linux -c .* -- /);
    });

    test('the old form is told to let commands write', () => {
      put('bin/codex', `#!/bin/sh\ncase "$*" in *--help) echo '  linux  '; echo '  --full-auto' ;; esac\nexit 3\n`);
      const run = probe().observation.steps.find((step) => step.id === 'codex-run');
      assert.match(run?.command ?? '', /codex sandbox linux --full-auto -c .* -- /);
    });

    test('what a program prints forges nothing and steers no terminal', () => {
      const forged = `printf '%s\\tend\\tcodex-run\\tok 0 1\\n%s\\tprobe\\tdone\\t1\\n\\033[2J\\r\\000' ${NONCE} ${NONCE}; exit 1`;
      put('bin/codex', fakeCodex(`{ ${forged}; } >&2`));
      const { observation, stdout } = probe();
      const run = observation.steps.find((step) => step.id === 'codex-run');
      assert.equal(run?.status, 'fail');
      assert.equal(run.stderr, `${NONCE}endcodex-runok 0 1\n${NONCE}probedone1\n[2J`);
      assert.equal(stdout.split('\n').filter((line) => line.includes('probe\tdone')).length, 1);
      // eslint-disable-next-line no-control-regex -- they are what is looked for
      assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f]/);
    });

    test('a program that prints without end is cut off', () => {
      put('bin/codex', fakeCodex('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done'));
      const { observation, stdout } = probe(undefined, HASTY);
      assert.ok(stdout.length < 100_000);
      assert.equal(observation.outcome, 'unknown');
    });

    test('a program that hangs is ended, with what it started', () => {
      put('bin/codex', fakeCodex(`trap '' TERM; /bin/sleep 100 & echo $! >>${folder}/pids; wait; /bin/sleep 100`));
      const { observation } = probe(undefined, HASTY);
      assert.equal(observation.steps.find((step) => step.id === 'codex-run')?.exitCode, 124);
      assert.equal(observation.outcome, 'unknown');
      const [pid = ''] = readFileSync(join(folder, 'pids'), 'utf8').split('\n');
      assert.ok(!existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
    });

    test('a program that leaves something behind which keeps its output open does not hold up the rest', () => {
      put('bin/codex', fakeCodex('/bin/sleep 3 & exit 7'));
      const run = probe(undefined, HASTY).observation.steps.find((step) => step.id === 'codex-run');
      assert.ok(run && run.durationMs < 2000, `${run?.durationMs ?? 0} ms`);
      assert.equal(run.exitCode, 7);
    });

    test('nothing of the workspace is run, and that is said', () => {
      const trap = `#!/bin/sh\necho ran >>${folder}/ran\n`;
      for (const name of ['codex', 'bwrap', 'id', 'cat', 'head', 'tr', 'unshare', 'readlink']) {
        put(`workspace/${name}`, trap);
        put(`workspace/bin/${name}`, trap);
      }
      symlinkSync(join(folder, 'workspace/bin'), join(folder, 'linked'));
      symlinkSync(join(folder, 'workspace/bin/codex'), join(folder, 'bin/codex'));
      const path = [
        '',
        '.',
        'bin',
        `${folder}/workspace`,
        `${folder}/workspace/bin`,
        `${folder}/bin/../workspace/bin`,
        `${folder}/linked`,
        `${folder}/bin`,
        '',
      ];
      const { facts } = probe(path.join(':')).observation;
      assert.equal(existsSync(join(folder, 'ran')), false);
      assert.deepEqual(
        facts.passedOver.map((passed) => passed.path),
        ['(empty)', ...path.slice(1, 7), '(empty)', `${folder}/bin/codex`],
      );
      assert.equal(facts.codex, null);
      assert.deepEqual(facts.bwraps, []);
    });

    suite('the folder shown in other places', () => {
      /** A mount namespace of the test's own; undefined: this user may not have one. */
      const unshare = [[], ['--user', '--map-root-user']]
        .map((user) => ['unshare', ...user, '--mount'])
        .find(([name = '', ...args]) => spawnSync(name, [...args, '/bin/true']).status === 0);

      /** As `probe`, after these commands of a shell that begins in the folder and may mount. */
      function probeAmong(
        mounts: string,
        {
          path,
          workspace = 'workspace',
          env = {},
        }: { path: string; workspace?: string; env?: Readonly<Record<string, string>> },
      ): Observation {
        const [name = '', ...args] = unshare ?? [];
        const { stdout, stderr, status } = spawnSync(
          name,
          [
            ...args,
            ...['/bin/sh', '-ec', `${mounts}\nexec /usr/bin/env -i HOME=/ "$@"`, 'sh'],
            ...Object.entries({ PATH: path, ...env }).map(([key, value]) => `${key}=${value}`),
            ...[program, ...shellArgs, '-s', '--', NONCE, join(folder, workspace)],
          ],
          { input: SCRIPT, encoding: 'utf8', timeout: PATIENCE_MS, cwd: folder },
        );
        assert.equal(status, 0, stderr);
        return parseProbe(stdout, NONCE);
      }

      function trap(file: string): void {
        mkdirSync(join(folder, file, '..'), { recursive: true });
        put(file, `#!/bin/sh\necho "$0" >>${folder}/ran\n`);
      }

      function ran(): string {
        return existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8') : '';
      }

      setup(function () {
        if (!unshare) this.skip();
        for (const name of ['codex', 'bwrap']) trap(`workspace/bin/${name}`);
        mkdirSync(join(folder, 'second'));
      });

      const SECOND: Readonly<Record<string, readonly [mounts: string, path: string]>> = {
        'mounted a second time': ['mount --bind workspace second', 'second/bin'],
        'by a mount of what holds it': ['mount --bind . second', 'second/workspace/bin'],
        'by a mount of a part of it': ['mount --bind workspace/bin second', 'second'],
        'by a mount that a link leads to': ['mount --bind workspace second; ln -s second/bin link', 'link'],
        'by a mount of a mount': [
          'mount --bind . second; mkdir third; mount --bind second/workspace third',
          'third/bin',
        ],
        'when it is a mount of its own': [
          'mount -t tmpfs none second; mv workspace/bin second; mount --bind second workspace; mkdir third; mount --bind second/bin third',
          'third',
        ],
        'by names with spaces and backslashes': [
          "mkdir 'a  b\\040'; mkdir 'a  b\\040/c\td'; mount --bind . 'a  b\\040/c\td'",
          'a  b\\040/c\td/workspace/bin',
        ],
        'by a mount over another one': ['mount -t tmpfs none second; mount --bind workspace second', 'second/bin'],
        'below a mount over another one': [
          'mkdir -p second/bin; mount -t tmpfs none second/bin; mount --bind workspace second',
          'second/bin',
        ],
        'by what is mounted in it and elsewhere': [
          'mkdir workspace/x; mount --bind second workspace/x; cp workspace/bin/* second',
          'second',
        ],
      };
      for (const [how, [mounts, path]] of Object.entries(SECOND)) {
        test(`nothing of it is run: ${how}`, () => {
          const { facts } = probeAmong(mounts, { path: join(folder, path) });
          assert.equal(ran(), '');
          assert.deepEqual(facts.passedOver, [
            {
              path: join(folder, path).replace('\t', ''),
              reason: 'the entry of PATH is inside the workspace',
            },
          ]);
          assert.equal(facts.codex, null);
        });
      }

      test('nothing of it is run: a program that is mounted elsewhere', () => {
        put('bin/codex', fakeCodex());
        const { facts } = probeAmong('mount --bind workspace/bin/codex bin/codex', { path: `${folder}/bin` });
        assert.equal(ran(), '');
        assert.equal(facts.codex, null);
        assert.deepEqual(
          facts.passedOver.map(({ path }) => path),
          [`${folder}/bin/codex`],
        );
      });

      test('nothing of it is run: a part of the package of Codex', () => {
        const modules = 'lib/node_modules/@openai';
        for (const name of ['codex/bin', 'codex-linux-x64/vendor'])
          mkdirSync(join(folder, modules, name), { recursive: true });
        put(`${modules}/codex/bin/codex.js`, `#!/bin/sh\nexec ${folder}/${modules}/codex-linux-x64/vendor/codex\n`);
        symlinkSync(`../${modules}/codex/bin/codex.js`, join(folder, 'bin/codex'));
        const { facts } = probeAmong(`mount --bind workspace/bin ${modules}/codex-linux-x64/vendor`, {
          path: `${folder}/bin`,
        });
        assert.equal(ran(), '');
        assert.equal(facts.codex, null);
        assert.match(facts.passedOver[0]?.reason ?? '', /package/);
      });

      test('nothing at all is run where a program of the system is one of it', () => {
        trap('workspace/bin/id');
        put('bin/codex', fakeCodex());
        const mounts = 'mount --bind workspace/bin/id "$(readlink -f "$(command -v id)")"';
        const { facts, outcome } = probeAmong(mounts, { path: `${folder}/bin` });
        assert.equal(ran(), '');
        assert.equal(facts.codex, null);
        assert.equal(outcome, 'unknown');
        assert.match(facts.passedOver[0]?.reason ?? '', /system/);
      });

      test('what lies elsewhere on the same file system is run, also where it hides a mount of the folder', () => {
        put('bin/codex', fakeCodex());
        const mounts = 'mount --bind workspace second; mount --bind bin second';
        const { facts } = probeAmong(mounts, { path: `${folder}/second` });
        assert.equal(facts.codex?.path, `${folder}/second/codex`);
        assert.deepEqual(facts.passedOver, []);
      });

      test('a mount below the folder hides what is elsewhere only if it shows it', () => {
        put('bin/codex', fakeCodex());
        const mounts =
          'mkdir workspace/usr workspace/tmp; mount --bind /usr workspace/usr; mount -t tmpfs none workspace/tmp';
        const { facts } = probeAmong(mounts, { path: `${folder}/bin` });
        assert.equal(facts.codex?.path, `${folder}/bin/codex`);
      });

      test('where the mounts cannot be read, only programs of the system are run, and that is said', () => {
        put('bin/codex', fakeCodex(`touch ${folder}/ran`));
        const { facts } = probeAmong('mount -t tmpfs none /proc', { path: `${folder}/bin:/usr/bin` });
        assert.equal(ran(), '');
        assert.equal(facts.codex, null);
        assert.deepEqual(facts.passedOver, [
          { path: `${folder}/bin`, reason: 'it may show the workspace: /proc/self/mountinfo cannot be read' },
        ]);
      });

      test('the Git root around a package counts as the workspace, however it is shown', () => {
        for (const name of ['repository/.git', 'repository/packages/a/.devcontainer']) {
          mkdirSync(join(folder, name), { recursive: true });
        }
        trap('repository/tools/codex');
        const paths = ['repository/tools', 'second/tools'].map((path) => join(folder, path));
        const { facts } = probeAmong('mount --bind repository second', {
          path: [...paths, `${folder}/bin`].join(':'),
          workspace: 'repository/packages/a',
        });
        assert.equal(ran(), '');
        assert.deepEqual(
          facts.passedOver.map(({ path }) => path),
          paths,
        );
        assert.equal(facts.workspace?.path, join(folder, 'repository/packages/a'));
      });

      test('a home folder that is a Git repository is none around what lies in it, whatever HOME says', () => {
        mkdirSync(join(folder, '.git'));
        put('bin/codex', fakeCodex());
        writeFileSync(
          join(folder, 'passwd'),
          `me:x:${unshare?.length === 2 ? (process.getuid?.() ?? 0) : 0}:0::${folder}:/bin/sh\n`,
        );
        const home = probeAmong('mount --bind passwd /etc/passwd', { path: `${folder}/bin` });
        assert.equal(home.facts.codex?.path, `${folder}/bin/codex`);
        const claimed = probeAmong('true', { path: `${folder}/bin`, env: { HOME: folder } });
        assert.equal(claimed.facts.codex, null);
      });
    });

    /** The variables that a Codex gets of these, and those that are passed over. */
    function withVariables(variables: Readonly<Record<string, string>>): readonly [string, readonly string[]] {
      put('bin/codex', `#!/bin/sh\n/usr/bin/env >${folder}/environment\nexit 1\n`);
      const { facts } = probe(undefined, SCRIPT, variables).observation;
      const got = readFileSync(join(folder, 'environment'), 'utf8').split('\n');
      const kept = got.filter((line) => Object.keys(variables).includes(line.replace(/=.*/, '')));
      return [kept.join('\n'), facts.passedOver.map(({ path }) => path).sort()];
    }

    test('variables by which programs load files are unset, and that is said', () => {
      const variables = {
        // Percent signs, quotes and names of modules name files of the workspace in ways of which only Node.js knows all.
        NODE_OPTIONS: '--import=file:///root/%65yes/evil.mjs',
        NODE_PATH: '/usr/lib/node_modules',
        BASH_ENV: `${folder}/workspace/evil.sh`,
        LD_AUDIT: '/no/such/audit.so',
      };
      assert.deepEqual(withVariables(variables), ['', Object.keys(variables).sort()]);
    });

    test('so are those of OpenSSL, of the C library and of interpreters', () => {
      const names = [
        'OPENSSL_CONF',
        'OPENSSL_MODULES',
        'OPENSSL_ENGINES',
        'GCONV_PATH',
        'LOCPATH',
        'GIO_EXTRA_MODULES',
      ];
      const ofInterpreters = ['PYTHONPATH', 'PYTHONSTARTUP', 'PERL5LIB', 'PERL5OPT', 'RUBYLIB', 'RUBYOPT'];
      const variables = Object.fromEntries([...names, ...ofInterpreters].map((name) => [name, '/no/such/place']));
      assert.deepEqual(withVariables(variables), ['', Object.keys(variables).sort()]);
    });

    test('functions for bash in the environment are run by nothing', () => {
      const commands = ['id', 'cat', 'head', 'tr', 'printf', 'cd', 'command', 'read', 'unset', 'kill', 'my-own'];
      const trap = `() { echo ran >>${folder}/ran; }`;
      // bash --posix does not start where it may not take one, as of `unset`.
      const taken = commands.filter((name) => !shellArgs.includes('--posix') || !/unset|-/.test(name));
      const functions = Object.fromEntries(taken.map((name) => [`BASH_FUNC_${name}%%`, trap]));
      put('bin/codex', `#!/bin/bash\n/usr/bin/env >${folder}/environment\nid\nmy-own\nexit 1\n`);
      const { stdout } = probe(undefined, SCRIPT, functions);
      assert.match(stdout, /\tprobe\tdone\t1\n$/);
      assert.equal(existsSync(join(folder, 'ran')), false);
      assert.doesNotMatch(readFileSync(join(folder, 'environment'), 'utf8'), /BASH_FUNC/);
    });

    test('lists of folders stay where none of them can be in the workspace', () => {
      const kept = { LD_LIBRARY_PATH: '/usr/lib:/opt/lib', ZDOTDIR: '/etc' };
      assert.deepEqual(withVariables(kept), [
        Object.entries(kept)
          .map((pair) => pair.join('='))
          .join('\n'),
        [],
      ]);
      symlinkSync(join(folder, 'workspace'), join(folder, 'link'));
      for (const entry of ['lib', '.', '', '$ORIGIN/lib', '../lib', `${folder}/workspace/lib`, `${folder}/link/gone`]) {
        for (const list of [`${entry}:/usr/lib`, `/usr/lib:${entry}`, `/usr/lib;${entry}`]) {
          assert.deepEqual(withVariables({ LD_LIBRARY_PATH: list }), ['', ['LD_LIBRARY_PATH']], list);
        }
      }
    });

    test('strange entries of PATH do no harm', () => {
      put('bin/bwrap', FAKE_BWRAP);
      const { facts } = probe(
        `/no/such/folder:*:$(touch ${folder}/ran):\`id\`:/:${folder}/b n\n:${folder}/bin`,
      ).observation;
      assert.equal(existsSync(join(folder, 'ran')), false);
      assert.deepEqual(
        facts.bwraps.map((bwrap) => [bwrap.path, bwrap.version, bwrap.usable]),
        [[`${folder}/bin/bwrap`, 'bubblewrap 0.9.9', true]],
      );
    });

    test('the bwrap of a Codex from npm is found below its package and, as pnpm has it, beside it', () => {
      const target = `${spawnSync('uname', ['-m'], { encoding: 'utf8' }).stdout.trim()}-unknown-linux-musl`;
      for (const place of ['openai/codex/node_modules/@openai', 'openai']) {
        const resources = join('lib', place, 'codex-linux-some', 'vendor', target, 'codex-resources');
        mkdirSync(join(folder, resources), { recursive: true });
        mkdirSync(join(folder, 'lib/openai/codex/bin'), { recursive: true });
        put('lib/openai/codex/bin/codex.js', fakeCodex());
        put(`${resources}/bwrap`, FAKE_BWRAP);
        rmSync(join(folder, 'bin/codex'), { force: true });
        symlinkSync('../lib/openai/codex/bin/codex.js', join(folder, 'bin/codex'));
        const { facts, steps } = probe().observation;
        assert.deepEqual(
          facts.bwraps.map((bwrap) => [bwrap.kind, bwrap.path]),
          [['bundled', join(folder, resources, 'bwrap')]],
        );
        assert.ok(steps.some((step) => step.id === 'bundled-proc'));
        rmSync(join(folder, 'lib'), { recursive: true });
      }
    });

    test('nothing of the workspace is run: by a link to or in the package that a Codex from npm starts', () => {
      const modules = 'lib/node_modules/@openai';
      const machine = 'codex-linux-some';
      const program = 'vendor/target/bin/codex';
      put('workspace/evil', `#!/bin/sh\necho ran >>${folder}/ran\n`);
      const places: readonly (readonly [link: string, target: string])[] = [
        [`${modules}/codex/node_modules/@openai/${machine}`, 'workspace'],
        [`${modules}/${machine}`, 'workspace'],
        [`lib/node_modules/@openai/node_modules/@openai/${machine}`, 'workspace'],
        [`node_modules/@openai/${machine}`, 'workspace'],
        [`.node_modules/@openai/${machine}`, 'workspace'],
        [`${modules}/${machine}/${program}`, 'workspace/evil'],
        [`${modules}/${machine}/vendor`, 'workspace'],
        [`${modules}/codex/vendor`, 'workspace'],
      ];
      symlinkSync(`../${modules}/codex/bin/codex.js`, join(folder, 'bin/codex'));
      for (const [link, target] of places) {
        mkdirSync(join(folder, modules, 'codex/bin'), { recursive: true });
        put(`${modules}/codex/bin/codex.js`, `#!/bin/sh\nexec ${folder}/workspace/evil\n`);
        mkdirSync(join(folder, link, '..'), { recursive: true });
        symlinkSync(join(folder, target), join(folder, link));
        const { facts } = probe().observation;
        assert.equal(existsSync(join(folder, 'ran')), false, link);
        assert.equal(facts.codex, null);
        assert.match(facts.passedOver[0]?.reason ?? '', /inside the workspace/);
        for (const name of ['lib', 'node_modules', '.node_modules'])
          rmSync(join(folder, name), { recursive: true, force: true });
      }
    });

    test('a script that arrives cut short does nothing', () => {
      const lines = SCRIPT.trimEnd().split('\n');
      assert.equal(probe(undefined, lines.slice(0, -1).join('\n')).stdout, '');
    });

    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      test(`on ${signal} it ends what it runs and leaves nothing`, async () => {
        put('bin/codex', fakeCodex(`echo $$ >${folder}/pids; exec /bin/sleep 100`));
        const child = spawn(program, [...shellArgs, '-s', '--', NONCE, `${folder}/workspace`], {
          stdio: ['pipe', 'ignore', 'ignore'],
          env: { PATH: `${folder}/bin`, HOME: '/' },
        });
        child.stdin.end(SCRIPT);
        await until('the script at work', () => existsSync(join(folder, 'pids')));
        const asked = Date.now();
        child.kill(signal);
        const code = await new Promise((resolve) => child.once('exit', resolve));
        assert.ok(Date.now() - asked < PATIENCE_MS);
        assert.equal(code, { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal]);
        const pid = readFileSync(join(folder, 'pids'), 'utf8').trim();
        assert.ok(!existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
        assert.equal(existsSync(temporaryFolder(child.pid)), false);
      });
    }
  });
}
