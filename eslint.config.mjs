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

const oneWay = Object.entries(rooms).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: Object.keys(rooms)
              .filter((other) => other !== room && !allowed.includes(other))
              .map((other) => `../${other}/**`),
            message: `src/${room} may import only from: ${allowed.join(', ') || 'nothing'}.`,
          },
          ...(room === 'editor' ? [] : [{ group: ['vscode'], message: 'vscode belongs to src/editor.' }]),
        ],
      },
    ],
  },
}));

/** The layers inside a room, from the text to what is made of it: each may import only from those before it. `.` are the files beside them. */
const layers = {
  model: ['seccomp', 'container', 'bwrap', 'agent', 'agents', 'sandbox', 'plan'],
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
  ],
  edits: ['changes', 'text', 'json', 'yaml', 'compose', 'dockerfile', '.'],
  rules: ['engine', 'shared', '.'],
};

/** The later layers of its own room, and the rooms that come after it. */
const inLayers = Object.entries(layers).flatMap(([room, names]) =>
  names
    .filter((layer) => layer !== '.')
    .map((layer, index) => ({
      files: [`src/${room}/${layer}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                group: names.slice(index + 1).map((later) => (later === '.' ? '../*.js' : `../${later}/*`)),
                message: `src/${room}/${layer} may import only from: ${names.slice(0, index).join(', ') || 'nothing'}.`,
              },
              {
                group: Object.keys(rooms)
                  .filter((other) => other !== room && !rooms[room].includes(other))
                  .map((other) => `../../${other}/**`),
                message: `src/${room} may import only from: ${rooms[room].join(', ') || 'nothing'}.`,
              },
              { group: ['vscode'], message: 'vscode belongs to src/editor.' },
            ].filter(({ group }) => group.length > 0),
          },
        ],
      },
    })),
);

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
  ...oneWay,
  ...inLayers,
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
