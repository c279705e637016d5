import assert from 'node:assert/strict';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';

/** The mode and where it stands, as `file:line`; undefined: the files do not say. */
async function modeOf(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const [configuration] = await readConfigurations(memoryFiles(files), FILE);
  const mode = configuration?.sandbox;
  const place = mode?.places[0];
  const [, value] = /"(.+)"/.exec(mode?.value?.written ?? '') ?? [];
  return mode && `${String(value)} ${place?.file ?? '?'}:${String((place?.range.start.line ?? -1) + 1)}`;
}

function starting(script: string, text: string): Readonly<Record<string, string>> {
  return { [FILE]: `{ "image": "debian:12", "postCreateCommand": "bash ${script}" }`, [script]: text };
}

suite('sources/codex: what the files bring', () => {
  const setup = '.devcontainer/setup.sh';

  test('a here-document of a script that a lifecycle command starts', async () => {
    const text = `mkdir -p ~/.codex
cat > ~/.codex/config.toml <<EOF
approval_policy = "never"
sandbox_mode = "danger-full-access"
EOF
`;
    assert.equal(await modeOf(starting(setup, text)), `danger-full-access ${setup}:4`);
  });

  test('a lifecycle command itself, with the quotes of JSON and the shell', async () => {
    const command = String.raw`printf 'sandbox_mode = \"danger-full-access\"\\n' > ~/.codex/config.toml`;
    const files = { [FILE]: `{\n  "image": "debian:12",\n  "postStartCommand": "${command}"\n}` };
    assert.equal(await modeOf(files), `danger-full-access ${FILE}:3`);
  });

  test('a Dockerfile', async () => {
    const dockerfile = `FROM debian:12
RUN mkdir -p /etc/codex && echo 'sandbox_mode = "read-only"' > /etc/codex/config.toml
`;
    const files = { [FILE]: '{ "build": { "dockerfile": "Dockerfile" } }', '.devcontainer/Dockerfile': dockerfile };
    assert.equal(await modeOf(files), 'read-only .devcontainer/Dockerfile:2');
  });

  test('a script in another language that sets the key', async () => {
    const text = `python3 - <<'PY'\nconfig["sandbox_mode"] = "danger-full-access"\nPY\n`;
    assert.equal(await modeOf(starting(setup, text)), `danger-full-access ${setup}:2`);
  });

  const named = {
    'from the workspace folder': 'cp .devcontainer/codex/config.toml "$HOME/.codex/config.toml"',
    'beside the script, below a variable': 'install -m 0644 "$here/codex/config.toml" /etc/codex/config.toml',
    'by its path in the container': 'cp /workspaces/app/.devcontainer/codex/config.toml ~/.codex/',
    'in a workspace folder of one': 'cp /workspace/.devcontainer/codex/config.toml ~/.codex/',
  };
  for (const [how, text] of Object.entries(named)) {
    test(`a file of the workspace that a script names ${how}`, async () => {
      const files = {
        ...starting(setup, text),
        '.devcontainer/codex/config.toml': 'model = "x"\nsandbox_mode = "danger-full-access"\n',
      };
      assert.equal(await modeOf(files), 'danger-full-access .devcontainer/codex/config.toml:2');
    });
  }

  test('a file that a mount names', async () => {
    const mount =
      '"source=${localWorkspaceFolder}/.devcontainer/codex-settings.toml,target=/home/node/c.toml,type=bind"';
    const files = {
      [FILE]: `{ "image": "node:22", "mounts": [${mount}] }`,
      '.devcontainer/codex-settings.toml': 'sandbox_mode = "danger-full-access"\n',
    };
    assert.equal(await modeOf(files), 'danger-full-access .devcontainer/codex-settings.toml:1');
  });

  test('a permission profile that is built in', async () => {
    const text = `echo 'default_permissions = ":danger-full-access"' > ~/.codex/config.toml`;
    assert.equal(await modeOf(starting(setup, text)), `:danger-full-access ${setup}:1`);
  });

  test('a file with a profile of its own, which the project may use, and with what it says of the network', async () => {
    const brought = {
      ...starting(setup, 'cp .devcontainer/codex/config.toml ~/.codex/'),
      '.devcontainer/codex/config.toml':
        'default_permissions = ":read-only"\n[permissions.p.network]\nenabled = true\n[sandbox_workspace_write]\nnetwork_access = true\n',
    };
    for (const [project, network, mode] of [
      [undefined, 'restricted', ':read-only .devcontainer/codex/config.toml:1'],
      ['default_permissions = "p"', 'full', 'p .codex/config.toml:1'],
      ['default_permissions = "p"\n[permissions.p.network]\nenabled = false', 'restricted', 'p .codex/config.toml:1'],
      ['sandbox_mode = "workspace-write"', 'full', 'workspace-write .codex/config.toml:1'],
    ] as const) {
      const files = { ...brought, ...(project !== undefined && { '.codex/config.toml': project }) };
      assert.equal(await modeOf(files), mode);
      const [configuration] = await readConfigurations(memoryFiles(files), FILE);
      assert.equal(configuration?.network.value, network, project);
      assert.deepEqual(configuration.problems, []);
    }
  });

  test('what is wrong in a file that only a command names is no problem', async () => {
    const files = {
      ...starting(setup, 'cp .devcontainer/codex/config.toml ~/.codex/'),
      '.devcontainer/codex/config.toml': 'sandbox_mode = "off"\n',
    };
    for (const project of [{}, { '.codex/config.toml': 'model = "x"\n' }]) {
      const [configuration] = await readConfigurations(memoryFiles({ ...files, ...project }), FILE);
      assert.deepEqual([configuration?.problems, configuration?.sandbox], [[], undefined]);
    }
  });

  test('the configuration of the project goes before what is brought', async () => {
    const files = {
      ...starting(setup, `echo 'sandbox_mode = "danger-full-access"' > ~/.codex/config.toml`),
      '.codex/config.toml': 'sandbox_mode = "workspace-write"\n',
    };
    assert.equal(await modeOf(files), 'workspace-write .codex/config.toml:1');
  });

  const silent = {
    'a comment': '# sandbox_mode = "danger-full-access"',
    'a profile, which is not the default': 'cat <<EOF\n[profiles.open]\nsandbox_mode = "danger-full-access"\nEOF',
    'two modes at two places': 'echo \'sandbox_mode = "read-only"\'\necho \'sandbox_mode = "danger-full-access"\'',
    'another value': 'echo \'sandbox_mode = "off"\'',
    'a file that is not there': 'cp codex/config.toml ~/.codex/',
  };
  for (const [what, text] of Object.entries(silent)) {
    test(`nothing is said by ${what}`, async () => {
      assert.equal(await modeOf(starting(setup, text)), undefined);
    });
  }

  test('a table before the here-document is not of it', async () => {
    const text = '[section]\ncat <<EOF\nsandbox_mode = "danger-full-access"\nEOF';
    assert.equal(await modeOf(starting(setup, text)), `danger-full-access ${setup}:3`);
  });
});
