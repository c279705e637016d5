import { DEFAULT_HOSTS } from '../../model/host.js';
import type { Example, Rule } from './rule.js';

const LANGUAGES: Readonly<Record<string, string>> = {
  Dockerfile: 'dockerfile',
  json: 'jsonc',
  toml: 'toml',
  yml: 'yaml',
};

/** A rule's page in Markdown: what docs/rules holds, what the editor links to and what `rules ID` prints. */
export function page(rule: Rule): string {
  return [
    `# ${rule.title}`,
    `Rule \`${rule.id}\``,
    rule.explanation.trim(),
    `## Example with this finding${forHosts(rule.exampleHosts?.bad)}`,
    ...files(rule.bad),
    ...Object.entries(rule.exampleLinks ?? {}).map(
      ([link, target]) => `\`${link}\` is a symbolic link to \`${target}\`.`,
    ),
    `## Example without it${forHosts(rule.exampleHosts?.good)}`,
    ...files(rule.good),
    '## References',
    rule.references.map((url) => `- <${url}>`).join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

function forHosts(hosts: readonly string[] = DEFAULT_HOSTS): string {
  return hosts === DEFAULT_HOSTS ? '' : ` (target host${hosts.length === 1 ? '' : 's'} ${hosts.join(', ')})`;
}

function files(example: Example): readonly string[] {
  return Object.entries(example).map(([file, text]) => {
    const ending = file.split(/[./]/).at(-1) ?? '';
    return `\`${file}\`\n\n\`\`\`${LANGUAGES[ending] ?? ''}\n${text.trimEnd()}\n\`\`\``;
  });
}
