/** Public Features that install what their options name: NAME without version → option → the command that it comes to. */
const RULES: readonly {
  readonly name: RegExp;
  readonly option: string;
  command(value: string, options: Readonly<Record<string, string>>): string;
}[] = [
  {
    name: /^ghcr\.io\/(?:devcontainers-(?:extra|contrib)\/features|rocker-org\/devcontainer-features)\/apt(?:-get)?-packages$/,
    option: 'packages',
    command: (packages) => `apt-get install -y ${packages.split(/[\s,]+/).join(' ')}`,
  },
  {
    name: /^ghcr\.io\/devcontainers-(?:extra|contrib)\/features\/(?:npm|pnpm)-packages?$/,
    option: 'package',
    command: (name, { version = 'latest' }) => `npm install -g ${name}@${version}`,
  },
  {
    name: /^ghcr\.io\/devcontainers-(?:extra|contrib)\/features\/bash-command$/,
    option: 'command',
    command: (command) => command,
  },
];

/** The shell command that a public Feature's options amount to; undefined: its options install nothing that matters here. */
export function installScript(name: string, options: Readonly<Record<string, string>>): string | undefined {
  const rule = RULES.find((r) => r.name.test(name));
  const value = rule && options[rule.option];
  return value === undefined ? undefined : rule?.command(value, options);
}

/**
 * How the dev container CLI passes an option to install.sh: as an environment variable of that name
 * (containers.dev, "Feature options": what is no letter or digit becomes `_`, leading digits and underscores go).
 */
export function optionVariable(option: string): string {
  return option
    .replace(/[^\w]/g, '_')
    .replace(/^[\d_]+/, '_')
    .toUpperCase();
}
