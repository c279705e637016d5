import { demandsOf, eachRequest } from '../model/agent/request.js';
import { at, whereClosed } from './engine/closedGates.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { example, RELAXED } from './shared/examples.js';

/** Codex refuses to protect an entry of the workspace that is a link, and runs no command then. */
export const workspaceSymlink: Rule = {
  id: 'workspace-symlink',
  title: 'A protected folder of the workspace is a symbolic link',
  explanation: `
Codex protects some entries in the root of the workspace from its own commands: \`.git\`, \`.agents\`, \`.codex\`, and since 0.163 \`.aws\`. If one
of them is a symbolic link, Codex 0.122 and later refuse each command in the default mode, \`workspace-write\`. This happens before bubblewrap
starts. The host, the user and the options of the container do not matter.

The target of the link does not matter: a folder, a file or nothing, inside or outside the workspace. Links deeper in the workspace are fine.
Commands run in \`read-only\` mode. The permission profiles \`:workspace\` and \`:read-only\` behave like these two modes.

## What to do

- \`.git\`: use a real folder. For a repository elsewhere, use \`git worktree add\` or \`git init --separate-git-dir\`. Both write a \`.git\` file.
  The path in that file must not cross a link of the workspace either.
- \`.agents\`, \`.codex\` and \`.aws\`: use a real folder and put the links into it. \`.agents/skills\` can be a link.

## What was measured

Fifteen versions of Codex from 0.98.0 to 0.169.0.

The check looks at the folder that the container mounts as its workspace. If the files do not say which folder that is, for instance with a
volume, there is no finding.`,
  references: [
    'https://github.com/openai/codex/issues/27354',
    'https://github.com/openai/codex/issues/20716',
    'https://git-scm.com/docs/git-worktree',
  ],
  bad: example(RELAXED),
  good: example(RELAXED),
  exampleLinks: { '.agents': '../shared/agents' },
  check: (context) =>
    whereClosed(context, at(context, 'workspace-entries'), () => ({
      headline: headline(context),
      details: [...remedy(context), `Until then, commands run only in ${context.agent.name}'s read-only mode.`],
      ...(context.configuration.workspace && { place: context.configuration.workspace.place }),
    })),
};

/** The links that a version of the agent minds that is installed. */
function linksOf({ configuration: { workspace }, request }: RuleContext): readonly string[] {
  const { links = [] } = workspace?.folder ?? {};
  const names = eachRequest(request).flatMap((each) => demandsOf(each).shields.links?.names ?? []);
  return links.filter((name) => names.includes(name));
}

function headline(context: RuleContext): string {
  const links = linksOf(context);
  return `${context.agent.name} cannot run commands: ${list(links)} ${links.length === 1 ? 'is a symbolic link' : 'are symbolic links'}`;
}

function remedy(context: RuleContext): readonly string[] {
  const links = linksOf(context);
  const others = links.filter((name) => name !== '.git');
  return [
    ...(links.includes('.git') ? ['Make .git a real folder, or a file as "git worktree add" writes it.'] : []),
    ...(others.length > 0
      ? [
          others.length === 1
            ? `Make ${list(others)} a real folder. Links inside it are fine.`
            : `Make ${list(others)} real folders. Links inside them are fine.`,
        ]
      : []),
  ];
}
