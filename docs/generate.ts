import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { DEFAULT_HOSTS, HOST_CHOICES } from '../src/model/host.js';
import { choiceSchema, ruleLevels } from './choiceSchema.js';
import { howItWorks } from './howItWorks.js';
import { RULES } from '../src/rules/index.js';
import { sentence } from '../src/rules/engine/wording.js';
import { page } from '../src/rules/engine/page.js';
import { editorTexts, moveTexts, shownText, type Texts } from './translatable.js';

/** What the extension contributes for our key of devcontainer.json. */
const SCHEMA = 'media/devcontainer.schema.json';

/** The texts of package.json in English; a translation has its language before `.json`. */
const TEXTS = 'package.nls.json';

/** Every text in the repository that is generated from the rules and the hosts: path relative to the repository → its content. */
export async function generated(root: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map(RULES.map((rule) => [`docs/rules/${rule.id}.md`, page(rule)]));
  files.set('docs/how-it-works.md', await howItWorks(root));
  const { manifest, texts } = moveTexts(
    withSettings(JSON.parse(fs.readFileSync(`${root}/package.json`, 'utf8')) as Manifest),
    textsOf(root),
  );
  files.set('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  files.set(TEXTS, `${JSON.stringify(texts, null, 2)}\n`);
  files.set('l10n/bundle.l10n.json', await editorTexts(root));
  const path = `${root}/${SCHEMA}`;
  files.set(SCHEMA, await format(JSON.stringify(choiceSchema()), { ...(await resolveConfig(path)), parser: 'json' }));
  const tables = {
    rules: ['rules', ruleRows()],
    hosts: ['hosts', hostRows()],
    vscode: ['settings', settingRows(manifest, texts)],
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

function settingRows({ contributes }: Manifest, texts: Texts): Rows {
  const rows = Object.entries(contributes.configuration.properties).map(([name, setting]) => [
    `\`${name}\``,
    shownText(String(setting['markdownDescription'] ?? setting['description']), texts),
  ]);
  return [['setting', 'what it does'], ...rows];
}

interface Manifest extends Record<string, unknown> {
  contributes: { configuration: { properties: Record<string, Record<string, unknown>> } };
}

/** The hosts, the rules and their levels. VS Code shows the settings in the order of the file. */
function withSettings(manifest: Manifest): Manifest {
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
  return manifest;
}

function textsOf(root: string): Texts {
  const path = `${root}/${TEXTS}`;
  return fs.existsSync(path) ? (JSON.parse(fs.readFileSync(path, 'utf8')) as Texts) : {};
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
  for (const folder of ['docs/rules', 'l10n']) fs.mkdirSync(`${root}/${folder}`, { recursive: true });
  for (const path of stalePages(root)) fs.rmSync(`${root}/${path}`);
  for (const [path, text] of await generated(root)) fs.writeFileSync(`${root}/${path}`, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write(fileURLToPath(new URL('..', import.meta.url)));
