import { installOf } from '../model/agent/request.js';
import { ERRORS } from '../model/bwrap/errors.js';
import { at, cannotStart, placeOf, whereClosed } from './engine/closedGates.js';
import { relax } from './engine/fixes.js';
import type { Draft, Rule, RuleContext } from './engine/rule.js';
import { example } from './shared/examples.js';

const BARE = `FROM debian:12
RUN apt-get update && apt-get install -y ca-certificates curl
RUN curl -fsSL https://github.com/openai/codex/releases/download/rust-v0.169.0/codex-x86_64-unknown-linux-musl.tar.gz | tar -xz -C /usr/local/bin
RUN useradd --create-home --shell /bin/bash vscode
`;

/** What is wrong with the bubblewrap that is there. */
const OLD = 'old';

/** The bare Codex executable brings no bubblewrap, and the image has none. */
export const bwrapMissing: Rule = {
  id: 'bwrap-missing',
  title: 'bubblewrap is missing',
  explanation: `
Codex starts the first usable \`bwrap\` on PATH, or the one in \`codex-resources\` beside its executable. The npm package of Codex has that
one. The executable from the release archives does not. If the image has no bubblewrap either, Codex cannot run commands.

## What to do

Install bubblewrap from the distribution, or install Codex from npm. Rebuild the container afterwards.

## Codex 0.116.0 with bubblewrap before 0.9

Only Codex 0.116.0 cannot start such a bubblewrap. It passes the option \`--argv0\`, which bubblewrap knows from 0.9. Every command fails
with \`bwrap: Unknown option --argv0\` (measured with 0.4.1 and 0.8.0). Update Codex, or remove bubblewrap from the image so that Codex
starts its own.`,
  references: ['https://github.com/openai/codex/blob/main/codex-rs/linux-sandbox/src/launcher.rs'],
  bad: example('', BARE),
  good: example('', BARE.replace('ca-certificates curl', 'bubblewrap ca-certificates curl')),
  check: (context) => [...missing(context), ...misunderstood(context)],
  fixes: (context, { subject }) =>
    subject === OLD
      ? relax(context, `Remove bubblewrap, so that ${context.agent.name} uses its own`, ['bwrap-removed'], true)
      : relax(context, 'Install bubblewrap from the distribution', ['bwrap-installed'], true),
};

function missing(context: RuleContext): readonly Draft[] {
  const { name } = context.agent;
  const obstacles = at(context, 'bwrap-available').filter(({ error }) => error !== ERRORS.unknownArgv0);
  return whereClosed(context, obstacles, (closed) => ({
    headline: cannotStart(context, closed, 'bubblewrap is missing'),
    details: [
      `Install bubblewrap in the image, or install ${name} from npm. Then rebuild the container.`,
      `The image has no bubblewrap, and ${name} brings none the way it is installed here.`,
    ],
    place: placeOf(context, installOf(context.container, context.agent)),
  }));
}

/** Codex 0.116.0 with a bubblewrap before 0.9. */
function misunderstood(context: RuleContext): readonly Draft[] {
  const { agent, container, request } = context;
  const obstacles = at(context, 'bwrap-available').filter(({ error }) => error === ERRORS.unknownArgv0);
  return whereClosed(context, obstacles, (closed) => ({
    headline: cannotStart(context, closed, `bubblewrap is too old for version ${request.version}`),
    details: [
      `Install ${agent.name} 0.117.0 or later, or remove bubblewrap from the image. Then rebuild the container.`,
      `Without one in the image, ${agent.name} starts its own bubblewrap.`,
    ],
    place: placeOf(context, container.bwrap.presence, installOf(container, agent)),
    subject: OLD,
  }));
}
