import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { DEFAULT_HOSTS, HOST_CHOICES } from '../src/model/host.js';
import { choiceSchema, ruleLevels } from './choiceSchema.js';
import { howItWorks } from './howItWorks.js';
import { RULES } from '../src/rules/index.js';
import { sentence } from '../src/rules/engine/wording.js';
import { page } from '../src/rules/engine/page.js';

/** What the extension contributes for our key of devcontainer.json. */
const SCHEMA = 'media/devcontainer.schema.json';

/** Every text in the repository that is generated from the rules and the hosts: path relative to the repository → its content. */
export async function generated(root: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map(RULES.map((rule) => [`docs/rules/${rule.id}.md`, page(rule)]));
  files.set('docs/how-it-works.md', await howItWorks(root));
  const manifest = withSettings(fs.readFileSync(`${root}/package.json`, 'utf8'));
  files.set('package.json', manifest);
  files.set(SCHEMA, await format(JSON.stringify(choiceSchema()), { ...(await resolveConfig(root)), parser: 'json' }));
  const tables = {
    rules: ['rules', ruleRows()],
    hosts: ['hosts', hostRows()],
    vscode: ['settings', settingRows(manifest)],
  } as const;
  for (const [name, [mark, rows]] of Object.entries(tables)) {
    const path = `docs/${name}.md`;
    const page = withTable(fs.readFileSync(`${root}/${path}`, 'utf8'), path, mark, rows);
    files.set(path, await format(page, { parser: 'markdown' }));
  }
  return files;
}

/** Pages of rules that no longer exist. */
export function stalePages(root: string): readonly string[] {
  const known = new Set(RULES.map((rule) => `${rule.id}.md`));
  return fs
    .readdirSync(`${root}/docs/rules`)
    .filter((name) => !known.has(name))
    .map((name) => `docs/rules/${name}`);
}

/** A table of Markdown, the head first. */
type Rows = readonly (readonly string[])[];

function withTable(text: string, path: string, mark: string, [head = [], ...rows]: Rows): string {
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const marked = new RegExp(`(<!-- ${mark} -->\\n)[^]*?(<!-- end of ${mark} -->)`);
  if (!marked.test(text)) throw new Error(`${path} has no place for the ${mark}`);
  return text.replace(marked, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`);
}

function ruleRows(): Rows {
  return [['rule', 'what it finds'], ...RULES.map(({ id, title }) => [`[${id}](rules/${id}.md)`, title])];
}

function hostRows(): Rows {
  const rows = HOST_CHOICES.map(({ name, displayName, description }) => [
    sentence(displayName),
    `\`${name}\``,
    sentence(description),
  ]);
  return [['host', 'id', 'machines'], ...rows];
}

function settingRows(manifest: string): Rows {
  const settings = (JSON.parse(manifest) as Manifest).contributes.configuration.properties;
  const rows = Object.entries(settings).map(([name, setting]) => [
    `\`${name}\``,
    String(setting['markdownDescription'] ?? setting['description']),
  ]);
  return [['setting', 'what it does'], ...rows];
}

interface Manifest {
  contributes: { configuration: { properties: Record<string, Record<string, unknown>> } };
}

/** The hosts, the rules and their levels. VS Code shows the settings in the order of the file. */
function withSettings(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  const settings = manifest.contributes.configuration.properties;
  Object.values(settings).forEach((setting, i) => {
    setting['order'] = i + 1;
  });
  Object.assign(settingOf(settings, 'codexSandbox.hosts'), {
    items: {
      type: 'string',
      enum: HOST_CHOICES.map(({ name }) => name),
      enumDescriptions: HOST_CHOICES.map(({ description }) => sentence(description)),
    },
    default: DEFAULT_HOSTS,
  });
  settingOf(settings, 'codexSandbox.rules')['properties'] = ruleLevels();
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function settingOf(
  settings: Manifest['contributes']['configuration']['properties'],
  name: string,
): Record<string, unknown> {
  const setting = settings[name];
  if (!setting) throw new Error(`package.json has no setting ${name}`);
  return setting;
}

async function write(root: string): Promise<void> {
  fs.mkdirSync(`${root}/docs/rules`, { recursive: true });
  for (const path of stalePages(root)) fs.rmSync(`${root}/${path}`);
  for (const [path, text] of await generated(root)) fs.writeFileSync(`${root}/${path}`, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write(fileURLToPath(new URL('..', import.meta.url)));
