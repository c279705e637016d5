import * as fs from 'node:fs';
import { getL10nJson } from '@vscode/l10n-dev';

/** Properties of package.json that people read: VS Code takes a text of package.nls.json for `%KEY%` in them. */
const SHOWN = new Set([
  'title',
  'shortTitle',
  'category',
  'description',
  'markdownDescription',
  'patternErrorMessage',
  'altText',
  'contents',
]);

/** The same where the property is a list. */
const SHOWN_LISTS = new Set(['enumDescriptions', 'markdownEnumDescriptions']);

/** Texts by key. */
export type Texts = Readonly<Record<string, string>>;

const REFERENCE = /^%([^%]+)%$/;

/** A text of package.json as people read it. */
export function shownText(text: string, texts: Texts): string {
  const [, key] = REFERENCE.exec(text) ?? [];
  return key === undefined ? text : (texts[key] ?? text);
}

/**
 * Moves the texts of `contributes` and `capabilities` that are still in package.json to package.nls.json, under keys that
 * follow from their places. Keys that nothing names any more are left out.
 */
export function moveTexts<T extends Readonly<Record<string, unknown>>>(
  manifest: T,
  texts: Texts,
): { readonly manifest: T; readonly texts: Texts } {
  const moved: Record<string, string> = {};
  const move = (value: unknown, path: readonly string[]): unknown => {
    const own = path.at(-1) ?? '';
    if (typeof value === 'string') return isShown(path) ? referTo(value, path) : value;
    if (Array.isArray(value)) return value.map((each: unknown, i) => move(each, [...path, nameOf(each) ?? String(i)]));
    if (typeof value !== 'object' || value === null || own === 'menus') return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, move(each, [...path, name])]));
  };
  const referTo = (text: string, path: readonly string[]): string => {
    const key = path.slice(1).join('.');
    moved[key] = shownText(text, texts);
    return `%${key}%`;
  };
  const changed = Object.fromEntries(
    Object.entries(manifest).map(([name, value]) => [
      name,
      name === 'contributes' || name === 'capabilities' ? move(value, [name]) : value,
    ]),
  );
  return { manifest: changed as T, texts: moved };
}

function isShown(path: readonly string[]): boolean {
  return SHOWN.has(path.at(-1) ?? '') || SHOWN_LISTS.has(path.at(-2) ?? '');
}

/** What tells an entry of a list from the others. */
function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const named = Object.entries(entry).find(([name]) => ['id', 'command', 'name', 'type'].includes(name));
  return typeof named?.[1] === 'string' ? named[1] : undefined;
}

/** The texts that the editor's code shows through `vscode.l10n.t`: what translators start from. */
export async function editorTexts(root: string): Promise<string> {
  const sources = fs
    .readdirSync(`${root}/src/editor`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => ({ extension: '.ts' as const, contents: fs.readFileSync(`${root}/src/editor/${file}`, 'utf8') }));
  const texts = await getL10nJson(sources);
  return `${JSON.stringify(Object.fromEntries(Object.entries(texts).sort()), null, 2)}\n`;
}
