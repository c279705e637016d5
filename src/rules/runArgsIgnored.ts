import { capabilityName, SETUID_BWRAP_CAPABILITIES } from '../model/container/capabilities.js';
import type { Container } from '../model/container/container.js';
import { fitting, MAX_HEADLINE } from '../model/headline.js';
import type { Place } from '../model/place.js';
import { readCommandLine, type Flag } from '../sources/options/dockerFlags.js';
import { property, readJsonc } from '../sources/text/jsonc.js';
import { TypedJson } from '../sources/text/typedJson.js';
import { fixOf } from './engine/fixes.js';
import type { Rule, RuleContext } from './engine/rule.js';
import { list } from '../model/wordList.js';

/** Flags of `docker run` that can decide whether the sandbox starts. */
const DECISIVE: ReadonlySet<string> = new Set(['privileged', 'user', 'userns', 'read-only', 'tmpfs']);

/** The capabilities that bubblewrap can need, of which Docker or an option may deprive it. */
const CAPABILITIES: readonly string[] = [...SETUID_BWRAP_CAPABILITIES, 'SETFCAP', 'ALL'];

/** Whether the option can decide whether the sandbox of this container starts. */
function matters({ name, value = '' }: Ignored['options'][number], { bwrap }: Container): boolean {
  if (name === 'cap-add' || name === 'cap-drop') return CAPABILITIES.includes(capabilityName(value));
  if (name !== 'security-opt') return DECISIVE.has(name);
  if (value.startsWith('no-new-privileges')) return bwrap.setuid.value !== false;
  return !value.startsWith('label');
}

/** Flags of `docker run` that only remove something from the container. */
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

/** runArgs beside dockerComposeFile, where nothing reads it. */
export const runArgsIgnored: Rule = {
  id: 'run-args-ignored',
  title: 'Docker Compose ignores runArgs',
  explanation: `
Dev container tools pass \`runArgs\` to \`docker run\`. With \`dockerComposeFile\`, Docker Compose starts the container and nothing reads
\`runArgs\`. There is no error and no warning, so the container lacks options that its author expects.

## What to do

Write the options where Compose reads them. The fix moves them.

- In the service: \`privileged\`, \`cap_add\`, \`cap_drop\`, \`security_opt\`, \`user\`, \`read_only\`, \`tmpfs\` and others.
- In devcontainer.json: \`privileged\`, \`capAdd\` and \`securityOpt\`. Dev container tools pass these three to Compose.

The finding is a warning if one of the options matters for Codex's sandbox. Otherwise it is information.`,
  references: ['https://containers.dev/implementors/json_reference/', 'https://containers.dev/implementors/spec/'],
  bad: files('"runArgs": ["--security-opt", "seccomp=unconfined"]'),
  good: files('"securityOpt": ["seccomp=unconfined"]'),
  check(context) {
    const ignored = ignoredRunArgs(context);
    if (!ignored) return [];
    const { place, options } = ignored;
    const decisive = options.filter((option) => matters(option, context.container)).map(({ text }) => text);
    return [
      {
        severity: decisive.length === 0 ? 'info' : 'warning',
        headline: headlineOf(decisive),
        details: [
          'Move the options into the Compose service, or into privileged, capAdd and securityOpt of devcontainer.json.',
          decisive.length === 0
            ? `They do not matter for ${context.agent.name}'s sandbox: ${list(options.map(({ text }) => text))}.`
            : `The check judges the container without ${list(decisive)}.`,
        ],
        place,
      },
    ];
  },
  fixes(context) {
    // What gives something away was not in force so far: its author has to want it.
    const preferred = ignoredRunArgs(context)?.options.every(isHarmless) ?? false;
    const title = 'Move the options of runArgs to where Compose reads them';
    return fixOf(context, title, [{ kind: 'move-run-args' }], [], preferred);
  },
};

/** With the options that matter for the sandbox, as long as they fit. */
function headlineOf(decisive: readonly string[]): string {
  const ignores = 'Docker Compose ignores runArgs';
  if (decisive.length === 0) return `${ignores}, so these options have no effect`;
  return fitting(
    MAX_HEADLINE,
    `${ignores}: ${list(decisive)} ${decisive.length === 1 ? 'has' : 'have'} no effect`,
    `${ignores}: options of the sandbox have no effect`,
  );
}

interface Ignored {
  readonly place: Place;
  /** `text` as an author would write it on one line. */
  readonly options: readonly (Pick<Flag, 'name' | 'value'> & { readonly text: string })[];
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
  const options = readCommandLine(written).flags.map(({ name, value, first, last }) => ({
    name,
    value,
    text: written.slice(first, last + 1).join(' '),
  }));
  return { place: document.place(isOnOneLine(text, runArgs.node) ? runArgs.node : runArgs.keyNode), options };
}

/** A long underline hides more than it shows. */
function isOnOneLine(text: string, { offset, length }: { readonly offset: number; readonly length: number }): boolean {
  return !text.slice(offset, offset + length).includes('\n');
}
