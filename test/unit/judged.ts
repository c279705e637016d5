import assert from 'node:assert/strict';
import { DEFAULT_HOSTS, HOSTS, type HostName } from '../../src/model/host.js';
import { judge, type Judgement } from '../../src/rules/judge.js';
import { readConfigurations } from '../../src/sources/configuration/readConfiguration.js';
import type { WorkspaceFiles } from '../../src/sources/workspace/files.js';
import { memoryFiles } from './memoryFiles.js';
import { asked, type Asked } from './rules/asked.js';

type Texts = Readonly<Record<string, string>>;

/** The judgement of the only, or the first, configuration in a workspace of these texts, by path. */
export async function judged(
  texts: Texts,
  hosts: readonly HostName[] = DEFAULT_HOSTS,
  codexVersion?: string,
): Promise<Judgement> {
  return judgedIn(memoryFiles(texts), hosts, codexVersion);
}

/** The same for a workspace that tells more than texts. */
export async function judgedIn(
  files: WorkspaceFiles,
  hosts: readonly HostName[] = DEFAULT_HOSTS,
  codexVersion?: string,
): Promise<Judgement> {
  const [configuration] = await readConfigurations(files);
  assert.ok(configuration, 'the workspace has no configuration');
  return judge(configuration, { hosts: hosts.map((host) => HOSTS[host]), codexVersion });
}

/** The judgement of every configuration in a workspace of these texts. */
export async function judgedAll(
  texts: Texts,
  hosts: readonly HostName[] = DEFAULT_HOSTS,
): Promise<readonly Judgement[]> {
  const configurations = await readConfigurations(memoryFiles(texts));
  return configurations.map((configuration) => judge(configuration, { hosts: hosts.map((host) => HOSTS[host]) }));
}

/** The judgement of such a workspace with all that it answers when somebody asks. */
export async function judgedAndAsked(texts: Texts, hosts?: readonly HostName[]): Promise<Asked> {
  return asked(await judged(texts, hosts));
}
