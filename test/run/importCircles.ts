// Fails where imports between the files of src, or between its folders, run in a circle: part of npm run lint. Imports of
// types count. A folder is the files that lie in it directly: what lies in a folder below it is another's.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { preProcessFile } from 'typescript';
import { circles, type Graph } from './circles.js';
import { root } from './project.js';

/** What each file of src imports of src, by path relative to the repository. */
function importsOf(folder: string): Graph {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.ts'));
  return new Map(
    files.map((file) => {
      const { importedFiles } = preProcessFile(readFileSync(join(root, file), 'utf8'));
      const relatives = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
      return [file, new Set(relatives.map((name) => resolved(file, name)))];
    }),
  );
}

/** TypeScript's sources name each other by the .js that will be made of them. */
function resolved(importer: string, name: string): string {
  const path = join(dirname(importer), name);
  const source = path.replace(/\.js$/, '.ts');
  const found = existsSync(join(root, source)) ? source : path;
  if (!existsSync(join(root, found))) throw new Error(`${importer} imports ${name}, which is not there.`);
  return relative('.', found);
}

/** What each folder imports from others. */
function foldersOf(files: Graph): Graph {
  const imported = new Set([...files.values()].flatMap((names) => [...names]));
  const folders = new Map<string, Set<string>>();
  for (const [file, names] of files) {
    if (!imported.has(file)) continue;
    const folder = dirname(file);
    const others = [...names].map((name) => dirname(name)).filter((other) => other !== folder);
    folders.set(folder, new Set([...(folders.get(folder) ?? []), ...others]));
  }
  return folders;
}

const files = importsOf('src');
const found = [...circles(files), ...circles(foldersOf(files))];
for (const circle of found) console.error(`imports in a circle: ${[...circle, circle[0]].join(' → ')}`);
console.log(`${files.size} files of src, ${found.length} circles of imports`);
process.exitCode = found.length > 0 || files.size === 0 ? 1 : 0;
