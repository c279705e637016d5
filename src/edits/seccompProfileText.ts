import type { SeccompProfile } from '../model/seccomp/profile.js';
import { jsonText } from './text/jsonText.js';

/** Where people look comes first. */
const FIRST = ['comment', 'defaultAction', 'defaultErrnoRet', 'syscalls'];

/** A profile as the text of a file, in which a reviewer sees at once what was added: it begins with that. Names fill their lines. */
export function seccompProfileText(profile: SeccompProfile): string {
  const entries = Object.entries(profile);
  const first = FIRST.flatMap((name) => entries.filter(([key]) => key === name));
  const others = entries.filter(([name]) => !FIRST.includes(name));
  return `${jsonText(Object.fromEntries([...first, ...others]), '', 0)}\n`;
}
