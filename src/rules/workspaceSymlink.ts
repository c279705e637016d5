import { demandsOf, eachRequest } from '../model/agent/request.js';
import { at, everyCommandFails, whereClosed } from './engine/closedGates.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { sentence } from './engine/wording.js';
import { example, RELAXED } from './shared/examples.js';

/** Codex refuses to protect an entry of the workspace that is a link, and runs no command then. */
export const workspaceSymlink: Rule = {
  id: 'workspace-symlink',
  title: 'A protected folder of the workspace is a symbolic link',
  explanation: `
Codex protects some entries in the root of the workspace from the commands that it runs: \`.git\`, \`.agents\`, \`.codex\`, and since
0.163 \`.aws\`. If one of them is a symbolic link, Codex 0.122 and later refuse every command in \`workspace-write\` mode, which is the
default. This happens before bubblewrap starts. So the host, the options of the container and the user make no difference
(measured with fifteen versions from 0.98.0 to 0.169.0).

It does not matter where the link leads: to a folder, to a file, to nothing, inside or outside the workspace. A link further down
in the workspace does no harm. In \`read-only\` mode commands run. The permission profiles \`:workspace\` and \`:read-only\` behave like
these two modes.

Replace the link with a real folder. A repository that lies elsewhere needs no link: \`git worktree add\` makes a working tree whose
\`.git\` is a file, and \`git init --separate-git-dir\` writes such a file too. The path in that file must not cross a link of the
workspace either. Shared instructions or skills can be linked one level below: \`.agents/skills\` may be a link.

The check looks at the folder that the container has as its workspace folder. It says nothing where the files do not tell which
folder that is, for instance with a volume.`,
  references: [
    'https://github.com/openai/codex/issues/27354',
    'https://github.com/openai/codex/issues/20716',
    'https://git-scm.com/docs/git-worktree',
  ],
  bad: example(RELAXED),
  good: example(RELAXED),
  exampleLinks: { '.agents': '../shared/agents' },
  check: (context) =>
    whereClosed(context, at(context, 'workspace-entries'), (closed) => ({
      headline:
        `${headline(context)} ${remedy(context)} ` +
        `In workspace-write mode ${everyCommandFails(context, closed, { where: 'in this container' }).trim()}`,
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
  return `${context.agent.name} cannot run commands: ${list(links)} ${links.length === 1 ? 'is a symbolic link' : 'are symbolic links'}.`;
}

function remedy(context: RuleContext): string {
  const links = linksOf(context);
  const ways = [
    ...(links.includes('.git') ? ['make .git a real folder, or a file as git worktree makes it'] : []),
    ...(links.some((name) => name !== '.git') ? ['make a real folder of each link, and link what is in it'] : []),
  ];
  return ways.map((way) => `${sentence(way)}.`).join(' ');
}
