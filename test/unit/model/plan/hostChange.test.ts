import assert from 'node:assert/strict';
import { ERRORS } from '../../../../src/model/bwrap/errors.js';
import type { Gate } from '../../../../src/model/gates.js';
import { predict } from '../../../../src/model/sandbox/predict.js';
import { HOSTS, type HostName } from '../../../../src/model/host.js';
import {
  HOST_CHANGES,
  hostChangeFor,
  hostChangeLines,
  hostChangeMarkdown,
  hostChangesMarkdown,
  type HostChange,
} from '../../../../src/model/plan/hostChange.js';
import { SANDBOX_PROFILE } from '../../../../src/model/plan/hostProfiles.js';
import { known, unknown, type Container } from '../../../../src/model/container/container.js';
import { bwrap, CODEX, containerWith } from '../../containers.js';

function changeOn(
  host: HostName,
  gate: Gate,
  error = '',
  container: Container = containerWith(),
): ReturnType<typeof hostChangeFor> {
  return hostChangeFor(HOSTS[host], gate, error, container);
}

/** All ways of a change, the first to be tried first. */
function waysOf(change: HostChange | undefined): readonly HostChange[] {
  return change ? [change, ...waysOf(change.otherwise)] : [];
}

suite('what to change on a host', () => {
  test('for each host the change that fits the gate, none where the host is not the cause', () => {
    assert.equal(changeOn('docker-ubuntu', 'loopback'), HOST_CHANGES.bundledBwrap);
    assert.equal(changeOn('docker-ubuntu', 'uid-map', ERRORS.uidMapRestricted), HOST_CHANGES.bundledBwrap);
    assert.equal(changeOn('docker-ubuntu', 'uid-map', ERRORS.uidMap), undefined);
    assert.equal(changeOn('docker-no-userns', 'userns-allowed')?.file?.text, 'user.max_user_namespaces=15000\n');
    assert.equal(
      changeOn('docker-no-unprivileged-userns', 'userns-allowed')?.file?.text,
      'kernel.unprivileged_userns_clone=1\n',
    );
    for (const host of ['docker-desktop', 'docker-linux'] as const) {
      for (const gate of ['userns-allowed', 'loopback', 'uid-map', 'seccomp-userns'] as const) {
        assert.equal(changeOn(host, gate), undefined);
      }
    }
  });

  test('where user namespaces are restricted, the profile that fits the bubblewrap that is started', () => {
    const on = (host: HostName, changes: Partial<Container['bwrap']>): HostChange | undefined =>
      changeOn(host, 'loopback', '', containerWith({ bwrap: { ...bwrap('0.8.0'), ...changes } }));
    for (const [changes, ubuntu, newer] of [
      [{}, HOST_CHANGES.systemBwrap, HOST_CHANGES.restricted],
      [{ presence: unknown<'present'>('x') }, HOST_CHANGES.systemBwrap, HOST_CHANGES.restricted],
      [{ setuid: known(true) }, HOST_CHANGES.bundledBwrap, HOST_CHANGES.bundledBwrap],
      [{ presence: known('absent' as const) }, HOST_CHANGES.bundledBwrap, HOST_CHANGES.bundledBwrap],
    ] as const) {
      assert.equal(on('docker-ubuntu', changes), ubuntu);
      assert.equal(on('docker-ubuntu-bwrap-profile', changes), newer);
    }
    // As root, and under no-new-privileges, Codex starts a setuid one as a plain one.
    for (const more of [{ user: known('root') }, { noNewPrivileges: known(true) }]) {
      const setuid = containerWith({ bwrap: bwrap('0.8.0', true), ...more });
      assert.equal(changeOn('docker-ubuntu', 'loopback', '', setuid), HOST_CHANGES.systemBwrap);
    }
    const { apparmor } = HOSTS['docker-ubuntu'];
    const unread = { ...HOSTS['docker-ubuntu'], apparmor: { ...apparmor!, attachedTo: undefined } };
    const plain = containerWith({ bwrap: bwrap('0.8.0') });
    assert.equal(hostChangeFor(unread, 'loopback', '', plain), HOST_CHANGES.systemBwrap);
  });

  test('each profile bears the name by which the repository refers to it, and grants userns', () => {
    const named = waysOf(HOST_CHANGES.restricted);
    assert.equal(named.length, 2);
    for (const { reference = '', file, commands } of named) {
      const name = /apparmor=([\w-]+)/.exec(reference)?.[1];
      assert.match(file?.text ?? '', new RegExp(`^profile ${name ?? '-'} flags=\\(`, 'm'));
      assert.match(file?.text ?? '', /^ {2}userns,$/m);
      assert.equal(commands[0], `apparmor_parser -r ${file?.path ?? ''}`);
    }
  });

  // Both texts as they were measured: test/ground-truth/rows/apparmor-profiles-more.jsonl, hostFacts.extraProfile.
  test('each profile that attaches by path is one that was measured, and leads to a container that works by the model', () => {
    const [, system] = waysOf(HOST_CHANGES.systemBwrap);
    for (const [change, text, path, container] of [
      [system, 'profile bwrap /usr/bin/bwrap flags=(unconfined) {', '/usr/bin/bwrap', { bwrap: bwrap('0.8.0') }],
      [
        HOST_CHANGES.bundledBwrap,
        'profile codex-bwrap /**/codex-resources/bwrap flags=(unconfined) {',
        CODEX.agent.bundledBwrapPath,
        {},
      ],
    ] as const) {
      assert.ok(change?.file);
      assert.match(change.file.text, /^# .+\nabi <abi\/4\.0>,\ninclude <tunables\/global>\n\nprofile /);
      assert.ok(change.file.text.endsWith(`\n${text}\n  userns,\n}\n`));
      assert.deepEqual(change.commands, [`apparmor_parser -r ${change.file.path}`]);
      assert.equal(change.reference, '"securityOpt": ["apparmor=unconfined"] beside the tailored seccomp profile.');
      const ubuntu = HOSTS['docker-ubuntu'];
      const loaded = { ...ubuntu, apparmor: { ...ubuntu.apparmor!, attachedTo: [path] } };
      const open = {
        seccomp: known({ kind: 'unconfined' as const }),
        apparmor: known({ kind: 'unconfined' as const }),
      };
      assert.equal(predict(containerWith({ ...open, ...container }), ubuntu, CODEX).outcome, 'fails');
      assert.equal(predict(containerWith({ ...open, ...container }), loaded, CODEX).outcome, 'works');
    }
  });

  test('the first way for the bubblewrap of the image is a package’s own profile: no file, three commands', () => {
    const { file, commands, otherwise } = HOST_CHANGES.systemBwrap;
    assert.equal(file, undefined);
    assert.deepEqual(commands, [
      'apt-get install -y apparmor-profiles',
      'install -m 0644 /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/',
      'apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict',
    ]);
    assert.equal(otherwise?.otherwise, HOST_CHANGES.restricted);
    assert.equal(HOST_CHANGES.bundledBwrap.otherwise, HOST_CHANGES.restricted);
    const lines = hostChangeLines(HOST_CHANGES.systemBwrap);
    assert.deepEqual(lines.slice(1, 6), [
      '  as root:',
      ...commands.map((command) => `    ${command}`),
      `  and in devcontainer.json: ${HOST_CHANGES.systemBwrap.reference!}`,
    ]);
    assert.equal(lines.filter((line) => line.startsWith('On the host: ')).length, 2, 'two ways are shown');
    const markdown = hostChangesMarkdown(HOST_CHANGES.systemBwrap);
    assert.ok(markdown.includes(`\n\nAs root:\n\n\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n\n`));
    assert.equal(markdown.split('\n\nOr:\n\n').length, 4, 'all ways');
  });

  test('the container under the loaded profile works on that host, by the model', () => {
    const ubuntu = HOSTS['docker-ubuntu'];
    const loaded = {
      ...ubuntu,
      apparmor: { ...ubuntu.apparmor!, loadedProfiles: { [SANDBOX_PROFILE]: 'allows' as const } },
    };
    const container = containerWith({
      seccomp: known({ kind: 'unconfined' }),
      apparmor: known({ kind: 'named', name: SANDBOX_PROFILE }),
    });
    assert.equal(predict(container, loaded, CODEX).outcome, 'works');
  });

  const SYSCTL = [
    'On the host: set the sysctl kernel.unprivileged_userns_clone=1. Lets every user of the host create user namespaces, and every container whose seccomp profile allows it.',
    '  /etc/sysctl.d/60-unprivileged-userns.conf:',
    '    kernel.unprivileged_userns_clone=1',
    '  then, as root:',
    '    sysctl -p /etc/sysctl.d/60-unprivileged-userns.conf',
  ];

  test('as text: what, the file, the commands', () => {
    assert.deepEqual(hostChangeLines(HOST_CHANGES.noUnprivilegedUserns), SYSCTL);
    assert.deepEqual(hostChangeLines(HOST_CHANGES.noUserns), [
      'On the host: set the sysctl user.max_user_namespaces=15000. Allows user namespaces again, as far as the other settings of the host, AppArmor and seccomp allow them.',
      '  /etc/sysctl.d/60-user-namespaces.conf:',
      '    user.max_user_namespaces=15000',
      '  then, as root:',
      '    sysctl -p /etc/sysctl.d/60-user-namespaces.conf',
    ]);
  });

  test('as text: a profile with its price, the reference to it and the second way', () => {
    const lines = hostChangeLines(HOST_CHANGES.restricted);
    const isIndented = (line: string): boolean => line === '' || line.startsWith('    ');
    assert.deepEqual(
      lines.filter((line) => !isIndented(line)),
      [
        "On the host: load an AppArmor profile that grants userns (apparmor=codex-sandbox). Gives the containers that name it user namespaces and mounts in them. The rest of docker-default's protection stays.",
        '  /etc/apparmor.d/codex-sandbox:',
        '  then, as root:',
        '  and in devcontainer.json: "securityOpt": ["apparmor=codex-sandbox"] beside the tailored seccomp profile. Hosts without AppArmor ignore it. Hosts with AppArmor on which the profile is not loaded refuse to start the container.',
        'Or, where that is not enough:',
        'On the host: load a profile that is unconfined but for its name (apparmor=codex-userns). Gives the containers that name it all that apparmor=unconfined gives, and user namespaces.',
        '  /etc/apparmor.d/codex-userns:',
        '  then, as root:',
        '  and in devcontainer.json: "securityOpt": ["apparmor=codex-userns"] beside the tailored seccomp profile. Hosts without AppArmor ignore it. Hosts with AppArmor on which the profile is not loaded refuse to start the container.',
      ],
    );
    const { file } = HOST_CHANGES.restricted;
    const written = file!.text
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `    ${line}`));
    assert.deepEqual(lines.slice(2, 2 + written.length), written);
    assert.deepEqual(lines.slice(2 + written.length, 4 + written.length), [
      '  then, as root:',
      '    apparmor_parser -r /etc/apparmor.d/codex-sandbox',
    ]);
  });

  test('as Markdown, paragraph by paragraph', () => {
    assert.equal(
      hostChangeMarkdown(HOST_CHANGES.noUnprivilegedUserns),
      [
        SYSCTL[0],
        '`/etc/sysctl.d/60-unprivileged-userns.conf`:',
        '```\nkernel.unprivileged_userns_clone=1\n```',
        'Then, as root:',
        '```sh\nsysctl -p /etc/sysctl.d/60-unprivileged-userns.conf\n```',
      ].join('\n\n'),
    );
    const { file, summary, cost, reference, otherwise } = HOST_CHANGES.restricted;
    const second = hostChangesMarkdown(otherwise!);
    assert.equal(second, hostChangeMarkdown(otherwise!));
    assert.equal(
      hostChangesMarkdown(HOST_CHANGES.restricted),
      [
        `On the host: ${summary}. ${cost}`,
        `\`${file!.path}\`:`,
        `\`\`\`\n${file!.text.trimEnd()}\n\`\`\``,
        'Then, as root:',
        `\`\`\`sh\napparmor_parser -r ${file!.path}\n\`\`\``,
        `In devcontainer.json: ${reference!}`,
        'Or:',
        second,
      ].join('\n\n'),
    );
    assert.ok(second.endsWith(`In devcontainer.json: ${otherwise!.reference!}`));
    const commands = { ...otherwise!, commands: ['one', 'two'] };
    assert.ok(hostChangeMarkdown(commands).includes('Then, as root:\n\n```sh\none\ntwo\n```'));
  });

  test('each profile is complete: it names its ABI, grants what bubblewrap needs and keeps the kernel’s files shut', () => {
    const [sandbox, userns] = [HOST_CHANGES.restricted, HOST_CHANGES.restricted.otherwise!].map((c) => c.file!.text);
    for (const text of [sandbox!, userns!]) {
      assert.match(text, /^# .+\nabi <abi\/4\.0>,\ninclude <tunables\/global>\n\nprofile /);
      assert.ok(text.endsWith('}\n'));
    }
    for (const line of ['userns,', 'mount,', 'umount,', 'pivot_root,', 'deny @{PROC}/sys/** wl,']) {
      assert.ok(sandbox!.includes(`\n  ${line}\n`), line);
    }
    assert.ok(userns!.endsWith('profile codex-userns flags=(unconfined) {\n  userns,\n}\n'));
  });
});
