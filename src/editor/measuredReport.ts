import { requestName } from '../model/agent/request.js';
import { compareEach } from '../probe/compare.js';
import type { Observation } from '../probe/observation.js';
import { probeReport } from '../probe/text.js';
import { fenced } from '../report/markdown.js';
import { verdictMarkdown } from '../report/verdict.js';
import type { Judgement } from '../rules/judge.js';

/**
 * What somebody needs who is to find out why a prediction was wrong: the prediction of each configuration, the whole
 * measurement, and how both agree for each Codex, as Markdown. Holds no text of the workspace but the names of the configurations.
 */
export function measuredReport(observation: Observation, judgements: readonly Judgement[]): string {
  const predicted = judgements.map((judgement) => {
    const { request, configuration } = judgement;
    return verdictMarkdown(
      judgement,
      `Predicted for ${requestName(request)}, ${request.network} network, in ${configuration.file}`,
    );
  });
  const compared = judgements.flatMap(({ configuration: { container, file }, request }) =>
    compareEach(observation, container, request).map(
      ({ name = request.agent.name, version, agreement }) => `${name} ${version}, ${file}: ${agreement}`,
    ),
  );
  return [
    '# Codex Sandbox Check: predicted and measured',
    ...predicted,
    '**Measured**',
    fenced(probeReport(observation)),
    ...(compared.length === 0 ? [] : ['**Compared**', fenced(compared.join('\n'))]),
  ]
    .join('\n\n')
    .concat('\n');
}
