import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { RULES } from '../../../src/rules/index.js';
import { UBUNTU_24_04 } from '../probe/engines.js';
import { DEFAULT_HOSTS } from '../../../src/model/host.js';
import { PATIENCE_MS } from '../../run/patience.js';
import { bundledCli, bundledMain } from '../cliBundle.js';
import { assertCheckJson } from '../report/contract.js';
import { temporaryFolder } from './temporaryFolder.js';

const PROJECT = join(import.meta.dirname, '../../..');
const CONFIGURATION = '.devcontainer/devcontainer.json';
const DOCKERFILE = 'FROM debian:12\nRUN useradd --create-home vscode\n';
const PLAIN = `// A comment that stays.
{
  "build": { "dockerfile": "Dockerfile" }, // as does this one
  "remoteUser": "vscode"
}
`;

/** The default hosts, named. */
const EVERYWHERE = DEFAULT_HOSTS.flatMap((host) => ['--host', host]);
const PROBE_MEMBERS = ['codexes', 'facts', 'gate', 'outcome', 'remediation', 'schemaVersion', 'steps', 'summary'];

interface Json {
  readonly configurations: readonly {
    readonly root: string;
    readonly file: string;
    readonly predictions: readonly { readonly host: string; readonly outcome: string; readonly gate: string | null }[];
  }[];
}

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

suite('the command line', function () {
  let program = '';
  let main: Awaited<ReturnType<typeof bundledMain>>;
  let folder: ReturnType<typeof temporaryFolder>;

  /** Runs the program in the folder, in this process. */
  async function run(
    args: readonly string[],
    options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<Ran> {
    let [out, err] = ['', ''];
    const status = await main(args, {
      out: (text) => (out += text),
      err: (text) => (err += text),
      input: () => Promise.resolve(options.input ?? ''),
      interruption: () => ({ signal: new AbortController().signal, release: () => undefined }),
      cwd: folder.path,
      terminal: false,
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...options.env },
    });
    return { status, out, err };
  }

  /** Runs the program in the folder as a process of its own. */
  function start(args: readonly string[], input: string | Buffer = ''): Ran {
    const options = { cwd: folder.path, encoding: 'utf8', input, timeout: PATIENCE_MS } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
    return { status, out: stdout, err: stderr };
  }

  function write(file: string, content: string): void {
    writeFileSync(join(folder.path, file), content);
  }

  const read = (file: string): string => readFileSync(join(folder.path, file), 'utf8');

  suiteSetup(async () => {
    [program, main] = await Promise.all([bundledCli(), bundledMain()]);
  });
  setup(() => {
    folder = temporaryFolder({
      [`a/${CONFIGURATION}`]: PLAIN,
      'a/.devcontainer/Dockerfile': DOCKERFILE,
      'empty/README': '',
    });
  });
  teardown(() => {
    folder.remove();
  });

  suite('check', () => {
    test('findings: exit status 1, results on stdout only, no colour in a pipe', async () => {
      const { status, out, err } = await run(['check', 'a']);
      assert.equal(status, 1);
      assert.equal(err, '');
      assert.match(out, /^a\/\.devcontainer\/devcontainer\.json:3:\d+: error: .+ \[seccomp-profile\]$/m);
      assert.match(
        out,
        /^a\/\.devcontainer\/devcontainer\.json\n {2}fails on Docker Desktop, Linux \(Debian\) and Ubuntu\n/,
      );
      assert.match(out, /^ {2}Docker Desktop {2}fails {4}Docker's seccomp profile blocks user namespaces$/m);
      assert.match(out, /^1 configuration: 1 error, 1 warning, \d info\.$/m);
      assert.match(out, /^Next: `codex-sandbox-check fix a` /m);
      assert.ok(!out.includes('\u001b'));
      assert.deepEqual(start(['check', 'a']), { status, out, err });
      assert.ok((await run(['check', 'a'], { env: { FORCE_COLOR: '1' } })).out.includes('\u001b[31m'));
    });

    test('this machine as a host, as its Docker describes it; a docker in the workspace is not run', async () => {
      const outside = temporaryFolder();
      const bin = outside.path;
      const poisoned = join(folder.path, 'a/docker');
      writeFileSync(join(bin, 'docker'), `#!/bin/sh\ncat <<'END'\n${UBUNTU_24_04}\nEND\n`, { mode: 0o755 });
      writeFileSync(poisoned, '#!/bin/sh\n>"$0.ran"\n', { mode: 0o755 });
      const env = { PATH: `${join(folder.path, 'a')}:${bin}:${process.env['PATH'] ?? ''}` };
      const args = ['--host', 'local', '--host', 'docker-ubuntu'];
      const { status, out, err } = await run(['check', 'a', '--format', 'json', ...args], { env });
      assert.deepEqual([status, err], [1, '']);
      const { predictions } = (JSON.parse(out) as Json).configurations[0]!;
      assert.deepEqual(
        predictions.map((p) => [p.host, p.outcome, p.gate]),
        [
          ['local', 'fails', 'seccomp-userns'],
          ['docker-ubuntu', 'fails', 'seccomp-userns'],
        ],
      );
      assertCheckJson(JSON.parse(out));
      const text = (await run(['check', 'a', ...args], { env })).out;
      assert.match(
        text,
        /^ {2}This machine {2}fails {4}Docker's seccomp profile [^]*^ {2}This machine: Docker 28\.2\.2 on Ubuntu/m,
      );
      assert.equal((await run(['fix', 'a', '--host', 'local'], { env })).status, 0);
      assert.equal(existsSync(`${poisoned}.ran`), false);
      outside.remove();
    });

    test('whatever this machine is, looking at it is no error', async () => {
      const { status, out, err } = await run(['check', 'a', '--host', 'local']);
      // Docker's machines have findings; that of a Podman, or of none, may have none.
      assert.ok(status === 0 || status === 1, `exit status ${status}`);
      assert.match(out, /^ {2}(works|fails|unknown) on this machine$[^]*^ {2}This machine: \S/m);
      assert.equal(err, '');
    });

    test('--fail-on decides the exit status', async () => {
      assert.equal((await run(['check', 'a', '--fail-on', 'never'])).status, 0);
      assert.equal((await run(['check', 'a', '--fail-on', 'error'])).status, 1);
    });

    test('JSON as in the contract, for each kind of PATH and several of them', async () => {
      const paths = ['a', 'a/.devcontainer', `a/${CONFIGURATION}`, './a/'];
      const { status, out, err } = await run(['check', '--format', 'json', ...paths]);
      assert.equal(status, 1);
      assert.equal(err, '');
      const json = JSON.parse(out) as Json;
      assertCheckJson(json);
      assert.deepEqual(
        json.configurations.map(({ root, file }) => [root, file]),
        paths.map((path) => [path, CONFIGURATION]),
      );
    });

    test('a folder whose packages have configurations: each is judged as a workspace folder of its own', async () => {
      for (const name of ['x', 'y']) {
        const own = `mono/packages/${name}/.devcontainer`;
        mkdirSync(join(folder.path, own), { recursive: true });
        write(`${own}/devcontainer.json`, PLAIN.replace('"Dockerfile"', '"../../../Dockerfile"'));
      }
      write('mono/Dockerfile', read('a/.devcontainer/Dockerfile'));
      const { status, out, err } = await run(['check', 'mono', '--format', 'json']);
      assert.equal(err, '');
      assert.equal(status, 1);
      const json = JSON.parse(out) as Json;
      assertCheckJson(json);
      assert.deepEqual(
        json.configurations.map(({ root, file }) => [root, file]),
        ['x', 'y'].map((name) => ['mono', `packages/${name}/${CONFIGURATION}`]),
      );
      // The Dockerfile above the packages is read, since PATH holds it; for a package alone it lies outside.
      assert.doesNotMatch(out, /unreadable-file/);
      assert.match((await run(['check', 'mono/packages/x'])).out, /unreadable-file/);
    });

    test('a repository with 25 equal configurations takes less than 40 lines, and --all shows each', async () => {
      for (let i = 0; i < 25; i++) {
        mkdirSync(join(folder.path, `many/p${i}`), { recursive: true });
        write(`many/p${i}/.devcontainer.json`, '{ "build": { "dockerfile": "Dockerfile" } }\n');
        write(`many/p${i}/Dockerfile`, 'FROM debian:13\nRUN apt-get update && apt-get install -y bubblewrap\n');
      }
      const { status, out } = await run(['check', 'many']);
      assert.equal(status, 1);
      assert.ok(out.split('\n').length < 40, out);
      assert.match(out, /^25 configurations with the same verdict and findings/);
      const all = await run(['check', 'many', '--all']);
      assert.equal(all.out.match(/\[seccomp-profile\]/g)?.length, 25);
    });

    test('configurations that need the same changes are named together', async () => {
      for (const name of ['p0', 'p1', 'p2', 'p3', 'p4', 'p5']) {
        mkdirSync(join(folder.path, 'some', name), { recursive: true });
        write(`some/${name}/.devcontainer.json`, '{ "image": "debian:12", "remoteUser": "vscode" }\n');
      }
      const { err } = await run(['fix', 'some', '--host', 'docker-desktop']);
      assert.match(err, /^some\/p0\/\.devcontainer\.json: fails on Docker Desktop$/m);
      assert.match(err, /^ {2}the same in some\/p1\/\.devcontainer\.json, [^]*? and\s+2 more$/m);
      assert.equal(err.match(/^ {2}- Sets seccomp=/gm)?.length, 1);
    });

    test('configurations below a folder that has its own are counted, and --all judges them', async () => {
      mkdirSync(join(folder.path, 'a/tools'));
      write('a/tools/.devcontainer.json', '{ "image": "debian:12" }');
      assert.match(
        (await run(['check', 'a'])).out,
        /^1 more folder below has a configuration\. To include it, add --all\.$/m,
      );
      assert.match((await run(['fix', 'a'])).err, /^1 more folder below has a configuration\./m);
      const { configurations } = JSON.parse((await run(['check', 'a', '--all', '--format', 'json'])).out) as Json;
      assert.deepEqual(
        configurations.map(({ file }) => file),
        [CONFIGURATION, 'tools/.devcontainer.json'],
      );
    });

    test('--output: the result goes into the file alone, or it is said why not', async () => {
      const printed = await run(['check', 'a', '--format', 'json']);
      assert.deepEqual(await run(['check', 'a', '--format', 'json', '--output', 'result.json']), {
        ...printed,
        out: '',
      });
      assert.equal(read('result.json'), printed.out);
      const nowhere = await run(['check', 'a', '--output', 'none/x']);
      assert.deepEqual(nowhere, {
        status: 2,
        out: '',
        err: 'codex-sandbox-check: none/x cannot be written: its folder does not exist.\n',
      });
      assert.match((await run(['rules', '--output', 'a'])).err, /: a cannot be written: it is a folder\.$/m);
    });

    test('--output does not overwrite what was read, whatever it is called', async () => {
      const before = read(`a/${CONFIGURATION}`);
      symlinkSync(CONFIGURATION, join(folder.path, 'a/link'));
      for (const command of ['check', 'fix']) {
        for (const file of [`a/${CONFIGURATION}`, `./a/.devcontainer/../${CONFIGURATION}`, 'a/link']) {
          assert.deepEqual(await run([command, 'a', '--output', file]).then(({ status, out }) => [status, out]), [
            2,
            '',
          ]);
          assert.equal(read(`a/${CONFIGURATION}`), before);
        }
      }
      const { err } = await run(['check', 'a', '--output', 'a/link']);
      assert.match(err, /^codex-sandbox-check: a\/link was read for this result and is not overwritten\./m);
    });

    test('--no-fixes leaves them out, and --verbose shows all', async () => {
      const { configurations } = JSON.parse((await run(['check', 'a', '--format', 'json', '--no-fixes'])).out) as {
        readonly configurations: readonly { readonly findings: readonly { readonly fixes: readonly unknown[] }[] }[];
      };
      const fixes = configurations.flatMap(({ findings }) => findings.flatMap((finding) => finding.fixes));
      assert.ok(configurations[0] && configurations[0].findings.length > 0);
      assert.deepEqual(fixes, []);
      assert.doesNotMatch((await run(['check', 'a', '--no-fixes'])).out, /fix:/);
      const [brief, full] = await Promise.all([run(['check', 'a']), run(['check', 'a', '--verbose'])]);
      assert.ok(full.out.split(' fix: ').length > brief.out.split(' fix: ').length);
      assert.match(full.out, /\[seccomp-userns\]/);
    });

    test('a PATH that does not exist: exit status 2, and the others are judged', async () => {
      const { status, out, err } = await run(['check', 'none', 'a']);
      assert.equal(status, 2);
      assert.equal(err, 'codex-sandbox-check: none cannot be read: it does not exist.\n');
      assert.match(out, /1 configuration/);
    });

    test('a folder without a configuration: exit status 2 and what was looked for', async () => {
      const { status, out, err } = await run(['check', 'empty']);
      assert.equal(status, 2);
      assert.equal(out, '');
      assert.match(
        err,
        /^codex-sandbox-check: empty has no dev container configuration\. Looked for \.devcontainer\/devcontainer\.json, \.devcontainer\.json and /,
      );
    });

    test('a configuration that is a pipe, a folder or a link out: exit status 2, no hanging', async () => {
      const path = join(folder.path, 'a', CONFIGURATION);
      const replace = (command: string, ...args: readonly string[]): void => {
        execFileSync('rm', ['-rf', path]);
        execFileSync(command, [...args, path]);
      };
      replace('mkfifo');
      assert.match((await run(['check', 'a'])).err, /devcontainer\.json of a cannot be checked\. .*pipe/);
      replace('mkdir');
      assert.equal((await run(['check', 'a'])).status, 2);
      replace('ln', '-s', '/etc/passwd');
      const { status, err } = await run(['check', 'a']);
      assert.equal(status, 2);
      assert.match(err, /outside/);
      assert.ok(!err.includes('root:'));
    });

    test('several PATHs that lead to one configuration: people read of it once', async () => {
      const { out } = await run(['check', 'a', './a', 'a/.devcontainer']);
      assert.match(out, /^1 configuration: /m);
      assert.equal(out.match(/\[seccomp-profile\]/g)?.length, 1);
    });

    test('a name that would steer the terminal is shown and not obeyed', async () => {
      const odd = 'a/.devcontainer/\u001b[31mred';
      mkdirSync(join(folder.path, odd, 'devcontainer.json'), { recursive: true });
      const { status, err } = await run(['check', 'a']);
      assert.equal(status, 2);
      assert.match(err, /\\u\{1b\}\[31mred/);
      assert.ok(!err.includes('\u001b'));
    });

    test('text that does not parse is judged as far as it goes', async () => {
      write(`a/${CONFIGURATION}`, PLAIN.slice(0, 60));
      const { status, out } = await run(['check', 'a', '--format', 'json']);
      assert.equal(status, 1);
      assertCheckJson(JSON.parse(out));
    });

    test('a reader that goes away is no failure of the program', () => {
      const script = '"$0" "$1" check a --format json | head -c 10';
      const result = spawnSync('sh', ['-c', script, process.execPath, program], {
        cwd: folder.path,
        encoding: 'utf8',
      });
      assert.equal(result.stderr, '');
    });
  });

  suite('fix', () => {
    test('prints a diff, writes nothing, says on stderr what it is', async () => {
      const { status, out, err } = await run(['fix', 'a', '--host', 'docker-desktop']);
      assert.equal(status, 0);
      assert.match(out, /^--- a\/a\/\.devcontainer\/devcontainer\.json$/m);
      assert.match(out, /^\+ .*seccomp=/m);
      assert.match(out, /^--- \/dev\/null\n\+\+\+ b\/a\/\.devcontainer\/seccomp-bwrap\.json$/m);
      assert.match(err, /^a\/\.devcontainer\/devcontainer\.json: /);
      assert.equal(read(`a/${CONFIGURATION}`), PLAIN);
      assert.deepEqual(readdirSync(join(folder.path, 'a/.devcontainer')).sort(), ['Dockerfile', 'devcontainer.json']);
    });

    test('--write makes the edits: check is then content, a second fix has nothing to do', async () => {
      chmodSync(join(folder.path, 'a', CONFIGURATION), 0o640);
      const { status, out, err } = await run(['fix', 'a', '--write', ...EVERYWHERE]);
      assert.equal(status, 0);
      assert.equal(out, '');
      assert.match(err, /^changed a\/\.devcontainer\/devcontainer\.json$/m);
      assert.match(err, /^created a\/\.devcontainer\/seccomp-bwrap\.json$/m);
      assert.match(
        err,
        /^To avoid SYS_ADMIN, change the host instead: load .* How: codex-sandbox-check rules bwrap-unprofiled$/m,
      );
      assert.match(read(`a/${CONFIGURATION}`), /^\/\/ A comment that stays\.$[^]*\/\/ as does this one$/m);
      assert.equal(statSync(join(folder.path, 'a', CONFIGURATION)).mode & 0o7777, 0o640);

      const checked = await run(['check', 'a', '--format', 'json', ...EVERYWHERE]);
      assert.equal(checked.status, 0, checked.out);
      const { predictions } = (JSON.parse(checked.out) as Json).configurations[0]!;
      assert.deepEqual(
        predictions.map((p) => p.outcome),
        ['works', 'works', 'works', 'works'],
      );

      const again = await run(['fix', 'a', ...EVERYWHERE]);
      assert.deepEqual([again.status, again.out], [0, '']);
      assert.match(again.err, /nothing to do/);
    });

    test('without --host nothing is done for Ubuntu: one line says what it would take, and check is content', async () => {
      const { status, err } = await run(['fix', 'a', '--write']);
      assert.equal(status, 0);
      assert.doesNotMatch(`${read(`a/${CONFIGURATION}`)}${read('a/.devcontainer/Dockerfile')}`, /SYS_ADMIN|bubblewrap/);
      assert.match(err, /^Ubuntu hosts need one more step: codex-sandbox-check rules ubuntu-userns$/m);
      assert.match(
        err,
        /^Rebuild the container to apply\..*\n {2}devcontainer up .*\n.*\n {2}codex-sandbox-check probe /m,
      );
      assert.doesNotMatch(err, /setuid|SYS_ADMIN/);
      assert.doesNotMatch(err, /On the host/);

      const checked = await run(['check', 'a', '--format', 'json']);
      assert.equal(checked.status, 0, 'a host that nobody named decides nothing');
      const { predictions } = (JSON.parse(checked.out) as Json).configurations[0]!;
      assert.deepEqual(
        predictions.map((p) => p.outcome),
        ['works', 'works', 'fails', 'fails'],
      );
      assert.equal((await run(['check', 'a', ...EVERYWHERE])).status, 1, 'one that is named does');
      assert.match(
        (await run(['fix', 'a'])).err,
        /^a\/\.devcontainer\/devcontainer\.json: nothing to do \(works on Docker Desktop and Linux \(Debian\), fails\son Ubuntu\)$/m,
      );
    });

    test('a file that may not be written stays as it is', () => {
      // Root may write everything, so somebody else has to try.
      const somebody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
      for (const path of [dirname(program), folder.path, join(folder.path, 'a')]) chmodSync(path, 0o755);
      chmodSync(join(folder.path, 'a/.devcontainer'), 0o777);
      chmodSync(join(folder.path, 'a', CONFIGURATION), 0o444);
      const args = [program, 'fix', 'a', '--write', '--host', 'docker-desktop'];
      const options = { cwd: folder.path, encoding: 'utf8', ...somebody } as const;
      const { status, stderr } = spawnSync(process.execPath, args, options);
      assert.match(stderr, /devcontainer\.json cannot be written: there is no permission\.$/m);
      assert.equal(status, 2);
      assert.equal(read(`a/${CONFIGURATION}`), PLAIN);
      assert.deepEqual(readdirSync(join(folder.path, 'a/.devcontainer')).sort(), ['Dockerfile', 'devcontainer.json']);
    });

    test('a fix that cannot be written into the files: why', async () => {
      write(`a/${CONFIGURATION}`, '{ "dockerComposeFile": "c.yml", "service": "app", "remoteUser": "vscode" }');
      const inline = 'FROM debian:12\\nRUN useradd --create-home vscode\\n';
      write('a/.devcontainer/c.yml', `services: { app: { build: { dockerfile_inline: "${inline}" } } }`);
      const { err } = await run(['fix', 'a', '--host', 'docker-linux', '--host', 'docker-ubuntu']);
      assert.match(
        err.replace(/\s+/g, ' '),
        /fails on .*Ubuntu 24\.04: .*\. The fix cannot be written, because the Dockerfile is inside the Compose file/,
      );
    });

    test('what no edit can repair: exit status 1', async () => {
      const { status, out, err } = await run(['fix', 'a', '--host', 'docker-no-userns']);
      assert.equal(status, 1);
      assert.equal(out, '');
      assert.match(
        err.replace(/\s+/g, ' '),
        /fails on Linux without user namespaces: .*No change of these files is known to help\./,
      );
      assert.match(
        err,
        /^On the host, set the sysctl user\.max_user_namespaces=15000\. How: .* rules userns-disabled$/m,
      );
      const { err: inFull } = await run(['fix', 'a', '--host', 'docker-no-userns', '--verbose']);
      assert.match(inFull, /^ {4}sysctl -p \/etc\/sysctl\.d\//m);
    });

    test('line ends of Windows and a byte order mark stay', async () => {
      write(`a/${CONFIGURATION}`, `\uFEFF${PLAIN.replaceAll('\n', '\r\n')}`);
      assert.equal((await run(['fix', 'a', '--write', '--host', 'docker-desktop'])).status, 0);
      const text = read(`a/${CONFIGURATION}`);
      assert.ok(text.startsWith('\uFEFF//'));
      assert.doesNotMatch(text, /[^\r]\n/);
    });

    test('two configurations that share a Dockerfile are repaired together', async () => {
      execFileSync('mkdir', ['-p', join(folder.path, 'a/.devcontainer/two')]);
      write('a/.devcontainer/two/devcontainer.json', PLAIN.replace('Dockerfile', '../Dockerfile'));
      assert.equal((await run(['fix', 'a', 'a/.devcontainer', '--write', ...EVERYWHERE])).status, 0);
      assert.equal(
        (await run(['check', 'a', ...EVERYWHERE])).status,
        0,
        (await run(['check', 'a', ...EVERYWHERE])).out,
      );
      assert.equal(read('a/.devcontainer/Dockerfile').match(/apt-get install/g)?.length, 1);
    });

    test('what a shared local Feature loses for one, another that needs it gets in its own file, or is told', async () => {
      const relaxed = '"securityOpt": ["seccomp=unconfined", "apparmor=unconfined"]';
      const common = `"features": { "../own": {} }, "remoteUser": "vscode", ${relaxed}`;
      for (const name of ['a', 'b', 'own']) mkdirSync(join(folder.path, `.devcontainer/${name}`), { recursive: true });
      const [a, b, own] = [
        '.devcontainer/a/devcontainer.json',
        '.devcontainer/b/devcontainer.json',
        '.devcontainer/own/devcontainer-feature.json',
      ];
      write(a, `{ "build": { "dockerfile": "Dockerfile" }, ${common} }`);
      write(
        '.devcontainer/a/Dockerfile',
        `${DOCKERFILE}RUN apt-get update && apt-get install -y bubblewrap && chmod u+s /usr/bin/bwrap\n`,
      );
      write(b, `{ "build": { "dockerfile": "Dockerfile" }, ${common} }`);
      write(
        '.devcontainer/b/Dockerfile',
        'FROM debian:13\nRUN useradd --create-home vscode && apt-get update && apt-get install -y gdb\n',
      );
      write(own, '{ "id": "own", "capAdd": ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"] }');
      const hosts = ['--host', 'docker-linux', '--host', 'docker-ubuntu'];
      const one = await run(['fix', ...hosts, b]);
      assert.match(
        one.err,
        /^\.devcontainer\/a\/devcontainer\.json also uses \.devcontainer\/own\/devcontainer-feature\.json\. .* no longer works there on Ubuntu 24\.04\./m,
      );
      await run(['fix', '--write', ...hosts, '.']);
      assert.doesNotMatch(read(own), /SYS_ADMIN/);
      assert.match(read(a), /"capAdd": \[.*"SYS_ADMIN".*\]/s);
      const checked = JSON.parse((await run(['check', '--format', 'json', ...hosts, a])).out) as Json;
      assert.deepEqual(
        checked.configurations[0]?.predictions.map(({ outcome }) => outcome),
        ['works', 'works'],
      );
    });

    test('what a package uses of the folder above it is repaired with it, when PATH is that folder', async () => {
      mkdirSync(join(folder.path, 'repo/pkg/.devcontainer'), { recursive: true });
      write('repo/pkg/.devcontainer/devcontainer.json', PLAIN.replace('"Dockerfile"', '"../../Dockerfile"'));
      write('repo/Dockerfile', 'FROM debian:12\nRUN useradd -m vscode\n');
      const { out } = await run(['fix', 'repo', ...EVERYWHERE]);
      assert.match(out, /^\+\+\+ b\/repo\/Dockerfile$/m);
      assert.match(out, /^\+\+\+ b\/repo\/pkg\/\.devcontainer\/devcontainer\.json$/m);
      assert.equal((await run(['fix', 'repo', '--write', ...EVERYWHERE])).status, 0);
      assert.match(read('repo/Dockerfile'), /bubblewrap/);
      assert.equal(
        (await run(['check', 'repo', ...EVERYWHERE])).status,
        0,
        (await run(['check', 'repo', ...EVERYWHERE])).out,
      );
    });

    test('a profile of that name that nothing refers to is not overwritten', async () => {
      write('a/.devcontainer/seccomp-bwrap.json', 'mine');
      assert.equal((await run(['fix', 'a', '--write', '--host', 'docker-desktop'])).status, 0);
      assert.equal(read('a/.devcontainer/seccomp-bwrap.json'), 'mine');
      assert.match(read(`a/${CONFIGURATION}`), /\/\.devcontainer\/seccomp-codex\.json/);
      assert.match(read('a/.devcontainer/seccomp-codex.json'), /pivot_root/);
    });

    test('a place for the profile that leads out of the folder is refused', async () => {
      symlinkSync(join(folder.path, 'stolen'), join(folder.path, 'a/.devcontainer/seccomp-bwrap.json'));
      const { status } = await run(['fix', 'a', '--write', '--host', 'docker-desktop']);
      assert.equal(status, 2);
      assert.equal(existsSync(join(folder.path, 'stolen')), false);
      assert.equal(read(`a/${CONFIGURATION}`), PLAIN);
    });
  });

  suite('the rest', () => {
    test('--help and --version on stdout, exit status 0', async () => {
      const help = await run(['--help']);
      assert.deepEqual([help.status, help.err], [0, '']);
      for (const name of ['check', 'fix', 'probe', 'explain', 'rules']) {
        assert.match(help.out, new RegExp(`^  ${name} `, 'm'));
        assert.match((await run([name, '--help'])).out, new RegExp(`^codex-sandbox-check ${name}`));
      }
      const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string };
      assert.deepEqual(await run(['--version']), { status: 0, out: `${version}\n`, err: '' });
    });

    test('wrong usage: exit status 2, nothing on stdout', async () => {
      for (const args of [
        [],
        ['chek'],
        ['check', '--host', 'vmware'],
        ['check', '--format', 'sarif'],
        ['rules', 'none'],
      ]) {
        const { status, out, err } = await run(args);
        assert.deepEqual([status, out], [2, ''], args.join(' '));
        const about = ['check', 'rules'].find((name) => name === args[0]);
        assert.match(err, /^codex-sandbox-check: [^]+\nSee codex-sandbox-check (?:[a-z]+ )?--help\.\n$/);
        assert.equal(err.endsWith(`See codex-sandbox-check ${about === undefined ? '' : `${about} `}--help.\n`), true);
      }
    });

    test('help of a command is also called as a command', async () => {
      assert.deepEqual(await run(['help', 'fix']), await run(['fix', '--help']));
      assert.deepEqual(await run(['help']), await run(['--help']));
    });

    test('results that cannot be written: one line and exit status 2', function () {
      if (!existsSync('/dev/full')) this.skip();
      const script = '"$0" "$1" check a >/dev/full';
      const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, program], {
        cwd: folder.path,
        encoding: 'utf8',
      });
      assert.deepEqual(
        [status, stderr],
        [2, 'codex-sandbox-check: the result cannot be written: ENOSPC: no space left on device, write.\n'],
      );
    });

    test('an interrupted or odd standard input is no crash', () => {
      const script = '"$0" "$1" explain <.';
      const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, program], {
        cwd: folder.path,
        encoding: 'utf8',
      });
      assert.equal(status, 2);
      assert.match(stderr, /^codex-sandbox-check: /);
      assert.doesNotMatch(stderr, /bug/);
    });

    test('rules lists each, and prints the page of one', async () => {
      assert.deepEqual(
        (await run(['rules'])).out
          .trimEnd()
          .split('\n')
          .map((line) => line.split(' ')[0]),
        RULES.map((r) => r.id),
      );
      assert.match((await run(['rules', 'seccomp-profile'])).out, /^# .+\n\n.*seccomp-profile/);
    });

    test('probe: one JSON value whose outcome is the exit status', async function () {
      const { status, out, err } = await run(['probe', '--format', 'json']);
      const json = JSON.parse(out) as { schemaVersion: unknown; outcome: 'works' | 'fails' | 'unknown' };
      assert.equal(err, '');
      assert.deepEqual(Object.keys(json).sort(), PROBE_MEMBERS);
      assert.equal(json.schemaVersion, 1);
      assert.equal(status, { works: 0, fails: 1, unknown: 2 }[json.outcome]);
    });

    test('probe: a folder that is not there, and one whose container does not run', async () => {
      const outside = temporaryFolder();
      writeFileSync(join(outside.path, 'docker'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
      const env = { PATH: `${outside.path}:/bin` };
      const missing = await run(['probe', '--workspace', 'none'], { env });
      assert.equal(missing.status, 2);
      assert.match(missing.err, /\/none does not exist, and no container was created for it\.$/m);
      assert.match(
        (await run(['probe', '--workspace', 'a'], { env })).err,
        /No dev container of .*\/a is running\. Start it/,
      );
      outside.remove();
    });

    test('explain: from the arguments and from standard input', async () => {
      const text = 'bwrap: pivot_root: Operation not permitted';
      const { status, out } = await run(['explain', text]);
      assert.equal(status, 0);
      assert.match(out, /means: {2}.* \[pivot-root\]\n {2}cause: {2}\S[^]*\n {2}to do: {2}\S/);
      assert.deepEqual(start(['explain', '-'], `x\n${text}\n`), { status: 0, out, err: '' });
      assert.deepEqual((await run(['explain'], { input: text })).out, out);
      assert.equal((await run(['explain', 'hello'])).status, 1);
      assert.equal((await run(['explain', ' '])).status, 2);
    });

    test('explain: a log of the redirection of PowerShell, and one of many megabytes', () => {
      const text = 'bwrap: pivot_root: Operation not permitted';
      const powershell = Buffer.from(`\ufeffx\r\n${text}\r\n`, 'utf16le');
      const out = /^bwrap: pivot_root: Operation not permitted\n {2}means: {2}.* \[pivot-root\]\n/;
      assert.match(start(['explain', '-'], powershell).out, out);
      assert.match(start(['explain', '-'], powershell.swap16()).out, out);
      assert.match(start(['explain', '-'], `${'x\n'.repeat(1024 * 1024)}${text}`).out, out);
      const tooLong = start(['explain', '-'], `${text}\n${'x'.repeat(65 * 1024 * 1024)}`);
      assert.match(tooLong.out, out);
      assert.equal(tooLong.err, 'Only the first 64 MB of standard input were read.\n');
    });

    test('explain: the first that stops the sandbox, then the others; what is known by report says so', async () => {
      const proc = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted";
      const devpts = "bwrap: Can't mount devpts on /newroot/dev/pts: Permission denied";
      const { status, out } = await run(['explain'], { input: `${proc}\n${devpts}\nbwrap: pivot_root: EPERM\n` });
      assert.equal(status, 0);
      assert.deepEqual(
        out.split('\n').filter((line) => /^\S| {2}(?:means|source):/.test(line)),
        [
          devpts,
          '  means:  not one of the known steps',
          '  source: reported, not measured: openai/codex #33065 (Fedora)',
          'Also in this text:',
          'bwrap: pivot_root: EPERM',
          '  means:  the seccomp profile blocks pivot_root [pivot-root]',
          proc,
          '  means:  /proc is masked [proc-mount]; this line alone stops nothing',
        ],
      );
    });

    test('explain: what is unknown is said to be, with what to do', async () => {
      const { status, out, err } = await run(['explain', 'segmentation fault']);
      assert.deepEqual([status, out], [1, '']);
      assert.match(
        err,
        /^This is not a known sandbox error\. Run `codex-sandbox-check probe` where Codex runs.*please report/,
      );
    });
  });
});
