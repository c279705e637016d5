import type { SeccompProfile } from '../model/seccomp.js';

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

function oneLine(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(/\n */g, ' ');
}
