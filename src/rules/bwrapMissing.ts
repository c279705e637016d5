import { installOf } from '../model/agent/request.js';
import { ERRORS } from '../model/bwrap/errors.js';
import { example } from './examples.js';
import type { Finding, Rule, RuleContext } from './rule.js';
import { at, hostsOf, list, placeOf, quote, relax, severityOf } from './support.js';

const BARE = `FROM debian:12
RUN apt-get update && apt-get install -y ca-certificates curl
RUN curl -fsSL https://github.com/openai/codex/releases/download/rust-v0.169.0/codex-x86_64-unknown-linux-musl.tar.gz | tar -xz -C /usr/local/bin
RUN useradd --create-home --shell /bin/bash vscode
`;

/** The bare Codex executable brings no bubblewrap, and the image has none. */
export const bwrapMissing: Rule = {
  id: 'bwrap-missing',
  title: 'There is no bubblewrap for Codex to start',
  explanation: `
Codex starts the first usable \`bwrap\` on PATH, else the one in \`codex-resources\` next to its executable. The npm package
brings that one; the bare executable of the release archives does not. An image with the bare executable and without
bubblewrap leaves Codex nothing to start. Install bubblewrap from the distribution, or Codex from npm.

Codex 0.116.0, and no other, cannot start a bubblewrap before 0.9 either: it passes an option, \`--argv0\`, that such a one does not know,
and every command fails with \`bwrap: Unknown option --argv0\` (measured with 0.4.1 and 0.8.0). Update Codex, or leave bubblewrap out of
the image, so that Codex starts its own.`,
  references: ['https://github.com/openai/codex/blob/main/codex-rs/linux-sandbox/src/launcher.rs'],
  bad: example('', BARE),
  good: example('', BARE.replace('ca-certificates curl', 'bubblewrap ca-certificates curl')),
  check(context) {
    return [...missing(context), ...misunderstood(context)];
  },
};

function missing(context: RuleContext): readonly Finding[] {
  const obstacles = at(context, 'bwrap-available').filter(({ error }) => error !== ERRORS.unknownArgv0);
  const [first] = obstacles;
  if (!first) return [];
  const hosts = hostsOf(context, obstacles);
  return [
    {
      rule: 'bwrap-missing',
      severity: severityOf(context, hosts),
      message:
        'Codex has no bubblewrap to start: this image has none, and the way Codex is installed here brings none. ' +
        `Every command that it runs on ${list(hosts)} fails with ${quote(first.error)}. ` +
        'Install bubblewrap in the image, or install Codex from npm, and rebuild the container.',
      place: placeOf(context, installOf(context.container, context.request.agent)),
      gate: first.gate,
      hosts,
      related: [],
      fixes: relax(context, 'Install bubblewrap from the distribution', ['bwrap-installed'], true),
    },
  ];
}

/** Codex 0.116.0 with a bubblewrap before 0.9. */
function misunderstood(context: RuleContext): readonly Finding[] {
  const obstacles = at(context, 'bwrap-available').filter(({ error }) => error === ERRORS.unknownArgv0);
  const [first] = obstacles;
  if (!first) return [];
  const hosts = hostsOf(context, obstacles);
  const { container, request } = context;
  return [
    {
      rule: 'bwrap-missing',
      severity: severityOf(context, hosts),
      message:
        `Codex ${request.version} cannot start the bubblewrap of this image: it passes an option that bubblewrap knows from 0.9 on only. ` +
        `Every command that it runs on ${list(hosts)} fails with ${quote(first.error)}. ` +
        'Install Codex 0.117.0 or later, or leave bubblewrap out of the image so that Codex starts its own, and rebuild the container.',
      place: placeOf(context, container.bwrap.presence, installOf(container, request.agent)),
      gate: first.gate,
      hosts,
      related: [],
      fixes: relax(context, 'Let Codex start its own bubblewrap', ['bwrap-removed'], true),
    },
  ];
}
