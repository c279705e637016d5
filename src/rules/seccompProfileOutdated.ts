import { laterCallsMissing } from '../model/plan/laterCalls.js';
import { at, placeOf } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Rule } from './engine/rule.js';
import { list } from '../model/wordList.js';
import { example } from './shared/examples.js';

const FILE = '.devcontainer/seccomp.json';
const OPTION = `"securityOpt": ["seccomp=\${localWorkspaceFolder}/${FILE}", "apparmor=unconfined"]`;

/** Its first list is shortened: a container needs some three hundred calls. */
function profile(calls: string): string {
  return `{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    { "names": ["execve", "exit_group", "openat", "openat2", "read", "write"], "action": "SCMP_ACT_ALLOW" },
    { "names": [${calls}], "action": "SCMP_ACT_ALLOW" }
  ]
}
`;
}

/** A seccomp profile that was written for bubblewrap before 0.13. */
export const seccompProfileOutdated: Rule = {
  id: 'seccomp-profile-outdated',
  title: 'The seccomp profile blocks a call of newer bubblewraps',
  explanation: `
Bubblewrap 0.13 calls \`mount_setattr\`. Bubblewrap 0.12 and later call \`openat2\`. A profile without these calls works with older
versions. Codex fails when the next base image, or the next Codex, brings a newer bubblewrap:

\`\`\`text
bwrap: Can't bind mount / on /: mount_setattr() failed at "/newroot": Operation not permitted
bwrap: Can't open source /: Function not implemented
\`\`\`

## What to do

Add the calls to the rule that allows \`pivot_root\`. The fix does this. If the image already has bubblewrap 0.13, the rule
seccomp-profile reports it.

## What it costs

Little. \`mount_setattr\` changes only mounts of the sandbox's own namespace, as \`mount\` does. Docker's default profile has \`openat2\`,
and allows \`mount_setattr\` with SYS_ADMIN.

## What was measured

Bubblewrap 0.12.0 and 0.13.1 print the errors above. The examples below are shortened: a container needs about 300 calls.`,
  references: ['https://github.com/containers/bubblewrap/releases'],
  bad: { ...example(OPTION), [FILE]: profile('"clone", "mount", "pivot_root", "umount2", "unshare"') },
  good: {
    ...example(OPTION),
    [FILE]: profile('"clone", "mount", "mount_setattr", "pivot_root", "umount2", "unshare"'),
  },
  check(context) {
    const { agent, container, request } = context;
    if (at(context, 'seccomp-userns', 'pivot-root').length > 0) return [];
    const missing = laterCallsMissing(container, request);
    if (missing.length === 0) return [];
    const calls = list(missing);
    const since = missing.includes('openat2') ? '0.12' : '0.13';
    return [
      {
        severity: 'info',
        headline: `A newer bubblewrap fails here: seccomp blocks ${calls}`,
        details: [
          `Allow ${calls} beside pivot_root in the profile, then rebuild the container.`,
          `Bubblewrap ${since} needs this. The next base image or the next ${agent.name} may bring it.`,
          `${agent.name} works with today's bubblewrap.`,
        ],
        place: placeOf(context, container.seccomp),
        hosts: context.hosts.map(({ name }) => name),
      },
    ];
  },
  fixes: (context) =>
    relax(
      context,
      `Allow ${list(laterCallsMissing(context.container, context.request))} in the seccomp profile`,
      ['seccomp-tailored'],
      true,
    ),
};
