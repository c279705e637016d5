import assert from 'node:assert/strict';
import { known, unknown, type Sourced } from '../../../../src/model/container/container.js';
import type { FileText } from '../../../../src/sources/workspace/files.js';
import { ConfigurationReader } from '../../../../src/sources/workspace/reader.js';
import { readSeccomp } from '../../../../src/sources/options/seccompFile.js';
import type { SeccompOption } from '../../../../src/sources/options/securityOptions.js';

const place = { file: 'd.json', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

/** What is read where the file answers so. */
async function under(
  answer: FileText,
  path = 'p.json',
): Promise<{ readonly value: unknown; readonly why: string | undefined; readonly problems: readonly string[] }> {
  const files = { read: () => Promise.resolve(answer), folders: () => Promise.resolve([]) };
  const option: Sourced<SeccompOption> = known({ kind: 'file', path }, place);
  const { seccomp, problems } = await readSeccomp(option, '', new ConfigurationReader(files));
  assert.deepEqual(seccomp.places, [place]);
  return { value: seccomp.value, why: seccomp.why, problems: problems.map((p) => p.message) };
}

const custom = (rest: object, file = 'p.json'): object => ({ kind: 'custom', file, profile: undefined, ...rest });

suite('the file of a seccomp profile', () => {
  test('that Docker takes', async () => {
    const { value, problems } = await under({ kind: 'text', text: '{"defaultAction":"SCMP_ACT_LOG"}' });
    assert.deepEqual(value, custom({ profile: { defaultAction: 'SCMP_ACT_LOG', syscalls: [] } }));
    assert.deepEqual(problems, []);
  });

  for (const [title, answer, problem] of [
    ['is missing', { kind: 'missing' }, 'it does not exist'],
    ['is a folder', { kind: 'unreadable', reason: 'it is a folder' }, 'it cannot be read (it is a folder)'],
    ['is empty', { kind: 'text', text: '' }, 'it is empty'],
    ['is no profile', { kind: 'text', text: '[]' }, 'it is not a JSON object'],
    [
      'has a byte order mark',
      { kind: 'text', text: '{}', byteOrderMark: true },
      'it begins with a byte order mark, which Docker does not accept',
    ],
  ] as const) {
    test(`that ${title}: the container does not start`, async () => {
      const { value, problems } = await under(answer);
      assert.deepEqual(value, custom({ problem }));
      assert.deepEqual(problems, [], 'a rule of its own reports it');
    });
  }

  test('that is too large or outside is not known', async () => {
    const large = await under({ kind: 'too-large', bytes: 5_000_000 });
    assert.deepEqual(large.value, custom({}));
    assert.match(large.problems.join(), /^the seccomp profile "p\.json" is too large to be read/i);
    const outside = await under({ kind: 'missing' }, '/etc/p.json');
    assert.deepEqual(outside.value, custom({}, '/etc/p.json'));
    assert.match(outside.problems.join(), /is outside the workspace folder/);
  });

  test('whose path is that in the container is looked for by Docker elsewhere', async () => {
    const profile = { kind: 'text', text: '{"defaultAction":"SCMP_ACT_LOG"}' } as const;
    const reader = (path: string): ConfigurationReader =>
      new ConfigurationReader({
        read: (asked) => Promise.resolve(asked === path ? profile : { kind: 'missing' }),
        folders: () => Promise.resolve([]),
      });
    const said = async (written: string, there: string): Promise<string> => {
      const option: Sourced<SeccompOption> = known({ kind: 'file', path: written }, place);
      return (await readSeccomp(option, '', reader(there))).problems.map((p) => `${p.kind}: ${p.message}`).join();
    };
    const found = await said('/workspace/.devcontainer/p.json', '.devcontainer/p.json');
    assert.match(found, /^outside: .*\nWrite "seccomp=\$\{localWorkspaceFolder\}\/\.devcontainer\/p\.json"/);
    assert.match(await said('/workspaces/app/p.json', 'p.json'), /localWorkspaceFolder\}\/p\.json/);
    assert.match(await said('/etc/docker/p.json', 'p.json'), /is outside the workspace folder/);
    assert.match(await said('/a/../b/p.json', 'b/p.json'), /is outside the workspace folder/);
  });

  test('whose path depends on the machine is not known', async () => {
    const { value, why, problems } = await under({ kind: 'missing' }, '${localEnv:P}');
    assert.deepEqual([value, why, problems], [undefined, '${localEnv:P} depends on the machine', []]);
  });

  test('options that name no file, and one that cannot be read', async () => {
    const reader = new ConfigurationReader({
      read: () => Promise.reject(new Error('not to be read')),
      folders: () => Promise.resolve([]),
    });
    const read = async (option: Sourced<SeccompOption>): Promise<unknown> =>
      (await readSeccomp(option, '', reader)).seccomp;
    assert.deepEqual(await read(known({ kind: 'unconfined' }, place)), known({ kind: 'unconfined' }, place));
    assert.deepEqual(await read(known({ kind: 'default' })), known({ kind: 'default' }));
    assert.deepEqual(await read(unknown('a reason', place)), unknown('a reason', place));
    assert.deepEqual(await read({ value: undefined, places: [] }), unknown('it cannot be read'));
  });
});
