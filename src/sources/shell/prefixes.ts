import { UNREADABLE, type Field } from './words.js';

/** The command that really runs, behind `sudo -E env FOO=1 …` and the like. */
export interface InnerCommand {
  /** Without its directory. */
  readonly name: string;
  readonly args: readonly Field[];
  /** It is a shell, `su` or `eval`, and these are the words of its script. */
  readonly script?: readonly Field[];
  /** It is a shell that reads its script from its input. */
  readonly readsScript?: boolean;
  /** Under xargs: more arguments come from its input. */
  readonly readsArguments?: boolean;
}

/** Commands that run another one: the options whose value is the next word, and how many operands precede the command. */
const PREFIXES: Readonly<Record<string, { readonly valued: RegExp; readonly operands?: number }>> = {
  sudo: {
    valued: /^-[A-Za-z]*[ughpCrtTUDRa]$|^--(user|group|host|prompt|chdir|chroot|close-from|role|type|other-user)$/,
  },
  doas: { valued: /^-[uC]$/ },
  env: { valued: /^-[uCS]$|^--(unset|chdir|split-string)$/ },
  nice: { valued: /^-n$|^--adjustment$/ },
  ionice: { valued: /^-[cn]$/ },
  time: { valued: /^-[fo]$/ },
  nohup: { valued: /^$/ },
  exec: { valued: /^-a$/ },
  command: { valued: /^$/ },
  builtin: { valued: /^$/ },
  timeout: { valued: /^-[sk]$|^--(signal|kill-after)$/, operands: 1 },
  stdbuf: { valued: /^-[ioe]$/ },
  setsid: { valued: /^$/ },
  eatmydata: { valued: /^$/ },
  busybox: { valued: /^$/ },
  corepack: { valued: /^$/ },
  gosu: { valued: /^$/, operands: 1 },
  'su-exec': { valued: /^$/, operands: 1 },
  flock: { valued: /^-[wE]$/, operands: 1 },
  retry: { valued: /^-[a-z]$/ },
  xargs: { valued: /^-[aEIiLlnPsd]$|^--(arg-file|delimiter|replace|max-lines|max-args|max-procs|max-chars)$/ },
};

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'rbash']);

/** Takes prefixes off an argument vector; undefined when nothing that can be read is left. */
export function innerCommand(argv: readonly Field[]): InnerCommand | undefined {
  let at = 0;
  let readsArguments = false;
  for (;;) {
    const first = argv[at];
    if (first === undefined || first.text === '' || first.text.includes(UNREADABLE)) return undefined;
    const name = first.text.slice(first.text.lastIndexOf('/') + 1);
    const prefix = Object.hasOwn(PREFIXES, name) ? PREFIXES[name] : undefined;
    // `command -v x` asks, and runs nothing.
    if (prefix === undefined || (name === 'command' && /^-[vV]/.test(argv[at + 1]?.text ?? '')))
      return withoutPrefixes(name, argv.slice(at + 1), readsArguments);
    if (name === 'xargs') readsArguments = true;
    at = behindOptions(argv, at + 1, prefix.valued) + (prefix.operands ?? 0);
    while (/^[A-Za-z_]\w*=/.test(argv[at]?.text ?? '')) at++;
  }
}

function withoutPrefixes(name: string, args: readonly Field[], readsArguments: boolean): InnerCommand {
  if (SHELLS.has(name)) return shell(name, args);
  if (name === 'su' || name === 'runuser') return switchUser(name, args) ?? { name, args };
  if (name === 'eval') return { name, args, script: args };
  return { name, args, readsArguments };
}

/** The index of the first word behind the options that begin at `start`. */
function behindOptions(argv: readonly Field[], start: number, valued: RegExp): number {
  let i = start;
  for (; i < argv.length; i++) {
    const text = argv[i]?.text ?? '';
    if (text === '--') return i + 1;
    if (!text.startsWith('-')) break;
    if (valued.test(text)) i++;
  }
  return i;
}

/** `bash -euxo pipefail -c SCRIPT`: the options may come in one word, `o` and `O` take the next one. */
function shell(name: string, args: readonly Field[]): InnerCommand {
  let command = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === undefined) break;
    if (arg.text.startsWith('--')) {
      if (arg.text === '--rcfile' || arg.text === '--init-file') i++;
      continue;
    }
    if (/^[-+]./.test(arg.text)) {
      if (arg.text.startsWith('-') && arg.text.includes('c')) command = true;
      if (/[oO]$/.test(arg.text)) i++;
      continue;
    }
    return command ? { name, args, script: [arg] } : { name, args };
  }
  return { name, args, readsScript: true };
}

function switchUser(name: string, args: readonly Field[]): InnerCommand | undefined {
  const option = args.findIndex((a) => /^(-[a-z]*c|--command|--session-command)$/.test(a.text));
  const script = args[option + 1];
  return option >= 0 && script ? { name, args, script: [script] } : undefined;
}
