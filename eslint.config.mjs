import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Which rooms a room may import from: the path of the data runs one way (files → model → rules → edits → skins). */
const rooms = {
  model: [],
  sources: ['model'],
  edits: ['model', 'sources'],
  rules: ['model', 'sources', 'edits'],
  probe: ['model', 'sources'],
  report: ['model', 'sources', 'edits', 'rules', 'probe'],
  cli: ['model', 'sources', 'edits', 'rules', 'probe', 'report'],
  editor: ['model', 'sources', 'edits', 'rules', 'probe', 'report'],
};

/** The layers inside a room, from the text to what is made of it: each may import only from those before it. `.` are the files beside them. */
const layers = {
  model: ['seccomp', 'container', 'bwrap', 'agent', 'agents', 'sandbox', 'plan', 'data'],
  sources: [
    'text',
    'image',
    'workspace',
    'shell',
    'options',
    'dockerfile',
    'devcontainer',
    'features',
    'compose',
    'codex',
    'configuration',
    'data',
  ],
  edits: ['changes', 'text', 'json', 'yaml', 'compose', 'dockerfile', '.'],
  rules: ['engine', 'shared', '.'],
};

/** Tables: what is in them is read by all layers. */
const TABLES = 'data';

for (const [room, names] of Object.entries(layers)) {
  const folders = readdirSync(new URL(`src/${room}`, import.meta.url), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const missing = folders.map(({ name }) => name).filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new Error(`src/${room}/${missing.join(', ')} is none of the layers in eslint.config.mjs.`);
}

/** At any depth below the folder that may not import them. */
function forbidden(folders, message) {
  return folders.length === 0 ? [] : [{ regex: `^(\\.\\./)+(${folders.join('|')})/`, message }];
}

function wall(files, patterns) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

function forbiddenTo(room) {
  const allowed = rooms[room];
  const others = Object.keys(rooms).filter((other) => other !== room && !allowed.includes(other));
  return [
    ...forbidden(others, `src/${room} may import only from: ${allowed.join(', ') || 'nothing'}.`),
    ...(room === 'editor' ? [] : [{ group: ['vscode'], message: 'vscode belongs to src/editor.' }]),
  ];
}

const walls = [
  ...Object.keys(rooms).map((room) => wall([`src/${room}/**/*.ts`], forbiddenTo(room))),
  ...Object.entries(layers).flatMap(([room, names]) =>
    names
      .filter((layer) => layer !== '.' && layer !== TABLES)
      .map((layer, index) => {
        const later = names.slice(index + 1).filter((name) => name !== TABLES);
        const message = `src/${room}/${layer} may import only from: ${names.slice(0, index).join(', ') || 'nothing'}.`;
        return wall(
          [`src/${room}/${layer}/**/*.ts`],
          [
            ...forbiddenTo(room),
            ...forbidden(
              later.filter((name) => name !== '.'),
              message,
            ),
            ...(later.includes('.') ? [{ regex: '^\\.\\./[^/]+\\.js$', message }] : []),
          ],
        );
      }),
  ),
];

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'coverage/', 'test/fixtures/', '.vscode-test/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
    },
  },
  ...walls,
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: {
        module: 'writable',
        require: 'readonly',
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        Buffer: 'readonly',
      },
    },
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'no-console': 'off',
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
);
