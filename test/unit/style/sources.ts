import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { COMMANDS, help } from '../../../src/cli/help.js';
import type { Message, SymptomFacts } from '../../../src/model/agent/symptom.js';
import { CODEX } from '../../../src/model/agents/codex/agent.js';
import { GATE_NAMES } from '../../../src/model/gates.js';
import { DEFAULT_HOSTS, HOST_CHOICES, HOST_NAMES, HOSTS, type HostName } from '../../../src/model/host.js';
import { HOST_CHANGES, type HostChange } from '../../../src/model/plan/hostChange.js';
import { bwrapMessages, workspaceMessages } from '../../../src/model/sandbox/bwrapMessages.js';
import { RULES } from '../../../src/rules/index.js';
import { judge, type Judgement } from '../../../src/rules/judge.js';
import { readConfigurations } from '../../../src/sources/configuration/readConfiguration.js';
import { nodeFiles } from '../../../src/sources/workspace/nodeFiles.js';
import { sampleOf } from '../cases.js';
import { RELAXATIONS } from '../containers.js';
import { judgedIn } from '../judged.js';
import { memoryFiles } from '../memoryFiles.js';
import { asked } from '../rules/asked.js';
import type { StyleOptions } from './faults.js';

export const ROOT = join(import.meta.dirname, '../../..');

/** Something that people read. */
export interface ReadText extends StyleOptions {
  readonly text: string;
}

const LONGEST_HEADLINE = 80;
const LONGEST_TITLE = 60;

/** Everything that people read, by where it comes from. */
export const SOURCES: Readonly<Record<string, () => Iterable<ReadText> | Promise<Iterable<ReadText>>>> = {
  'the rules': () => RULES.flatMap(({ title, explanation }) => texts(title, explanation)),
  'findings and fixes of the examples': ofExamples,
  'findings and fixes of the samples': () => ofRepositories('samples', 10),
  'findings and fixes of the corpus': () => ofRepositories('corpus', 10),
  relaxations: () => RELAXATIONS.flatMap(({ title, givesAway }) => texts(title, givesAway)),
  'changes of hosts': () => Object.values(HOST_CHANGES).flatMap(ofHostChange),
  hosts: () => HOST_CHOICES.flatMap(({ displayName, description }) => texts(displayName, description)),
  gates: () => texts(...Object.values(GATE_NAMES)),
  symptoms: ofSymptoms,
  help: ofHelp,
  'package.json': ofManifest,
  'texts of the editor': () => texts(...sentencesIn('src/editor')),
  'texts of the command line': () => texts(...sentencesIn('src/cli'), ...sentencesIn('src/report')),
  'texts of the probe': () => texts(...sentencesIn('src/probe')),
  'README.md': () => texts(page('README.md')),
  'CHANGELOG.md': () => texts(newestRelease(page('CHANGELOG.md'))),
  'CONTRIBUTING.md': () => texts(page('CONTRIBUTING.md')),
  ...Object.fromEntries(
    readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => [`docs/${name}`, () => texts(page(`docs/${name}`))]),
  ),
};

function texts(...all: readonly (string | undefined)[]): readonly ReadText[] {
  return all.flatMap((text) => (text === undefined || text === '' ? [] : [{ text }]));
}

function page(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** What is released is history. */
function newestRelease(changelog: string): string {
  return changelog.split(/^## /m).slice(0, 2).join('');
}

async function ofExamples(): Promise<readonly ReadText[]> {
  const all: ReadText[] = [];
  for (const { bad, exampleLinks, exampleHosts } of RULES) {
    const judgement = await judgedIn(memoryFiles(bad, Object.keys(exampleLinks ?? {})), exampleHosts?.bad);
    all.push(...ofFindings(judgement), ...ofFixes(judgement));
  }
  return all;
}

/** The hosts of a judgement in turn: those that nobody has to name, and all. */
const HOST_LISTS: readonly (readonly HostName[])[] = [DEFAULT_HOSTS, HOST_NAMES];

/** @param fixed of how many the fixes are read as well: they take most of the time */
async function ofRepositories(folder: string, fixed: number): Promise<readonly ReadText[]> {
  const all: ReadText[] = [];
  const names = readdirSync(join(ROOT, 'test/fixtures', folder), { withFileTypes: true }).filter((e) =>
    e.isDirectory(),
  );
  const withFixes = sampleOf(names, fixed);
  for (const name of names) {
    for (const configuration of await readConfigurations(nodeFiles(join(name.parentPath, name.name)))) {
      for (const hosts of HOST_LISTS) {
        const judgement = judge(configuration, { hosts: hosts.map((host) => HOSTS[host]) });
        all.push(...ofFindings(judgement));
        if (withFixes.includes(name)) all.push(...ofFixes(judgement));
      }
    }
  }
  return all;
}

function ofFindings({ findings, predictions }: Judgement): readonly ReadText[] {
  return [
    ...findings.flatMap(({ headline, details, related }) => [
      { text: headline, longest: LONGEST_HEADLINE },
      ...texts(...details.flatMap(lines), ...related.map(({ message }) => message)),
    ]),
    ...texts(...predictions.map(({ condition }) => condition)),
  ];
}

function ofFixes(judgement: Judgement): readonly ReadText[] {
  const { findings, repairs, otherWays, onRequest } = asked(judgement);
  const fixes = [...findings.flatMap((f) => f.fixes), ...repairs, ...otherWays];
  return [
    ...[...fixes, ...onRequest.repairs, ...onRequest.otherWays].flatMap(({ title, details, adds, removes }) => [
      { text: title, longest: LONGEST_TITLE },
      ...texts(...details.flatMap(lines), ...adds, ...removes),
    ]),
    ...texts(judgement.whyNotRepairable()),
  ];
}

function lines(text: string): readonly string[] {
  return text.split('\n');
}

function ofHostChange({ summary, cost, reference, otherwise }: HostChange): readonly ReadText[] {
  return [...texts(`On the host, ${summary}.`, cost, reference), ...(otherwise ? ofHostChange(otherwise) : [])];
}

/** What decides between causes that share a text. */
const FACTS: readonly SymptomFacts[] = [
  {},
  { insideSandbox: 'Claude Code' },
  { uid: 0, insideSandbox: null },
  { uid: 1000, insideSandbox: null },
];

function ofSymptoms(): readonly ReadText[] {
  const { first, last } = CODEX.symptoms;
  const messages: readonly Message[] = [...first, ...bwrapMessages(CODEX), ...workspaceMessages(CODEX), ...last];
  return messages.flatMap(({ cause, remedy, reported }) => [
    ...FACTS.flatMap((facts) =>
      [cause, remedy].flatMap((said) => texts(typeof said === 'string' ? said : said(facts))),
    ),
    ...texts(reported),
  ]);
}

/** What one types, at the beginning of a line: a host, a command or an option with its value. */
const TYPED = new RegExp(
  `^(?:${[...HOST_CHOICES]
    .reverse()
    .map(({ name }) => name)
    .join('|')}|(?:--|codex-sandbox-check ).*? {2,})`,
  'gm',
);

/** A page of help, a paragraph or an option at a time, without what one types. */
function ofHelp(): readonly ReadText[] {
  return [undefined, ...COMMANDS].flatMap((about) =>
    help(about)
      .replace(/\n {8,}(?=\S)/g, ' ')
      .replace(/^ {2,}(?=\S)/gm, '\n')
      .replace(TYPED, '')
      .split(/\n\s*\n/)
      .map((text) => ({ text: text.replace(/\n/g, ' '), help: true as const })),
  );
}

/** What the Marketplace and VS Code show of package.json. */
function ofManifest(): readonly ReadText[] {
  const { displayName, description } = JSON.parse(page('package.json')) as { displayName: string; description: string };
  const shown = JSON.parse(page('package.nls.json')) as Record<string, string>;
  return texts(displayName, description, ...Object.values(shown));
}

/** What the code of a folder says in sentences: its strings of several words, the values in them as one word each. */
function sentencesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const source = ts.createSourceFile(name, page(`${folder}/${name}`), ts.ScriptTarget.Latest);
      const found: string[] = [];
      const look = (node: ts.Node): void => {
        const text = textOf(node);
        if (text !== undefined && SEVERAL_WORDS.test(text)) found.push(text);
        ts.forEachChild(node, look);
      };
      look(source);
      return found;
    });
}

/** Four words on one line, which no code holds. */
const SEVERAL_WORDS = /^[^=|;\n]*\p{L}+ \p{L}+ \p{L}+ \p{L}+[^=|;\n]*$/u;

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `{0}${literal.text}`).join('');
}
