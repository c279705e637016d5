import type { Container } from '../../src/model/container/container.js';

/** Which Debian, and with its bubblewrap or without. */
export type ImageName = '12-none' | '12-plain' | '13-plain';

/** A workspace folder and what Codex does there. */
export interface Case {
  readonly codex?: string;
  readonly image?: ImageName;
  readonly user: 'root' | 'vscode';
  /** As chown takes it. */
  readonly owner: string;
  readonly mode?: string;
  readonly has?: readonly string[];
  /** What root does in the folder at last, in the shell. */
  readonly then?: string;
  readonly folder?: string;
  readonly options?: readonly string[];
  readonly container?: Partial<Container>;
  /** What Codex does there; of an error, its end. */
  readonly expected: string;
}

function crosses(name: string): string {
  const path = `FOLDER/${name}`;
  return `error building bubblewrap command: Fatal error: cannot enforce sandbox read-only path ${path} because it crosses writable symlink ${path}`;
}

const NOT_READ = 'Error: Failed to read project config file FOLDER/.codex/config.toml: Permission denied (os error 13)';

/** A user's own folder in which something is in the way of every command. The expectations were measured before the model knew of them. */
export const ENTRIES: Readonly<Record<string, Case>> = {
  'a link to a folder': {
    user: 'vscode',
    owner: '1000:1000',
    then: 'mkdir real && ln -s real .git',
    expected: crosses('.git'),
  },
  'a link to nothing': {
    user: 'vscode',
    owner: '1000:1000',
    then: 'ln -s nowhere .codex',
    expected: crosses('.codex'),
  },
  'a link to a file, as root': {
    user: 'root',
    owner: '0:0',
    then: 'touch real && ln -s real .agents',
    expected: crosses('.agents'),
  },
  'a link that leads out of it': {
    user: 'vscode',
    owner: '1000:1000',
    then: 'ln -s /etc .aws',
    expected: crosses('.aws'),
  },
  'a link comes before seccomp': {
    user: 'vscode',
    owner: '1000:1000',
    then: 'ln -s nowhere .git',
    options: [],
    container: {},
    expected: crosses('.git'),
  },
  'a link in the folder of somebody else': {
    user: 'vscode',
    owner: '0:0',
    then: 'ln -s nowhere .agents',
    expected: crosses('.agents'),
  },
  '0.130 and a link': {
    codex: '0.130.0',
    user: 'vscode',
    owner: '1000:1000',
    then: 'ln -s x .git',
    expected: crosses('.git'),
  },
  '0.130 knows nothing of .aws': {
    codex: '0.130.0',
    user: 'vscode',
    owner: '1000:1000',
    then: 'ln -s nowhere .aws',
    expected: 'works',
  },
  '0.120 follows a link': {
    codex: '0.120.0',
    image: '12-plain',
    user: 'vscode',
    owner: '1000:1000',
    has: ['.codex'],
    then: 'ln -s nowhere .git',
    expected: 'works',
  },
  'links further down': {
    user: 'vscode',
    owner: '1000:1000',
    has: ['.codex', '.agents'],
    then: 'mkdir real && ln -s ../real .agents/skills && ln -s ../real .codex/prompts',
    expected: 'works',
  },
  'a .git file whose repository lies elsewhere': {
    user: 'vscode',
    owner: '1000:1000',
    then: 'mkdir /elsewhere && echo "gitdir: /elsewhere" > .git',
    expected: 'works',
  },
  'a .codex that this user may not search': {
    user: 'vscode',
    owner: '1000:1000',
    then: 'mkdir -m 700 .codex',
    expected: NOT_READ,
  },
  'a configuration that this user may not read': {
    user: 'vscode',
    owner: '1000:1000',
    has: ['.codex'],
    then: 'umask 077 && touch .codex/config.toml',
    expected: NOT_READ,
  },
  'what may not be read comes before a link': {
    user: 'vscode',
    owner: '1000:1000',
    then: 'ln -s nowhere .git && mkdir -m 700 .codex',
    expected: NOT_READ,
  },
  'root may read it': {
    user: 'root',
    owner: '0:0',
    then: 'mkdir -m 700 .codex && chown 1000 .codex',
    expected: 'works',
  },
};
