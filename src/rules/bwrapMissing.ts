import { example } from './examples.js';
import type { Rule } from './rule.js';
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
bubblewrap leaves Codex nothing to start. Install bubblewrap from the distribution, or Codex from npm.`,
  references: ['https://github.com/openai/codex/blob/main/codex-rs/linux-sandbox/src/launcher.rs'],
  bad: example('', BARE),
  good: example('', BARE.replace('ca-certificates curl', 'bubblewrap ca-certificates curl')),
  check(context) {
    const obstacles = at(context, 'bwrap-available');
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
        place: placeOf(context, context.container.codex),
        gate: first.gate,
        hosts,
        related: [],
        fixes: relax(context, 'Install bubblewrap from the distribution', ['bwrap-installed'], true),
      },
    ];
  },
};
