import { ERRORS } from '../model/errors.js';
import { example, RELAXED } from './examples.js';
import type { Rule } from './rule.js';
import { at, hostsOf, list, placeOf, quote, relax, severityOf } from './support.js';

/** Codex has to write to the home folder and to /tmp before it can start bubblewrap. */
export const readOnlyRoot: Rule = {
  id: 'read-only-root',
  title: 'A read-only root file system leaves Codex nowhere to write',
  explanation: `
With \`--read-only\` Codex cannot make the mount points of the sandbox below /tmp and gives up before bubblewrap starts. With a
bubblewrap before 0.9 on PATH it also needs its helper links in ~/.codex. A tmpfs is enough for each (measured with Codex 0.169
and bubblewrap 0.8 and 0.12). A tmpfs on an existing home folder belongs to root: give it the user's \`uid=\`.`,
  references: ['https://docs.docker.com/reference/cli/docker/container/run/'],
  bad: example(`${RELAXED},\n"runArgs": ["--read-only"]`),
  good: example(`${RELAXED},\n"runArgs": ["--read-only", "--tmpfs=/tmp"]`),
  check(context) {
    const obstacles = at(context, 'writable-paths');
    const [first] = obstacles;
    if (!first) return [];
    const hosts = hostsOf(context, obstacles);
    const where = first.error === ERRORS.helperLinks ? '~/.codex' : '/tmp';
    return [
      {
        rule: 'read-only-root',
        severity: severityOf(context, hosts),
        message:
          `The root file system is read-only, and Codex has to write to ${where}. ` +
          `Every command that it runs on ${list(hosts)} fails with ${quote(first.error)}. ` +
          'Mount a tmpfs there, and recreate the container.',
        place: placeOf(context, context.container.readOnlyRoot),
        gate: first.gate,
        hosts,
        related: [],
        fixes: relax(context, `Mount a tmpfs on ${where}`, [where === '/tmp' ? 'tmpfs-tmp' : 'tmpfs-codex-home'], true),
      },
    ];
  },
};
