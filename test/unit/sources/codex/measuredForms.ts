/** What a form of Codex's configuration does. */
export type Effect =
  /** bubblewrap starts, with a network namespace of its own or without. */
  | 'restricted'
  | 'full'
  /** bubblewrap does not start, and commands run. */
  | 'off'
  /** Codex does not start. */
  | 'refused';

const OWN = 'default_permissions = "p"\n[permissions.p]\nextends = ":workspace"\n';
const NETWORK = '[permissions.p.network]\nenabled = true\n';
const EVERYWHERE = 'default_permissions = "p"\n[permissions.p.filesystem]\n":root" = "write"\n';

/**
 * Forms of .codex/config.toml in a trusted project, and what each did in a container with Codex 0.169.0, in `codex exec` with a small
 * server in the place of the model: whether bubblewrap ran, with --unshare-net, and what the command could do.
 */
export const MEASURED_FORMS: readonly (readonly [string, Effect])[] = [
  ['default_permissions = ":danger-full-access"\n', 'off'],
  ['default_permissions = ":read-only"\n', 'restricted'],
  ['default_permissions = ":workspace"\n', 'restricted'],
  ['default_permissions = ":workspace"\n[sandbox_workspace_write]\nnetwork_access = true\n', 'restricted'],
  ['default_permissions = ":dev"\n', 'refused'],
  ['default_permissions = 3\n', 'refused'],
  [OWN, 'restricted'],
  ['default_permissions = "p"\n[permissions.p]\nextends = ":read-only"\n', 'restricted'],
  ['default_permissions = "p"\n[permissions.p]\nextends = ":danger-full-access"\n', 'refused'],
  ['default_permissions = "q"\n[permissions.q]\nextends = "q"\n', 'refused'],
  [`${OWN}${NETWORK}`, 'full'],
  [`${OWN}[permissions.p.network]\nenabled = false\n`, 'restricted'],
  [`${OWN}[permissions.p.network]\nenabled = "yes"\n`, 'refused'],
  [`${OWN}${NETWORK}[permissions.p.network.domains]\n"example.com" = "allow"\n`, 'full'],
  [`${OWN}[permissions.p.network.domains]\n"example.com" = "allow"\n`, 'restricted'],
  [`${OWN}${NETWORK}mode = "limited"\n`, 'full'],
  [`${OWN}[permissions.p.network]\nmode = "full"\n`, 'restricted'],
  ['default_permissions = "p"\npermissions.p = { extends = ":workspace", network = { enabled = true } }\n', 'full'],
  ['default_permissions = "p"\npermissions.p.extends = ":workspace"\npermissions.p.network.enabled = true\n', 'full'],
  [
    'default_permissions = "a b.c"\n[permissions."a b.c"]\nextends = ":workspace"\n[permissions."a b.c".network]\nenabled = true\n',
    'full',
  ],
  [
    `default_permissions = "q"\n[permissions.q]\nextends = "p"\n[permissions.p]\nextends = ":workspace"\n${NETWORK}`,
    'full',
  ],
  [
    `default_permissions = "q"\n[permissions.q]\nextends = "p"\n[permissions.q.network]\nenabled = false\n[permissions.p]\nextends = ":workspace"\n${NETWORK}`,
    'restricted',
  ],
  [`default_permissions = ":workspace"\n[permissions.p]\nextends = ":workspace"\n${NETWORK}`, 'restricted'],
  [`${OWN}[sandbox_workspace_write]\nnetwork_access = true\n`, 'restricted'],
  [`${OWN}${NETWORK}[features]\nnetwork_proxy = true\n`, 'restricted'],
  [`${OWN}${NETWORK}[features]\nnetwork_proxy = false\n`, 'full'],
  [`${OWN}${NETWORK}[features.network_proxy]\nenabled = true\n`, 'restricted'],
  [`${OWN}${NETWORK}[features.network_proxy]\nenabled = false\n`, 'full'],
  [EVERYWHERE, 'off'],
  [`${EVERYWHERE}[permissions.p.network]\nenabled = false\n`, 'off'],
  [`${EVERYWHERE}${NETWORK}`, 'off'],
  [`${EVERYWHERE}":slash_tmp" = "write"\n`, 'off'],
  [`${EVERYWHERE}":slash_tmp" = "read"\n`, 'restricted'],
  [`${EVERYWHERE}[permissions.p.filesystem.":workspace_roots"]\n".git" = "read"\n`, 'restricted'],
  [`${EVERYWHERE}${NETWORK}[features]\nnetwork_proxy = true\n`, 'restricted'],
  ['default_permissions = "p"\n[permissions.p.filesystem.":root"]\n"." = "write"\n', 'off'],
  [
    'default_permissions = "p"\n[permissions.p.filesystem]\n"/" = "write"\n[permissions.p.network]\nenabled = true\n',
    'full',
  ],
  [`${OWN}[permissions.p.filesystem]\n":root" = "write"\n`, 'off'],
  [
    'default_permissions = "p"\n[permissions.p]\nextends = ":read-only"\n[permissions.p.filesystem]\n":root" = "write"\n',
    'off',
  ],
  ['default_permissions = "p"\n[permissions.p]\nextends = "q"\n[permissions.q.filesystem]\n":root" = "write"\n', 'off'],
  [
    'default_permissions = "p"\n[permissions.p]\nextends = "q"\n[permissions.p.filesystem]\n":root" = "read"\n[permissions.q.filesystem]\n":root" = "write"\n',
    'restricted',
  ],
];

/** The same of what `codex sandbox` does not heed in files: sandbox_mode, and sandbox_workspace_write where no profile is named. */
export const MEASURED_IN_SESSIONS: readonly (readonly [string, Effect])[] = [
  ['sandbox_mode = "workspace-write"\n', 'restricted'],
  ['sandbox_mode = "danger-full-access"\n', 'off'],
  ['sandbox_mode = "workspace-write"\n[sandbox_workspace_write]\nnetwork_access = true\n', 'full'],
  ['sandbox_mode = "read-only"\n[sandbox_workspace_write]\nnetwork_access = true\n', 'restricted'],
  ['[sandbox_workspace_write]\nnetwork_access = true\n', 'full'],
  [
    'sandbox_mode = "workspace-write"\n[sandbox_workspace_write]\nnetwork_access = true\n[features]\nnetwork_proxy = true\n',
    'restricted',
  ],
  ['sandbox_mode = "workspace-write"\ndefault_permissions = ":danger-full-access"\n', 'off'],
  ['sandbox_mode = "danger-full-access"\ndefault_permissions = ":workspace"\n', 'restricted'],
  ['sandbox_mode = "danger-full-access"\n[permissions.p]\nextends = ":workspace"\n', 'off'],
];

/** Of two files, the user's and the project's. */
export const MEASURED_LAYERS: readonly (readonly [user: string, project: string, Effect])[] = [
  ['sandbox_mode = "danger-full-access"\n', 'default_permissions = ":workspace"\n', 'restricted'],
  ['default_permissions = ":danger-full-access"\n', 'sandbox_mode = "workspace-write"\n', 'restricted'],
  ['default_permissions = ":danger-full-access"\n', 'default_permissions = ":workspace"\n', 'restricted'],
  ['default_permissions = ":danger-full-access"\n', '', 'off'],
  [`[permissions.p]\nextends = ":workspace"\n${NETWORK}`, 'default_permissions = "p"\n', 'full'],
  [
    `[permissions.p]\nextends = ":workspace"\n${NETWORK}`,
    'default_permissions = "p"\n[permissions.p.network]\nenabled = false\n',
    'restricted',
  ],
  ['default_permissions = "p"\n', `[permissions.p]\nextends = ":workspace"\n${NETWORK}`, 'full'],
  ['[permissions.p]\nextends = ":workspace"\n', 'sandbox_mode = "workspace-write"\n', 'restricted'],
];
