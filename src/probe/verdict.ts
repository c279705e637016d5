import type { Gate } from '../model/gates.js';
import { diagnose, type Symptom } from '../model/sandbox/symptoms.js';
import { byEntries } from './entriesVerdict.js';
import { symptomFacts } from './facts.js';
import type { Facts, Step, Verdict } from './observation.js';
import { butNotWriting, byWorkspace } from './workspaceVerdict.js';

/** The exit code of a step whose time ran out (media/probe.sh). */
const OUT_OF_TIME = 124;

const WORKS = { outcome: 'works', gate: null, remediation: '' } as const;

function unknown(summary: string, remediation: string): Verdict {
  return { outcome: 'unknown', gate: null, summary, remediation };
}

function fails(gate: Gate | null, summary: string, remediation: string): Verdict {
  return { outcome: 'fails', gate, summary, remediation };
}

const NOT_FINISHED = unknown(
  'The probe stopped before its end, so there is no result.',
  'Run it again. If it stops again, run `codex sandbox -- true` in a terminal of the container.',
);

const NO_TEMPORARY_FOLDER = fails(
  'writable-paths',
  "The container's root file system is read-only and no temporary folder is writable, so Codex's sandbox cannot start.",
  'Mount a tmpfs on /tmp and on the home folder (--tmpfs), or make the container writable.',
);

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
}

/** A failed step, in words. `what` is the subject and the verb of the sentence. */
function failed(what: string, step: Step, symptom: Symptom | undefined): Verdict {
  if (step.exitCode === OUT_OF_TIME && !symptom) {
    return unknown(`${what}: the step ran out of time.`, 'Run the probe again when the machine is less busy.');
  }
  if (symptom) return fails(symptom.gate, `${what}: ${symptom.error}. ${symptom.cause}`, symptom.remedy);
  const line = firstLine(step.stderr);
  return fails(
    null,
    `${what}: ${line === '' ? `it ended with exit code ${step.exitCode ?? 'none'} and printed nothing` : line}. This is not a known sandbox error.`,
    `Run \`${step.command}\` in a terminal of the container for more output.`,
  );
}

/** What a bwrap without --argv0 prints if Codex could not create its helper links. */
const NO_HELPER_LINKS = 'bwrap: execvp codex-linux-sandbox: No such file or directory';

/** The real sandbox ran: its result counts, whatever bwrap does alone. */
function byCodex(facts: Facts, steps: ReadonlyMap<string, Step>, run: Step): Verdict {
  const there = steps.get('codex-workspace');
  const workspace = byWorkspace(facts, there, "Codex's sandbox does not start");
  if (workspace) return workspace;
  if (run.status === 'fail') {
    return failed("Codex's sandbox does not start", run, diagnose(run.stderr, symptomFacts(facts)));
  }
  if (facts.workspace?.refuses && there?.status === 'fail') {
    const symptom = diagnose(there.stderr, symptomFacts(facts));
    return failed("Codex's sandbox starts elsewhere, but not in the workspace folder", there, symptom);
  }
  const inside = steps.get('codex-write-inside');
  const outside = steps.get('codex-write-outside');
  if (inside === undefined || outside === undefined) return NOT_FINISHED;
  if (inside.status === 'fail') {
    return failed(
      "Codex's sandbox starts, but a command in it cannot write to the workspace",
      inside,
      diagnose(inside.stderr, symptomFacts(facts)),
    );
  }
  if (outside.exitCode === OUT_OF_TIME || outside.exitCode === null) return NOT_FINISHED;
  if (outside.status === 'fail') {
    return fails(
      null,
      "Codex's sandbox protects nothing: a command in it wrote to a folder outside the workspace.",
      'Look for sandbox_mode = "danger-full-access" and for a codex that is a wrapper script. Until this is fixed, treat the container as the only boundary.',
    );
  }
  const url = steps.get('codex-url');
  if (url?.status === 'fail') {
    const what = "Codex's sandbox works, but the URL does not answer from inside it";
    const said = firstLine(url.stderr) || `exit code ${url.exitCode ?? 'none'}`;
    return fails(
      null,
      `${what}: ${said}.`,
      'Try the URL outside the sandbox. If it answers there, check network_access, proxies and firewalls in the container.',
    );
  }
  if (url?.status === 'skipped') {
    return unknown(
      `Codex's sandbox works, but the URL was not tried: ${firstLine(url.stderr)}.`,
      'Install curl or wget in the image, or run the probe without a URL.',
    );
  }
  return {
    ...WORKS,
    summary: "Codex's sandbox works: a command ran in it, could write to the workspace and could not write outside it.",
  };
}

/** Codex tries again without --proc when bwrap's message has these three parts (openai/codex codex-rs/linux-sandbox). */
function codexTriesAgain(stderr: string): boolean {
  return (
    stderr.includes("Can't mount proc") &&
    stderr.includes('/newroot/proc') &&
    /Invalid argument|Operation not permitted|Permission denied/.test(stderr)
  );
}

/** Codex is not installed: the result of the calls of bwrap that it would make. */
function byBwrap(facts: Facts, steps: ReadonlyMap<string, Step>, kind: 'system' | 'bundled'): Verdict {
  const full = steps.get(`${kind}-proc`);
  const withoutProc = steps.get(`${kind}-dev`);
  if (full === undefined || withoutProc === undefined) return NOT_FINISHED;
  const stopped = 'Codex is not installed here, and its sandbox would not start';
  const workspace = byWorkspace(facts, steps.get(`${kind}-workspace`), stopped);
  if (workspace) return workspace;
  const decisive = full.status === 'fail' && codexTriesAgain(full.stderr) ? withoutProc : full;
  if (decisive.status === 'fail') {
    return failed(stopped, decisive, diagnose(decisive.stderr, symptomFacts(facts)));
  }
  const chosen = facts.bwraps.find((bwrap) => bwrap.kind === kind);
  if (chosen?.argv0 === false && facts.codexHome?.writable === false) {
    const symptom = diagnose(NO_HELPER_LINKS);
    return failed(stopped, full, symptom);
  }
  return {
    ...WORKS,
    summary:
      'Codex is not installed here, but its sandbox would start: bwrap does everything that Codex 0.130 and later need.',
  };
}

/** Neither Codex nor a usable bwrap is there: the result of the system calls that its own bwrap would make. */
function byImitation(facts: Facts, steps: ReadonlyMap<string, Step>): Verdict {
  const tried = ['user', 'map', 'all', 'pivot'].map((name) => steps.get(`unshare-${name}`));
  const present = tried.filter((step) => step !== undefined && step.status !== 'skipped') as readonly Step[];
  if (present.length < tried.length) {
    return unknown(
      'Neither Codex nor a usable bwrap is installed here, so there is nothing to measure.',
      'Install Codex or bubblewrap, and run the probe again.',
    );
  }
  const what = 'Codex is not installed here, and the bwrap that comes with it would not start';
  const stopped = present.find((step) => step.status === 'fail');
  if (stopped) {
    const restricted = facts.apparmorRestrictUnprivilegedUserns === 1 && stopped.gate === 'uid-map';
    // bwrap meets Ubuntu's restriction a step earlier than unshare: when it sets up the network of its namespace.
    const said = restricted ? 'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted' : stopped.stderr;
    return failed(what, stopped, diagnose(said, symptomFacts(facts)));
  }
  const workspace = byWorkspace(facts, steps.get('unshare-workspace'), what);
  if (workspace) return workspace;
  return {
    ...WORKS,
    summary:
      "Neither Codex nor a usable bwrap is installed here, but Codex's own bwrap would start: other programs can make the same system calls.",
  };
}

/**
 * The result of all steps. If Codex is installed, its own sandbox decides. Otherwise bwrap decides, called as Codex 0.130 and later
 * call it. Without a bwrap, the same system calls by unshare decide.
 * @param complete the probe reached its end
 */
export function verdictOf(facts: Facts, measured: readonly Step[], complete: boolean): Verdict {
  if (complete && facts.temporaryFolder === null) return NO_TEMPORARY_FOLDER;
  const steps = new Map(measured.map((step) => [step.id, step]));
  const entries = complete ? byEntries(facts, steps.get('codex-workspace')) : undefined;
  if (entries) return entries;
  const run = steps.get('codex-run');
  if (run !== undefined && run.status !== 'skipped') {
    return run.exitCode === null ? NOT_FINISHED : butNotWriting(byCodex(facts, steps, run), facts);
  }
  if (!complete || (run === undefined && facts.codex !== null)) return NOT_FINISHED;
  if (facts.readOnlyRoot && facts.temporaryFolder !== '/tmp') return NO_TEMPORARY_FOLDER;
  const first = facts.bwraps.find((bwrap) => bwrap.kind === 'system');
  return butNotWriting(withoutCodex(facts, steps, first?.usable === true), facts);
}

function withoutCodex(facts: Facts, steps: ReadonlyMap<string, Step>, usesSystem: boolean): Verdict {
  if (usesSystem) return byBwrap(facts, steps, 'system');
  if (facts.bwraps.some((bwrap) => bwrap.kind === 'bundled')) return byBwrap(facts, steps, 'bundled');
  return byImitation(facts, steps);
}
