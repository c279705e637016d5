import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_HEADLINE, MAX_TITLE } from '../../../src/model/headline.js';
import { HOST_NAMES, HOSTS, DEFAULT_HOSTS, type HostName } from '../../../src/model/host.js';
import type { Finding, Fix } from '../../../src/rules/engine/rule.js';
import { RULES } from '../../../src/rules/index.js';
import { judge } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import type { WorkspaceFiles } from '../../../src/sources/workspace/files.js';
import { nodeFiles } from '../../../src/sources/workspace/nodeFiles.js';
import { memoryFiles } from '../memoryFiles.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** A row of expected.jsonl of the corpus. */
interface Row {
  readonly name: string;
  readonly root?: string;
  readonly file: string;
}

const ROWS = readFileSync(join(FIXTURES, 'corpus/expected.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Row);

/** A line that people read once: more is split, or is for the rule's page. */
const MAX_LINE = 200;

const CURLY = /[‘’“”]/;

function faultsOf({ headline, details, message, related }: Finding): readonly string[] {
  return [
    ...(headline.length > MAX_HEADLINE ? [`${String(headline.length)} characters: ${headline}`] : []),
    ...(/[\r\n]/.test(headline) || headline.endsWith('.') ? [`not one line, or with a full stop: ${headline}`] : []),
    ...(CURLY.test(message) || related.some((other) => CURLY.test(other.message)) ? [`curly quotes: ${message}`] : []),
    ...details.filter((line) => line.length > MAX_LINE).map((line) => `a long line: ${line}`),
    ...related.filter((other) => other.message.length > MAX_HEADLINE).map((other) => `related: ${other.message}`),
  ];
}

function titleFaults({ title, details }: Fix): readonly string[] {
  return [
    ...(title.length > MAX_TITLE ? [`${String(title.length)} characters: ${title}`] : []),
    ...(CURLY.test([title, ...details].join()) ? [`curly quotes: ${title}`] : []),
    ...(/^[A-Z]/.test(title) ? [] : [`no verb first: ${title}`]),
  ];
}

/** All faults in what is said of the configurations of a workspace and of their fixes. */
async function faults(
  files: WorkspaceFiles,
  only?: string,
  ...hosts: readonly (readonly HostName[])[]
): Promise<unknown> {
  const configurations = await readConfigurations(files, only);
  return configurations.flatMap((configuration) =>
    [DEFAULT_HOSTS, ...hosts].flatMap((names) => {
      const { findings, fixesOf, repairs } = judge(configuration, { hosts: names.map((name) => HOSTS[name]) });
      const { fixes, otherWays, onRequest } = repairs();
      const all = [
        ...findings.flatMap(fixesOf),
        ...fixes(),
        ...otherWays(),
        ...onRequest.fixes(),
        ...onRequest.otherWays(),
      ];
      return [...findings.flatMap(faultsOf), ...all.flatMap(titleFaults)];
    }),
  );
}

suite('the anatomy of findings and fixes', () => {
  for (const { id, bad, exampleHosts, exampleLinks } of RULES) {
    test(`${id}: its example`, async () => {
      const files = memoryFiles(bad, Object.keys(exampleLinks ?? {}));
      assert.deepEqual(await faults(files, undefined, exampleHosts?.bad ?? DEFAULT_HOSTS, HOST_NAMES), []);
    });
  }

  for (const name of readdirSync(join(FIXTURES, 'samples'))) {
    test(`the sample ${name}`, async () => {
      assert.deepEqual(await faults(nodeFiles(join(FIXTURES, 'samples', name)), undefined, HOST_NAMES), []);
    });
  }

  for (const { name, root = '', file } of ROWS) {
    test(`the corpus entry ${[name, root].filter(Boolean).join('/')} ${file}`, async () => {
      assert.deepEqual(await faults(nodeFiles(join(FIXTURES, 'corpus', name, root)), file), []);
    });
  }

  for (const name of readdirSync(join(FIXTURES, 'compose'))) {
    test(`the Compose files ${name}`, async () => {
      assert.deepEqual(await faults(composeFiles(name)), []);
    });
  }
});

/** A workspace with the Compose files of a fixture. */
function composeFiles(name: string): WorkspaceFiles {
  const folder = join(FIXTURES, 'compose', name);
  const names = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
  const configuration = { dockerComposeFile: names, service: 'app', runArgs: ['--cap-add', 'A,\nB', '--privileged=x'] };
  return memoryFiles({
    '.devcontainer.json': JSON.stringify(configuration),
    ...Object.fromEntries(names.map((file) => [file, readFileSync(join(folder, file), 'utf8')])),
  });
}
