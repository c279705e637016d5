import { relative, resolve } from 'node:path';
import { checkJson, type Judged } from '../report/json.js';
import { worstFirst } from '../report/groups.js';
import { harmless, painter, wantsColour } from '../report/terminal.js';
import { checkText } from '../report/text.js';
import { textWidth } from '../report/wrap.js';
import { withoutUsedElsewhere } from '../rules/engine/usedElsewhere.js';
import { judge, type Judgement, type Target } from '../rules/judge.js';
import type { Command } from './arguments.js';
import { InputError } from './errors.js';
import type { ExitStatus, Io } from './io.js';
import { locateAll, shownPath, type Location } from './locate.js';
import { belowText, commandFor, namedHosts, ubuntuSteps } from './nextSteps.js';
import { select } from './select.js';
import { targetOf } from './target.js';
import { reaches } from './threshold.js';
import { workspaceFiles } from './workspaceFiles.js';

type CheckCommand = Command & { readonly name: 'check' };

interface Result extends Judged {
  readonly folder: string;
}

async function judgeLocations(locations: readonly Location[], target: Target, io: Io): Promise<readonly Result[]> {
  const results = await Promise.all(
    locations.map(async (location) => {
      const { root, folder, boundary } = location;
      const configurations = await select(location, await workspaceFiles(location, io));
      const fromRoot = (file: string): string => relative(boundary, resolve(folder, file)).replaceAll('\\', '/');
      const judgements = configurations.map((configuration) => judge(configuration, target));
      return judgements.map((judgement) => {
        const findings = withoutUsedElsewhere(judgement.findings, judgements);
        return { root, folder, fromRoot, judgement: { ...judgement, findings } };
      });
    }),
  );
  return results.flat();
}

/** People want to read of a configuration once, whichever PATHs lead to it. */
function once(results: readonly Result[]): readonly Result[] {
  const byFile = new Map<string, Result>();
  for (const result of results) {
    const file = resolve(result.folder, result.judgement.configuration.file);
    if (!byFile.has(file)) byFile.set(file, result);
  }
  return [...byFile.values()];
}

/** What the reader can do next, a line each. */
function advice(judgements: readonly Judgement[], below: number, command: CheckCommand): readonly string[] {
  const repairable = judgements.some((judgement) => judgement.isRepairable());
  const [worst] = worstFirst({ findings: judgements.flatMap(({ findings }) => findings) });
  const fix = commandFor('fix', command, namedHosts(command));
  return [
    ...belowText(below),
    ...(worst === undefined ? [] : [`To read about a finding: codex-sandbox-check rules ${worst.rule}`]),
    ...(repairable ? [`Next: \`${fix}\` shows the changes that help.`] : ubuntuSteps(judgements, command)),
  ];
}

function report(results: readonly Result[], below: number, command: CheckCommand, io: Io): string {
  const { verbose, all, fixes } = command;
  const shown = once(results).map(({ judgement, folder }) => ({
    judgement,
    shown: (file: string) => shownPath(folder, file, io.cwd),
  }));
  const options = { verbose, all, fixes, width: textWidth(io.columns) };
  const judgements = shown.map(({ judgement }) => judgement);
  const lines = advice(judgements, below, command).map((line) => `${harmless(line)}\n`);
  return checkText(shown, painter(wantsColour(io.terminal, io.env)), options) + lines.join('');
}

/** `check`: prints what is judged of every PATH. A PATH that cannot be read does not keep the others from being judged. */
export async function check(command: CheckCommand, io: Io): Promise<ExitStatus> {
  const target = await targetOf(command, io);
  const results: Result[] = [];
  let below = 0;
  let unreadable = false;
  for (const path of command.paths) {
    try {
      const located = await locateAll(path, io.cwd, command.all);
      results.push(...(await judgeLocations(located.locations, target, io)));
      below += located.below;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      io.err(`codex-sandbox-check: ${harmless(error.message)}\n`);
      unreadable = true;
    }
  }
  if (command.format === 'json') {
    io.out(`${JSON.stringify(checkJson(results, { noFixes: !command.fixes }), undefined, 2)}\n`);
  } else if (results.length > 0) {
    io.out(report(results, below, command, io));
  }
  if (unreadable) return 2;
  return results.some(({ judgement }) => reaches(judgement, command.failOn)) ? 1 : 0;
}
