import { compareVersions } from '../../src/model/versions.js';
import type { AgentRequest } from '../../src/model/agent/request.js';
import type { Gate } from '../../src/model/gates.js';
import { CODEX } from './codex.js';
import type { Ended } from './process.js';

/**
 * Starts Codex's sandbox as Codex does for every command. What runs in it says that it runs, and tries to write where it
 * may and where it may not: a sandbox that lets everything through has failed, too.
 */
export const SANDBOX_COMMAND: readonly string[] = [
  CODEX,
  'sandbox',
  '-c',
  'sandbox_mode="workspace-write"',
  '--',
  '/bin/sh',
  '-c',
  'echo RUNS; touch codex-was-here && rm codex-was-here && echo WRITES; touch ~/codex-was-here 2>/dev/null && echo ESCAPES; :',
];

/** The sandbox of Linux was a subcommand in 0.132 and is none in 0.135, which takes the word for the program to run (measured). */
const WITHOUT_SUBCOMMAND = '0.135.0';
/** 0.115 and 0.120 do not heed sandbox_mode here, and let nothing be written without this; 0.130 does (measured). */
const HEEDS_SANDBOX_MODE = '0.130.0';

/**
 * The same for any version of Codex.
 * @param executable of Codex, in the container
 * @param outside a folder outside the workspace
 */
export function sandboxCommand(
  executable: string,
  { version, network }: AgentRequest,
  outside: string,
): readonly string[] {
  const before = (other: string): boolean => compareVersions(version, other) < 0;
  const inside = [
    'echo RUNS',
    'touch codex-was-here && rm codex-was-here && echo WRITES',
    `touch ${outside}/codex-was-here 2>/dev/null && echo ESCAPES`,
    ':',
  ].join('; ');
  return [
    ...[executable, 'sandbox', ...(before(WITHOUT_SUBCOMMAND) ? ['linux'] : [])],
    ...(before(HEEDS_SANDBOX_MODE) ? ['--full-auto'] : []),
    ...['-c', 'sandbox_mode="workspace-write"'],
    ...(network === 'full' ? ['-c', 'sandbox_workspace_write.network_access=true'] : []),
    ...['--', '/bin/sh', '-c', inside],
  ];
}

/** What came of SANDBOX_COMMAND. */
export interface Observation {
  readonly outcome: 'works' | 'fails';
  /** The lines on stderr without what does not end it (warnings), one below the other. */
  readonly error: string;
  /** What the command inside could do; empty when it did not run. */
  readonly inside: readonly string[];
}

/** Reads what SANDBOX_COMMAND has printed. */
export function observe({ stdout, stderr }: Ended): Observation {
  const inside = stdout.split(/\r?\n/).filter((line) => /^(RUNS|WRITES|ESCAPES)$/.test(line));
  const lines = stderr.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('WARNING: '));
  return { outcome: inside.includes('RUNS') ? 'works' : 'fails', error: lines.join('\n'), inside };
}

/** Which gates an error text can come from (test/ground-truth/rows). It is independent of the product's own table. */
const TEXTS: readonly (readonly [RegExp, readonly Gate[]])[] = [
  [/^bwrap: No permissions to create (a )?new namespace/m, ['seccomp-userns', 'userns-allowed']],
  [/^bwrap: setting up uid map: /m, ['uid-map']],
  [/^bwrap: (Failed to make \/ slave|pivot_root|unmount old root): Operation not permitted/m, ['pivot-root']],
  [
    /^bwrap: Can't bind mount \/ on \/: mount_setattr\(\) failed at "\/newroot": Operation not permitted/m,
    ['pivot-root'],
  ],
  [/^bwrap: unshare user ns: Operation not permitted/m, ['seccomp-userns']],
  [/^bwrap: Can't mount proc on /m, ['proc-mount']],
  [/^error building bubblewrap command: Read-only file system/m, ['writable-paths']],
  [/^bwrap: execvp codex-linux-sandbox: No such file or directory/m, ['writable-paths']],
];

/** The gates that fail with this text; none for a text that is not known. */
export function gatesOf(error: string): readonly Gate[] {
  return TEXTS.find(([text]) => text.test(error))?.[1] ?? [];
}
