/** Text of a workspace's files by path; what is no string is written as JSON. */
export type CaseFiles = Readonly<Record<string, unknown>>;

/** Images with a label as the dev container CLI writes it, by name: the label's text and USER. */
export const LABELLED: Readonly<Record<string, { readonly label: string; readonly user?: string }>> = {
  vscode: { label: '[{"id":"ghcr.io/devcontainers/features/common-utils:2"},{"remoteUser":"vscode"}]' },
  go: {
    label:
      '[{"id":"ghcr.io/devcontainers/features/go:1","init":true,"capAdd":["SYS_PTRACE"],"securityOpt":["seccomp=unconfined"]},' +
      '{"capAdd":["SYS_PTRACE"],"securityOpt":["seccomp=unconfined"],"remoteUser":"vscode"}]',
  },
  universal: {
    label:
      '[{"id":"ghcr.io/devcontainers/features/docker-in-docker:2","privileged":true,"entrypoint":"/init.sh"},' +
      '{"remoteUser":"codespace","containerUser":"codespace"}]',
    user: 'codespace',
  },
  object: { label: '{"remoteUser":"dev","capAdd":["NET_ADMIN"]}' },
  users: { label: '[{"remoteUser":"first","containerUser":"one"},{"remoteUser":"second"}]', user: '1000:1000' },
  apparmor: {
    label: '[{"securityOpt":["apparmor=unconfined","seccomp=unconfined"]},{"securityOpt":["label=disable"]}]',
  },
  empty: { label: '[]' },
  broken: { label: 'no JSON' },
};

const PREFIX = 'codex-sandbox-check-metadata';

/** The tag of a labelled image. */
export function labelled(name: string): string {
  return `${PREFIX}:${name}`;
}

const config = (value: Readonly<Record<string, unknown>>): CaseFiles => ({ '.devcontainer/devcontainer.json': value });
const debian = (value: Readonly<Record<string, unknown>>): CaseFiles => config({ image: 'debian:12', ...value });

/** A Feature in .devcontainer. */
const feature = (id: string, value: Readonly<Record<string, unknown>> = {}): CaseFiles => ({
  [`.devcontainer/${id}/devcontainer-feature.json`]: { id, version: '1.0.0', name: id, ...value },
  [`.devcontainer/${id}/install.sh`]: '#!/bin/sh\nset -e\n',
});

const SECCOMP = { securityOpt: ['seccomp=unconfined'] };
const PROFILE = { securityOpt: ['seccomp=${localWorkspaceFolder}/.devcontainer/seccomp.json'] };

const built = (dockerfile: string, value: Readonly<Record<string, unknown>> = {}): CaseFiles => ({
  ...config({ build: { dockerfile: 'Dockerfile' }, ...value }),
  '.devcontainer/Dockerfile': dockerfile,
});

const composed = (compose: string, value: Readonly<Record<string, unknown>> = {}): CaseFiles => ({
  ...config({ dockerComposeFile: 'compose.yaml', service: 'app', workspaceFolder: '/workspace', ...value }),
  '.devcontainer/compose.yaml': compose,
});

const APP = 'services:\n  app:\n    image: debian:12\n    command: sleep infinity\n';

/** Dev containers as people write them, and where their metadata meets. */
export const CASES: Readonly<Record<string, CaseFiles>> = {
  'an image alone': debian({}),
  'a user': debian({ remoteUser: 'vscode' }),
  'both users': debian({ remoteUser: 'vscode', containerUser: 'root' }),
  'the container’s user': debian({ containerUser: 'vscode' }),
  'an empty user': debian({ remoteUser: '' }),
  privileged: debian({ privileged: true }),
  'not privileged': debian({ privileged: false }),
  init: debian({ init: true }),
  'one capability': debian({ capAdd: ['SYS_PTRACE'] }),
  'capabilities in several spellings': debian({ capAdd: ['CAP_NET_ADMIN', 'net_raw', 'SYS_ADMIN'] }),
  'a capability twice': debian({ capAdd: ['SYS_PTRACE', 'SYS_PTRACE'] }),
  'all capabilities': debian({ capAdd: ['ALL'] }),
  'a debugger': debian({ capAdd: ['SYS_PTRACE'], ...SECCOMP }),
  'a profile': debian({ ...PROFILE }),
  'two profiles': debian({ securityOpt: ['seccomp=unconfined', 'seccomp=.devcontainer/seccomp.json'] }),
  'an option twice': debian({ securityOpt: ['seccomp=unconfined', 'apparmor=unconfined', 'seccomp=unconfined'] }),
  'the old spelling': debian({ securityOpt: ['seccomp:unconfined', 'no-new-privileges'] }),
  'empty lists': debian({ capAdd: [], securityOpt: [] }),
  'a list that is a string': debian({ capAdd: 'SYS_PTRACE' }),
  runArgs: debian({ runArgs: ['--cap-add=SYS_PTRACE', '--security-opt', 'seccomp=unconfined'], remoteUser: 'me' }),
  'runArgs and properties': debian({
    runArgs: ['--security-opt=apparmor=unconfined'],
    ...SECCOMP,
    capAdd: ['SYS_ADMIN'],
  }),
  'the file at the root': { '.devcontainer.json': { image: 'debian:12', remoteUser: 'dev', init: true } },
  'comments and trailing commas': {
    '.devcontainer/devcontainer.json':
      '{\n  // The base.\n  "image": "debian:12",\n  "capAdd": ["SYS_PTRACE",], /* gdb */\n  "remoteUser": "vscode",\n}\n',
  },
  'a byte order mark': { '.devcontainer/devcontainer.json': '\uFEFF{ "image": "debian:12", "remoteUser": "vscode" }' },
  'lower-case name of a file': debian({
    name: 'Web',
    forwardPorts: [3000],
    postCreateCommand: 'npm ci',
    remoteUser: 'node',
  }),

  'a Dockerfile': built('FROM debian:12\nRUN useradd -m dev\nUSER dev\n'),
  'a Dockerfile with a user': built('FROM debian:12\n', { remoteUser: 'vscode' }),
  'a Dockerfile with a debugger': built('FROM debian:12\n', {
    capAdd: ['SYS_PTRACE'],
    ...SECCOMP,
    remoteUser: 'vscode',
  }),
  'a Dockerfile with an argument': {
    ...config({ build: { dockerfile: 'Dockerfile', args: { VARIANT: '13' } }, privileged: true }),
    '.devcontainer/Dockerfile': 'ARG VARIANT=12\nFROM debian:${VARIANT}\n',
  },
  'a target': {
    ...config({ build: { dockerfile: 'Dockerfile', target: 'dev' }, init: true }),
    '.devcontainer/Dockerfile': `FROM ${labelled('go')} AS go\nFROM ${labelled('vscode')} AS dev\nFROM debian:12\n`,
  },
  'a target on a stage': {
    ...config({ build: { dockerfile: 'Dockerfile', target: 'dev' } }),
    '.devcontainer/Dockerfile': `FROM ${labelled('go')} AS base\nFROM base AS dev\nUSER root\n`,
  },
  'the old name': {
    ...config({ dockerFile: 'Dockerfile', remoteUser: 'vscode' }),
    '.devcontainer/Dockerfile': 'FROM debian:12\n',
  },
  'a Dockerfile on a labelled image': built(`FROM ${labelled('go')}\nRUN true\n`),
  'a Dockerfile on the universal one': built(`FROM ${labelled('universal')}\n`, { remoteUser: 'root' }),
  'a Dockerfile with the image as argument': built(`ARG BASE=${labelled('vscode')}\nFROM $BASE\n`, {
    capAdd: ['SYS_ADMIN'],
  }),

  ...Object.fromEntries(
    Object.keys(LABELLED).map((name) => [`the image ${name}`, config({ image: labelled(name) })] as const),
  ),
  ...Object.fromEntries(
    Object.keys(LABELLED).map(
      (name) =>
        [
          `the image ${name}, with more`,
          config({
            image: labelled(name),
            capAdd: ['NET_ADMIN', 'SYS_PTRACE'],
            ...PROFILE,
            remoteUser: 'me',
            init: true,
          }),
        ] as const,
    ),
  ),
  'a label is not taken back': config({ image: labelled('universal'), privileged: false, init: false }),
  'the container’s user over the label’s': config({ image: labelled('users'), containerUser: 'three' }),
  'a label and runArgs': config({
    image: labelled('go'),
    runArgs: ['--security-opt', 'seccomp=profile.json', '--init'],
  }),

  'a Feature that sets nothing': { ...debian({ features: { './plain': {} } }), ...feature('plain') },
  'a privileged Feature': {
    ...debian({ features: { './dind': {} } }),
    ...feature('dind', { privileged: true, init: true }),
  },
  'a Feature with a debugger': {
    ...debian({ features: { './dbg': 'latest' }, remoteUser: 'vscode' }),
    ...feature('dbg', { capAdd: ['SYS_PTRACE'], ...SECCOMP }),
  },
  'a Feature cannot set the user': {
    ...debian({ features: { './user': {} }, remoteUser: 'vscode' }),
    ...feature('user', { containerUser: 'feature', remoteUser: 'feature' }),
  },
  'Features in the order of their names': {
    ...debian({ features: { './zz': {}, './aa': {}, './mm': {} } }),
    ...feature('zz', { securityOpt: ['label=zz'] }),
    ...feature('aa', { securityOpt: ['label=aa'], capAdd: ['NET_ADMIN'] }),
    ...feature('mm', { securityOpt: ['label=mm'], capAdd: ['NET_RAW', 'NET_ADMIN'] }),
  },
  installsAfter: {
    ...debian({ features: { './aa': {}, './zz': {} } }),
    ...feature('aa', { ...SECCOMP, installsAfter: ['./zz', './gone'] }),
    ...feature('zz', { securityOpt: ['apparmor=unconfined'] }),
  },
  'installsAfter over two': {
    ...debian({ features: { './a': {}, './b': {}, './c': {}, './d': {} } }),
    ...feature('a', { securityOpt: ['label=a'], installsAfter: ['./c'] }),
    ...feature('b', { securityOpt: ['label=b'] }),
    ...feature('c', { securityOpt: ['label=c'], installsAfter: ['./d'] }),
    ...feature('d', { securityOpt: ['label=d'] }),
  },
  'installsAfter of what is not there': {
    ...debian({ features: { './b': {}, './a': {} } }),
    ...feature('a', { securityOpt: ['label=a'], installsAfter: ['./x'] }),
    ...feature('b', { securityOpt: ['label=b'] }),
  },
  dependsOn: {
    ...debian({ features: { './aa': {} } }),
    ...feature('aa', { securityOpt: ['label=aa'], dependsOn: { './zz': {} } }),
    ...feature('zz', { ...SECCOMP, capAdd: ['SYS_PTRACE'] }),
  },
  'dependsOn over two': {
    ...debian({ features: { './a': {} }, capAdd: ['SYS_TIME'] }),
    ...feature('a', { securityOpt: ['label=a'], dependsOn: { './b': { version: '1' } } }),
    ...feature('b', { securityOpt: ['label=b'], dependsOn: { './c': {} } }),
    ...feature('c', { securityOpt: ['label=c'], privileged: true }),
  },
  'dependsOn what is named already': {
    ...debian({ features: { './a': {}, './b': {}, './c': {} } }),
    ...feature('a', { securityOpt: ['label=a'], dependsOn: { './c': {} } }),
    ...feature('b', { securityOpt: ['label=b'] }),
    ...feature('c', { securityOpt: ['label=c'] }),
  },
  'dependsOn with other options': {
    ...debian({ features: { './a': {}, './c': { flavour: 'x' } } }),
    ...feature('a', { securityOpt: ['label=a'], dependsOn: { './c': { flavour: 'y' } } }),
    ...feature('c', {
      capAdd: ['SYS_PTRACE'],
      securityOpt: ['label=c'],
      options: { flavour: { type: 'string', default: 'x' } },
    }),
  },
  overrideFeatureInstallOrder: {
    ...debian({ features: { './a': {}, './b': {}, './c': {} }, overrideFeatureInstallOrder: ['./c', './b'] }),
    ...feature('a', { securityOpt: ['label=a'] }),
    ...feature('b', { securityOpt: ['label=b'] }),
    ...feature('c', { securityOpt: ['label=c'] }),
  },
  'overrideFeatureInstallOrder of one': {
    ...debian({ features: { './a': {}, './b': {}, './c': {} }, overrideFeatureInstallOrder: ['./c'] }),
    ...feature('a', { securityOpt: ['label=a'] }),
    ...feature('b', { securityOpt: ['label=b'] }),
    ...feature('c', { securityOpt: ['label=c'] }),
  },
  'overrideFeatureInstallOrder against dependsOn': {
    ...debian({ features: { './a': {}, './b': {} }, overrideFeatureInstallOrder: ['./a'] }),
    ...feature('a', { securityOpt: ['label=a'], dependsOn: { './b': {} } }),
    ...feature('b', { securityOpt: ['label=b'] }),
  },
  'a Feature and devcontainer.json': {
    ...debian({ features: { './dbg': {} }, ...PROFILE, capAdd: ['SYS_PTRACE'] }),
    ...feature('dbg', { capAdd: ['SYS_PTRACE', 'NET_RAW'], ...SECCOMP }),
  },
  'a Feature, a label and devcontainer.json': {
    ...config({ image: labelled('apparmor'), features: { './dbg': {} }, ...PROFILE, remoteUser: 'me' }),
    ...feature('dbg', { capAdd: ['SYS_PTRACE'], ...SECCOMP }),
  },
  'a Feature on a labelled image of a Dockerfile': {
    ...built(`FROM ${labelled('go')}\n`, { features: { './net': {} } }),
    ...feature('net', { capAdd: ['NET_ADMIN'] }),
  },
  'a Feature with a profile': {
    ...debian({ features: { './f': {} }, ...SECCOMP }),
    ...feature('f', { ...PROFILE }),
  },

  Compose: composed(APP),
  'Compose with properties': composed(APP, { capAdd: ['SYS_PTRACE'], ...SECCOMP, remoteUser: 'vscode', init: true }),
  'Compose, privileged': composed(APP, { privileged: true }),
  'Compose on a labelled image': composed(`services:\n  app:\n    image: ${labelled('go')}\n`, { remoteUser: 'dev' }),
  'Compose with options of its own': composed(
    `${APP}    cap_add: [NET_ADMIN]\n    security_opt: ["seccomp=unconfined"]\n`,
    {
      capAdd: ['SYS_PTRACE'],
    },
  ),
  'Compose with a Feature': {
    ...composed(APP, { features: { './dbg': {} } }),
    ...feature('dbg', { capAdd: ['SYS_PTRACE'], ...SECCOMP }),
  },
  'Compose that builds': {
    ...composed('services:\n  app:\n    build: .\n', { containerUser: 'me' }),
    '.devcontainer/Dockerfile': `FROM ${labelled('vscode')}\n`,
  },
};
