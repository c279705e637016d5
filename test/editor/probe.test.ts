import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { CheckSummary } from '../../src/editor/checkCommand.js';
import {
  at,
  DEVCONTAINER,
  DOCKERFILE,
  folder,
  open,
  problem,
  problems,
  restore,
  ruleOf,
  sampleIsBroken,
  serious,
  snapshot,
  type,
  until,
} from './support.js';

/** Names its gate whatever the machine is like. */
const APPARMOR = 'bwrap: Creating new namespace failed: Permission denied';

/** Starts the task "probe" as VS Code offers it. */
async function start(): Promise<vscode.TaskExecution> {
  const tasks = await vscode.tasks.fetchTasks({ type: 'codex-sandbox' });
  const task = tasks.find(({ name }) => name === 'probe');
  assert(task, 'the task is offered');
  return vscode.tasks.executeTask(task);
}

/** The exit code of the task that is started, once it has ended. */
function exitCode(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const listening = vscode.tasks.onDidEndTaskProcess((event) => {
      listening.dispose();
      resolve(event.exitCode);
    });
  });
}

function measured(): readonly vscode.Diagnostic[] {
  return problems(DEVCONTAINER).filter(({ message }) => /^Measured[^:]*: fails/.test(message));
}

/** A process that has ended and that nobody has waited for (in a container without an init) runs no more. */
function isRunning(pid: number): boolean {
  const status = `/proc/${String(pid)}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

suite('Probe', () => {
  let files: ReadonlyMap<string, string>;
  let programs: string;
  let pidFile: string;
  const { PATH: path, HOME: home } = process.env;

  /** Puts a bubblewrap first on PATH that does this when it is asked for a sandbox. The extension runs in this process. */
  function bwrap(script: string): void {
    const text = `#!/bin/sh
case $1 in
  --version) echo 'bubblewrap 0.8.0' ;;
  --help) echo '--as-pid-1 --perms' ;;
  *) ${script} ;;
esac
`;
    writeFileSync(join(programs, 'bwrap'), text, { mode: 0o755 });
  }

  /** Whatever container the tests run in, the files are older than that. */
  function age(): void {
    for (const file of files.keys()) utimesSync(at(file).fsPath, 1e9, 1e9);
  }

  function pidOfBwrap(): number | undefined {
    return existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) || undefined : undefined;
  }

  suiteSetup(async function () {
    if (process.platform !== 'linux') this.skip();
    // Wherever the tests run, the command is to take it for a container.
    process.env['container'] = 'podman';
    files = await snapshot();
    programs = mkdtempSync(join(tmpdir(), 'programs-'));
    pidFile = join(programs, 'pid');
    process.env['PATH'] = `${programs}:/usr/bin:/bin`;
    // Editors keep the extensions of whoever runs the tests in their home.
    process.env['HOME'] = programs;
  });

  suiteTeardown(() => {
    delete process.env['container'];
    process.env['PATH'] = path;
    process.env['HOME'] = home;
    rmSync(programs, { recursive: true, force: true });
  });

  setup(async () => {
    await restore(files);
    age();
    await sampleIsBroken();
  });

  teardown(async () => {
    await restore(files);
    for (const terminal of vscode.window.terminals) terminal.dispose();
  });

  test('what the task measures takes the place of what was predicted, and goes when it works', async () => {
    const before = problems(DEVCONTAINER).length;
    const { range } = await problem(DEVCONTAINER, 'apparmor-profile');
    bwrap(`echo '${APPARMOR}' >&2; exit 1`);
    let ended = exitCode();
    await start();
    assert.equal(await ended, 1);
    await until('the measurement', () => measured().length === 1);
    const diagnostic = measured()[0]!;
    assert.match(diagnostic.message, /^Measured: fails here: AppArmor blocks the sandbox\n/);
    assert(diagnostic.message.includes(`\nSeen: ${APPARMOR}`), diagnostic.message);
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(ruleOf(diagnostic), 'apparmor-profile');
    assert(diagnostic.range.isEqual(range));
    assert.equal(problems(DEVCONTAINER).length, before, 'nothing is said twice');

    const document = await open(DEVCONTAINER);
    const original = document.getText();
    await type(document, `// changed\n${original}`);
    await until('the measurement as one of the container before', () =>
      measured().some(({ message }) => message.startsWith('Measured before the last change: fails here')),
    );
    await type(document, original);
    // VS Code may do so by itself, and then the file is new.
    await document.save();
    age();

    bwrap('exit 0');
    ended = exitCode();
    await start();
    assert.equal(await ended, 0);
    await until('no measurement any more', () => measured().length === 0);
    await sampleIsBroken();
    const { message, severity } = await problem(DEVCONTAINER, 'apparmor-profile');
    assert.match(message, /^Measured: works here\n[^]*\nPredicted, not seen here: /);
    assert.equal(severity, vscode.DiagnosticSeverity.Information);
    assert.equal(problems(DEVCONTAINER).length, before, 'nothing is said twice');
  });

  test('the Codex of the ChatGPT extension is measured beside the one on PATH', async () => {
    const extension = vscode.extensions.getExtension('openai.chatgpt');
    assert(extension, 'its stand-in is there');
    const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
    const its = join(extension.extensionPath, 'bin', `linux-${machine}`, 'codex');
    const onPath = join(programs, 'codex');
    mkdirSync(dirname(its), { recursive: true });
    bwrap('exit 0');
    // Runs the command, but for the one that is to be refused.
    const works = '*../outside*) exit 1 ;; *) while [ "$1" != -- ]; do shift; done; shift; exec "$@" ;;';
    writeFileSync(onPath, `#!/bin/sh\ncase "$*" in *--version | *--help) echo 1.2.3 ;; ${works} esac\n`, {
      mode: 0o755,
    });
    writeFileSync(
      its,
      `#!/bin/sh\ncase "$*" in *--version) echo 1.2.4 ;; *) echo '${APPARMOR}' >&2; exit 1 ;; esac\n`,
      {
        mode: 0o755,
      },
    );
    try {
      const ended = exitCode();
      await start();
      assert.equal(await ended, 1);
      await until('the measurement', () => measured().length === 1);
      const { message } = measured()[0]!;
      const difference = 'Codex in the terminal works, Codex in the ChatGPT extension fails';
      assert(message.includes(`\nSeen: ${difference}: ${APPARMOR}`), message);
      assert.equal(ruleOf(measured()[0]!), 'apparmor-profile');
    } finally {
      rmSync(its);
      rmSync(onPath);
    }
    const again = exitCode();
    await start();
    assert.equal(await again, 0, 'the extension is no longer measured');
    await until('no measurement any more', () => measured().length === 0);
  });

  test('VS Code writes the list of its extensions as media/probe.sh reads it', () => {
    const { extensionPath = '' } = vscode.extensions.getExtension('openai.chatgpt') ?? {};
    const list = readFileSync(join(dirname(extensionPath), 'extensions.json'), 'utf8');
    assert(list.includes(`,"relativeLocation":"${basename(extensionPath)}"`), list);
  });

  test('what no line explains stands on the configuration’s first line', async () => {
    bwrap(`echo 'bwrap: pivot_root: Operation not permitted' >&2; exit 1`);
    const ended = exitCode();
    await start();
    assert.equal(await ended, 1);
    await until('the measurement', () => measured().length === 1);
    const diagnostic = measured()[0]!;
    assert.equal(diagnostic.range.start.line, 0);
    assert.match(diagnostic.message, /pivot_root: Operation not permitted/);
    assert.match(diagnostic.message, /\nNo line of this configuration explains it\.$/);
    await copiesReport(diagnostic);
    bwrap('exit 0');
    const again = exitCode();
    await start();
    await again;
    await until('no measurement any more', () => measured().length === 0);
  });

  /** The lightbulb of what was not predicted copies what a maintainer needs. */
  async function copiesReport(diagnostic: vscode.Diagnostic): Promise<void> {
    const { selection } = await vscode.window.showTextDocument(at(DEVCONTAINER), { selection: diagnostic.range });
    assert(diagnostic.range.contains(selection));
    const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      at(DEVCONTAINER),
      diagnostic.range,
    );
    const copy = actions.find(({ title }) => title === 'Copy a report of what was measured');
    assert(copy?.command, 'it is offered');
    assert.equal(copy.command.arguments, undefined, 'VS Code forgets them with the menu');
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand(copy.command.command);
    await until('the report', async () => (await vscode.env.clipboard.readText()) !== '');
    const report = await vscode.env.clipboard.readText();
    assert.match(report, /Predicted for Codex .*network, in /);
    assert.match(report, /bwrap: pivot_root: Operation not permitted/);
  }

  test('from a local window the probe runs in the container of the folder, as its user, and can be cancelled', async () => {
    const { localProber } = await import('../../src/editor/localProber.js');
    const { Probing } = await import('../../src/editor/probing.js');
    const extension = vscode.extensions.getExtension('codex-sandbox-check.codex-sandbox-check');
    assert(extension);
    const id = 'a'.repeat(64);
    const labels = {
      'devcontainer.local_folder': folder().uri.fsPath,
      'devcontainer.config_file': at(DEVCONTAINER).fsPath,
      'devcontainer.metadata': JSON.stringify([{ remoteUser: 'vscode', userEnvProbe: 'none' }]),
    };
    const inspected = [
      {
        Created: '2026-01-02T03:04:05.678901234Z',
        Id: id,
        Name: '/box',
        State: { Running: true },
        Config: { User: '', Env: [], Labels: labels },
      },
    ];
    // Stands for an engine whose container is this machine: what it is to run there it runs here.
    const engine = `#!/bin/sh
echo "$*" >>'${programs}/asked'
case $1 in
  ps) echo ${id} ;;
  inspect) cat <<'END'
${JSON.stringify(inspected)}
END
  ;;
  exec) while [ "$1" != ${id} ]; do shift; done; shift; exec "$@" ;;
esac
`;
    writeFileSync(join(programs, 'docker'), engine, { mode: 0o755 });
    const seen: unknown[] = [];
    const linting = {
      predictedFor: () => Promise.resolve([]),
      measured: (...all: readonly unknown[]) => Promise.resolve(seen.push(all)),
    };
    const prober = { ...localProber(extension.extensionUri), insideContainer: () => Promise.resolve(false) };
    const probing = new Probing(prober, linting as unknown as ConstructorParameters<typeof Probing>[1]);
    const said: string[] = [];
    const say = (where: string): void => void said.push(where);

    bwrap('exit 0');
    const { observation, configuration, made } = await probing.run(folder(), new AbortController().signal, say);
    assert.equal(observation.outcome, 'works', observation.summary);
    assert.equal(configuration, DEVCONTAINER);
    assert.equal(made, Date.UTC(2026, 0, 2, 3, 4, 5, 678));
    assert.deepEqual(said, ['Measuring in the container box …']);
    assert.equal(seen.length, 1);
    assert.match(
      readFileSync(join(programs, 'asked'), 'utf8'),
      new RegExp(`^exec --interactive --user vscode ${id} /bin/sh -s -- `, 'm'),
    );

    bwrap(`echo $$ >'${pidFile}'; exec sleep 60`);
    const abort = new AbortController();
    const running = probing.run(folder(), abort.signal, say);
    const pid = await until('the probe at work', pidOfBwrap);
    abort.abort(new Error('enough'));
    await assert.rejects(running, /enough/);
    assert(!isRunning(pid));
    assert.equal(pidOfBwrap(), pid, 'no further step begins');
    rmSync(pidFile);

    labels['devcontainer.local_folder'] = '/elsewhere';
    writeFileSync(join(programs, 'docker'), engine.replaceAll(folder().uri.fsPath, '/elsewhere'), { mode: 0o755 });
    await assert.rejects(probing.run(folder(), new AbortController().signal, say), /No dev container of .* runs/);
    rmSync(join(programs, 'docker'));
  });

  test('no program of the repository around the open folder is run', async () => {
    const { localProber } = await import('../../src/editor/localProber.js');
    const extension = vscode.extensions.getExtension('codex-sandbox-check.codex-sandbox-check');
    assert(extension);
    const prober = localProber(extension.extensionUri);
    const repository = dirname(folder().uri.fsPath);
    const before = process.env['PATH'];
    mkdirSync(join(repository, '.git'));
    mkdirSync(join(repository, 'tools'));
    try {
      for (const name of ['docker', 'podman', 'devcontainer']) {
        writeFileSync(join(repository, 'tools', name), `#!/bin/sh\necho >'${programs}/ran'\n`, { mode: 0o755 });
      }
      process.env['PATH'] = join(repository, 'tools');
      await assert.rejects(
        prober.containersOf(folder(), new AbortController().signal),
        /Neither docker nor podman was found/,
      );
      assert.equal(await prober.devcontainerUp(folder()), undefined);
      assert(!existsSync(join(programs, 'ran')));
    } finally {
      process.env['PATH'] = before;
      for (const name of ['.git', 'tools']) rmSync(join(repository, name), { recursive: true });
    }
  });

  test('a container that does not run is started by the dev container CLI, for this folder', async () => {
    const { startContainer, waysToStart } = await import('../../src/editor/startContainer.js');
    const program = join(programs, 'devcontainer');
    writeFileSync(program, `#!/bin/sh\necho "$PWD $*" >'${programs}/started'\n[ ! -e '${programs}/broken' ]\n`, {
      mode: 0o755,
    });
    assert.deepEqual(waysToStart(undefined), [], 'nothing here can start one');
    const [way] = waysToStart({ program, args: ['up', '--workspace-folder', folder().uri.fsPath], environment: {} });
    assert.equal(way?.kind, 'cli');
    assert.equal(await startContainer(way, folder()), true);
    const started = readFileSync(join(programs, 'started'), 'utf8');
    assert.equal(started, `/ up --workspace-folder ${folder().uri.fsPath}\n`);
    writeFileSync(join(programs, 'broken'), '');
    assert.equal(await startContainer(way, folder()), false);
  });

  test('a program that cannot be started starts nothing, and nobody waits for it', async () => {
    const { startContainer } = await import('../../src/editor/startContainer.js');
    const up = { program: join(programs, 'gone'), args: [], environment: {} };
    const way = { kind: 'cli', title: 'Start', up } as const;
    assert.equal(await startContainer(way, folder()), false);
  });

  test('what is typed while the probe measures has changed since', async () => {
    const go = join(programs, 'go');
    bwrap(`echo $$ >'${pidFile}'; while [ ! -e '${go}' ]; do sleep 0.1; done; echo '${APPARMOR}' >&2; exit 1`);
    const ended = exitCode();
    await start();
    await until('the probe at work', pidOfBwrap);
    const document = await open(DEVCONTAINER);
    await type(document, `// changed\n${document.getText()}`);
    await until('the change judged', () => problems(DEVCONTAINER).some(({ range }) => range.start.line === 4));
    writeFileSync(go, '');
    await ended;
    await until('the measurement', () => measured().length === 1);
    assert.match(measured()[0]!.message, /^Measured before the last change: fails here/);
    rmSync(pidFile);
    rmSync(go);
    bwrap('exit 0');
    const again = exitCode();
    await start();
    await again;
    await until('no measurement any more', () => measured().length === 0);
  });

  test('files that are newer than the container are noticed, saved or not', async () => {
    const { changedSince } = await import('../../src/editor/changedSince.js');
    const texts = (...paths: readonly string[]) =>
      [
        { configuration: { file: DEVCONTAINER, texts: new Map(paths.map((path) => [path, ''])) } },
      ] as unknown as Parameters<typeof changedSince>[2];
    const both = texts(DEVCONTAINER, DOCKERFILE);
    const now = Date.now() + 1000;
    const changed = async (made: number | undefined, judged = both): Promise<readonly string[]> => [
      ...(await changedSince(made, folder().uri, judged)),
    ];
    assert.deepEqual(await changed(now), []);
    assert.deepEqual(await changed(undefined), []);
    assert.deepEqual(await changed(0), [DEVCONTAINER]);
    assert.deepEqual(await changed(now, texts('gone')), [DEVCONTAINER]);
    assert.deepEqual(await changed(0, texts('.codex/config.toml', '../.codex/config.toml')), []);
    const document = await open(DOCKERFILE);
    await type(document, `# changed\n${document.getText()}`);
    assert.deepEqual(await changed(now), [DEVCONTAINER]);
  });

  test('ending the task ends the probe and what it started', async () => {
    bwrap(`echo $$ >'${pidFile}'; exec sleep 60`);
    const execution = await start();
    const pid = await until('the probe at work', pidOfBwrap);
    execution.terminate();
    await until('its program gone', () => !isRunning(pid));
    assert.deepEqual(measured(), []);
    rmSync(pidFile);
  });

  test('a task of tasks.json with a wrong field says what is wrong', async () => {
    const { ProbeTasks } = await import('../../src/editor/probeTask.js');
    const tasks = new ProbeTasks(undefined as never, undefined as never);
    const definition = { type: 'codex-sandbox', task: 'prob' };
    const written = new vscode.Task(definition, folder(), 'wrong', 'codex-sandbox');
    const resolved = tasks.resolveTask(written);
    assert.equal(resolved.definition, definition);
    const { execution } = resolved;
    assert(execution instanceof vscode.CustomExecution);
    const { callback } = execution as unknown as { callback: () => Promise<vscode.Pseudoterminal> };
    const terminal = await callback();
    const said: string[] = [];
    terminal.onDidWrite((text) => said.push(text));
    let code: number | undefined;
    terminal.onDidClose?.((status) => (code = status ?? undefined));
    terminal.open(undefined);
    assert.deepEqual(said, [
      'There is no task "prob" of the type "codex-sandbox". Write "task": "probe" in tasks.json.\r\n',
    ]);
    assert.equal(code, 2);
    const elsewhere = { uri: vscode.Uri.parse('memfs:/x'), name: 'x', index: 0 };
    const far = tasks.resolveTask(new vscode.Task({ ...definition, task: 'probe' }, elsewhere, 'far', 'codex-sandbox'));
    assert.equal(far.name, 'far');
    assert.equal(
      tasks.resolveTask(new vscode.Task({ ...definition, task: 'probe' }, folder(), 'p', 'x')).name,
      'probe',
    );
  });

  test('the command counts what it finds', async () => {
    bwrap('exit 0');
    const summary = await vscode.commands.executeCommand<CheckSummary>('codexSandbox.check');
    assert.equal(summary.configurations, 1);
    assert.equal(summary.errors, 1);
    assert.equal(summary.warnings, 1);
    assert.deepEqual(serious(DEVCONTAINER), [], 'what works here is information');
    assert.match(
      summary.text,
      /^Codex sandbox: fails on Docker Desktop, Linux \(Debian\) and Ubuntu\. Measured here: /,
    );
    assert.equal(summary.probe, 'works', summary.text);
  });

  test('the command can be cancelled while it measures', async () => {
    bwrap(`echo $$ >'${pidFile}'; exec sleep 60`);
    const source = new vscode.CancellationTokenSource();
    const running = vscode.commands.executeCommand<CheckSummary | undefined>('codexSandbox.check', source.token);
    const pid = await until('the probe at work', pidOfBwrap);
    source.cancel();
    assert.equal(await running, undefined);
    await until('its program gone', () => !isRunning(pid));
    source.dispose();
  });
});
