import assert from 'node:assert/strict';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { memoryFiles } from '../../memoryFiles.js';

const FILE = '.devcontainer/devcontainer.json';

/** What is known of bubblewrap where this command runs, and why not more. */
async function bwrap(
  command: string,
  properties: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
): Promise<string> {
  const text = JSON.stringify({ image: 'debian:12', ...properties, postCreateCommand: command });
  const [configuration] = await readConfigurations(memoryFiles({ [FILE]: text, ...others }));
  const { presence, setuid } = configuration?.container.bwrap ?? {};
  return [presence?.value ?? presence?.why, setuid?.value === true ? 'setuid' : ''].filter(Boolean).join(', ');
}

const INSTALL = 'apt-get update && apt-get install -y bubblewrap';
const REFUSED = 'a command that changes bubblewrap runs as dev, not root';

suite('what lifecycle commands can install', () => {
  test('root can, and who is not known may', async () => {
    assert.equal(await bwrap(INSTALL, {}), 'present');
    assert.equal(await bwrap(INSTALL, { remoteUser: 'root', containerUser: 'dev' }), 'present');
    assert.equal(await bwrap(INSTALL, { remoteUser: '${localEnv:USER}' }), 'present');
  });

  test('another user cannot by himself, so that it is not known what comes of it', async () => {
    assert.equal(await bwrap(INSTALL, { remoteUser: 'dev' }), REFUSED);
    assert.equal(await bwrap(INSTALL, { containerUser: 'dev' }), REFUSED);
    assert.equal(await bwrap('bash setup.sh', { remoteUser: 'dev' }, { 'setup.sh': INSTALL }), REFUSED);
  });

  test('but with sudo, in the command or in the script that it starts', async () => {
    const properties = { remoteUser: 'dev' };
    assert.equal(await bwrap('sudo apt-get install -y bubblewrap', properties), 'present');
    assert.equal(await bwrap(`sudo sh -c '${INSTALL} && chmod u+s /usr/bin/bwrap'`, properties), 'present, setuid');
    assert.equal(await bwrap('sudo bash setup.sh', properties, { 'setup.sh': INSTALL }), 'present');
    assert.equal(await bwrap('bash setup.sh', properties, { 'setup.sh': `su -c '${INSTALL}'` }), 'present');
  });

  test('what changes nothing stays known', async () => {
    assert.equal(await bwrap('npm ci', { remoteUser: 'dev' }), 'absent');
  });
});
