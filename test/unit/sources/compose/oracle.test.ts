import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readComposeProject } from '../../../../src/sources/compose/project.js';
import { foldOptions } from '../../../../src/sources/options/fold.js';
import { readComposeService, type ComposeService } from '../../../../src/sources/compose/service.js';
import type { Problem } from '../../../../src/sources/text/problem.js';
import { nodeFiles } from '../../../../src/sources/workspace/nodeFiles.js';
import { readConfigurations } from '../../../../src/sources/configuration/readConfiguration.js';
import { ConfigurationReader } from '../../../../src/sources/workspace/reader.js';

const root = fileURLToPath(new URL('../../../fixtures/compose/', import.meta.url));
const START = {
  file: 'devcontainer.json',
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
};

/**
 * What Docker Compose 2.26.1 says of the service of a case, or its error, recorded with `docker compose -f FILE …
 * --profile '*' config --format json` in an environment without variables. Paths are relative to the folder of the case.
 * Compose 2.40.3 says the same of every case.
 */
interface Expected {
  readonly files: readonly string[];
  readonly service: string;
  /** The version that says so, where 2.26.1 does not: what it did is then mended in this one. */
  readonly compose?: string;
  readonly config?: Config;
  readonly error?: string;
}

interface Config {
  readonly image?: string;
  readonly privileged?: boolean;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly user?: string;
  readonly userns_mode?: string;
  readonly network_mode?: string;
  readonly platform?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly init?: boolean;
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly Volume[];
  readonly devices?: readonly { readonly source: string }[];
  readonly build?: Readonly<Record<string, unknown>>;
}

interface Volume {
  readonly type: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly tmpfs?: { readonly mode?: number };
}

async function read(name: string, { files, service }: Expected) {
  const references = files.map((path) => ({ path: { kind: 'inside', path } as const, written: path, place: START }));
  const reader = new ConfigurationReader(nodeFiles(root + name));
  const project = await readComposeProject(references, { name: service, place: START }, reader);
  const read = project.service && readComposeService(project.service, project.folder);
  return { read, problems: [...project.problems, ...(read?.problems ?? [])] };
}

/** The problems of a dev container that is made of the service. */
async function problemsOf(name: string, { files, service }: Expected): Promise<readonly Problem[]> {
  const folder = nodeFiles(root + name);
  const text = JSON.stringify({ dockerComposeFile: files, service });
  const [configuration] = await readConfigurations({
    ...folder,
    read: (path) => (path === '.devcontainer.json' ? Promise.resolve({ kind: 'text', text }) : folder.read(path)),
  });
  return configuration?.problems ?? [];
}

/** `docker compose config` writes dollars twice, since its output is a Compose file. */
function unescaped<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll('$$', '$')) as T;
}

/** What is asked for, in the words of Compose. */
function ours({ options, image, build }: ComposeService): object {
  const folded = foldOptions(options);
  const valuesOf = (flag: string): readonly (string | undefined)[] =>
    options.filter((option) => option.flag === flag).map((option) => option.value);
  const value = <T>(of: { readonly value: T } | undefined): T | undefined => of?.value;
  const values = (list: readonly { readonly value: string | undefined }[]): readonly (string | undefined)[] =>
    list.map((v) => v.value);
  return {
    image: image?.text,
    privileged: value(folded.privileged),
    cap_add: values(folded.capAdd),
    cap_drop: values(folded.capDrop),
    security_opt: values(folded.securityOpt),
    user: value(folded.user),
    userns_mode: value(folded.userns),
    network_mode: valuesOf('network')[0],
    platform: valuesOf('platform')[0],
    sysctls: [...valuesOf('sysctl')].sort(),
    read_only: value(folded.readOnly),
    init: value(folded.init),
    tmpfs: values(folded.tmpfs),
    devices: values(folded.devices),
    build: build && {
      context: /^https?:/.test(build.context) ? build.context : joined(build.folder ?? '..', build.context),
      dockerfile: build.inline ? undefined : (build.dockerfile?.text ?? 'Dockerfile'),
      dockerfile_inline: build.inline?.text,
      target: build.target,
      args: build.args,
    },
  };
}

function theirs(config: Config): object {
  const volumes = (config.volumes ?? []).filter((v) => v.read_only !== true);
  const tmpfsMode = ({ tmpfs }: Volume): string => (tmpfs?.mode === undefined ? '' : `:mode=${tmpfs.mode.toString(8)}`);
  const { args = {}, context, dockerfile, dockerfile_inline, target } = config.build ?? {};
  return {
    image: config.image,
    privileged: config.privileged,
    cap_add: (config.cap_add ?? []).map((c) => c.toUpperCase().replace(/^CAP_/, '')),
    cap_drop: config.cap_drop ?? [],
    security_opt: config.security_opt ?? [],
    user: config.user,
    userns_mode: config.userns_mode,
    network_mode: config.network_mode,
    platform: config.platform,
    sysctls: Object.entries(config.sysctls ?? {})
      .map(([name, v]) => `${name}=${v}`)
      .sort(),
    read_only: config.read_only,
    init: config.init,
    tmpfs: [...(config.tmpfs ?? []), ...volumes.map((v) => v.target + (v.type === 'tmpfs' ? tmpfsMode(v) : ':volume'))],
    devices: (config.devices ?? []).map((d) => d.source),
    build: config.build && { context, dockerfile, dockerfile_inline, target, args },
  };
}

function joined(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? '.' : `./${parts.join('/')}`;
}

/** What is left out where nothing says it. */
function said(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, v: unknown) => (v === false || (Array.isArray(v) && v.length === 0) ? undefined : v)),
  );
}

suite('sources/compose: as docker compose config says', () => {
  for (const name of readdirSync(root)) {
    const expected = JSON.parse(readFileSync(`${root}${name}/expected.json`, 'utf8')) as Expected;
    if (expected.config) {
      const { config } = expected;
      test(`${name}: is merged the same${expected.compose === undefined ? '' : ` (Compose ${expected.compose})`}`, async () => {
        const { read: service, problems } = await read(name, expected);
        assert.deepEqual(problems, []);
        assert.ok(service);
        assert.deepEqual(said(ours(service)), said(unescaped(theirs(config))));
      });
    } else {
      test(`${name}: what is refused is a problem (${expected.error ?? ''})`, async () => {
        const problems = await problemsOf(name, expected);
        assert.notDeepEqual(problems, []);
      });
    }
  }
});
