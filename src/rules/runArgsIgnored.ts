import type { Place } from '../model/place.js';
import { readCommandLine } from '../sources/options/dockerFlags.js';
import { property, readJsonc } from '../sources/text/jsonc.js';
import { TypedJson } from '../sources/text/typedJson.js';
import { fixOf } from './engine/fixes.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { list } from '../model/wordList.js';

/** Flags of `docker run` that can decide whether the sandbox starts. */
const DECISIVE: ReadonlySet<string> = new Set([
  'privileged',
  'cap-add',
  'cap-drop',
  'security-opt',
  'user',
  'userns',
  'read-only',
  'tmpfs',
  'device',
]);

/** Flags of `docker run` that only take something from the container. */
const HARMLESS: ReadonlySet<string> = new Set(['cap-drop', 'read-only', 'tmpfs', 'init']);

/** Whether the container gets nothing by an option that had no effect so far. */
function isHarmless({ name, text }: Ignored['options'][number]): boolean {
  return HARMLESS.has(name) || /^--security-opt[ =]no-new-privileges([:=]true)?$/.test(text);
}

function files(properties: string): Rule['bad'] {
  return {
    '.devcontainer/devcontainer.json': `{
  "dockerComposeFile": "compose.yaml",
  "service": "app",
  "workspaceFolder": "/workspace",
  ${properties}
}
`,
    '.devcontainer/compose.yaml': `services:
  app:
    image: mcr.microsoft.com/devcontainers/base:bookworm
    command: sleep infinity
    volumes:
      - ..:/workspace
`,
  };
}

/** runArgs beside dockerComposeFile, where nobody reads it. */
export const runArgsIgnored: Rule = {
  id: 'run-args-ignored',
  title: 'runArgs has no effect with Compose',
  explanation: `
\`runArgs\` is handed to \`docker run\`. With \`dockerComposeFile\` it is Docker Compose that starts the container, and nobody reads
\`runArgs\`: no error, no warning, and the option that somebody believes to be set is not.

Write the options where Compose has them: in the service (\`privileged\`, \`cap_add\`, \`cap_drop\`, \`security_opt\`, \`user\`,
\`read_only\`, \`tmpfs\`, …) or, for these three, in devcontainer.json: \`privileged\`, \`capAdd\` and \`securityOpt\` do have an effect with
Compose, since the dev container tools write them into a Compose file of their own.

It is a warning where one of the options can decide whether Codex's sandbox starts, else information.`,
  references: ['https://containers.dev/implementors/json_reference/', 'https://containers.dev/implementors/spec/'],
  bad: files('"runArgs": ["--security-opt", "seccomp=unconfined"]'),
  good: files('"securityOpt": ["seccomp=unconfined"]'),
  check(context) {
    const ignored = ignoredRunArgs(context);
    if (!ignored) return [];
    const { place, options } = ignored;
    const decisive = options.filter(({ name }) => DECISIVE.has(name)).map(({ text }) => text);
    const consequence =
      decisive.length === 0
        ? `Nothing of it has to do with ${context.agent.name}’s sandbox.`
        : `So ${list(decisive.map((option) => `“${option}”`))} ${decisive.length === 1 ? 'does' : 'do'} not hold, and what this configuration is judged by is the container without ${decisive.length === 1 ? 'it' : 'them'}.`;
    return [
      {
        severity: decisive.length === 0 ? 'info' : 'warning',
        headline:
          'runArgs has no effect here, because dockerComposeFile makes Docker Compose start the container and only docker run takes it. ' +
          `${consequence} Move the options into the Compose service, or into privileged, capAdd and securityOpt of devcontainer.json.`,
        place,
      },
    ];
  },
  fixes(context) {
    // What gives something away was not in force so far: its author has to want it.
    const preferred = ignoredRunArgs(context)?.options.every(isHarmless) ?? false;
    const title = 'Move the options of runArgs to where Compose takes them';
    return fixOf(context, title, [{ kind: 'move-run-args' }], [], preferred);
  },
};

interface Ignored {
  readonly place: Place;
  /** `text` as an author would write it on one line. */
  readonly options: readonly { readonly name: string; readonly text: string }[];
}

/** undefined: there is no runArgs, it is empty, or it has an effect. */
function ignoredRunArgs({ configuration, container }: RuleContext): Ignored | undefined {
  const text = configuration.texts.get(configuration.file);
  if (container.definition.kind !== 'compose' || text === undefined) return undefined;
  const document = readJsonc(text, configuration.file);
  const runArgs = property(document.root, 'runArgs');
  if (!document.root || !runArgs) return undefined;
  const written = new TypedJson(document).strings(document.root, 'runArgs').map((argument) => argument.text);
  if (written.length === 0) return undefined;
  const options = readCommandLine(written).flags.map(({ name, first, last }) => ({
    name,
    text: written.slice(first, last + 1).join(' '),
  }));
  return { place: document.place(isOnOneLine(text, runArgs.node) ? runArgs.node : runArgs.keyNode), options };
}

/** A long underline hides more than it shows. */
function isOnOneLine(text: string, { offset, length }: { readonly offset: number; readonly length: number }): boolean {
  return !text.slice(offset, offset + length).includes('\n');
}
