import type { SeccompProfile } from '../model/seccomp/profile.js';

/** A profile as the text of a file: an entry a line, so that what was added stands by itself at the end of a short file. */
export function seccompProfileText(profile: SeccompProfile): string {
  const properties = Object.entries(profile).map(([name, value]: [string, unknown]) => {
    const text = Array.isArray(value)
      ? `[\n${value.map((entry) => `    ${oneLine(entry)}`).join(',\n')}\n  ]`
      : oneLine(value);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${properties.join(',\n')}\n}\n`;
}

/** Numbers from 2^53 on are bigints, which JSON.stringify does not take. */
function oneLine(value: unknown): string {
  const text = JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? `\u0000#${v}` : v), 1);
  return text.replace(/"\\u0000#(\d+)"/g, '$1').replace(/\n */g, ' ');
}
