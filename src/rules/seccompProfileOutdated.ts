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
  title: 'The seccomp profile lacks a call that newer bubblewraps need',
  explanation: `
Bubblewrap 0.13 calls \`mount_setattr\`, and 0.12 and later call \`openat2\`. A profile that lacks them serves older ones: Codex's sandbox works
today and fails with the next base image, or with the next bubblewrap that comes with Codex (measured with 0.12.0 and 0.13.1):

\`\`\`text
bwrap: Can't bind mount / on /: mount_setattr() failed at "/newroot": Operation not permitted
bwrap: Can't open source /: Function not implemented
\`\`\`

Docker's default profile has \`openat2\`. It allows \`mount_setattr\` only with SYS_ADMIN. In a sandbox \`mount_setattr\` changes only
mounts of the sandbox's own namespace, as \`mount\` does, which the profile allows already.

The fix adds the calls to the rule that allows \`pivot_root\`. The lists of the examples are shortened. Where the image has bubblewrap 0.13 it is the matter of seccomp-profile.`,
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
        headline:
          `The seccomp profile works today and refuses ${calls}, which bubblewrap ${since} needs. ` +
          `${agent.name}’s sandbox fails as soon as a bubblewrap of that version comes with the image or with ${agent.name}. ` +
          `Allow ${calls} beside pivot_root, and rebuild the container.`,
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
