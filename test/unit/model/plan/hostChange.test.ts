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
  SANDBOX_PROFILE,
} from '../../../../src/model/plan/hostChange.js';
import { known } from '../../../../src/model/container/container.js';
import { CODEX, containerWith } from '../../containers.js';

function changeOn(host: HostName, gate: Gate, error = ''): ReturnType<typeof hostChangeFor> {
  return hostChangeFor(HOSTS[host], gate, error);
}

suite('what to change on a host', () => {
  test('for each host the change that fits the gate, none where the host is not the cause', () => {
    assert.match(changeOn('docker-ubuntu', 'loopback')?.file.path ?? '', /^\/etc\/apparmor\.d\//);
    assert.match(
      changeOn('docker-ubuntu', 'uid-map', ERRORS.uidMapRestricted)?.file.path ?? '',
      /^\/etc\/apparmor\.d\//,
    );
    assert.equal(changeOn('docker-ubuntu', 'uid-map', ERRORS.uidMap), undefined);
    assert.equal(changeOn('docker-no-userns', 'userns-allowed')?.file.text, 'user.max_user_namespaces=15000\n');
    assert.equal(
      changeOn('docker-no-unprivileged-userns', 'userns-allowed')?.file.text,
      'kernel.unprivileged_userns_clone=1\n',
    );
    for (const host of ['docker-desktop', 'docker-linux'] as const) {
      for (const gate of ['userns-allowed', 'loopback', 'uid-map', 'seccomp-userns'] as const) {
        assert.equal(changeOn(host, gate), undefined);
      }
    }
  });

  test('each profile bears the name by which the repository refers to it, and grants userns', () => {
    const change = changeOn('docker-ubuntu', 'loopback');
    for (const each of [change, change?.otherwise]) {
      const name = /apparmor=([\w-]+)/.exec(each?.reference ?? '')?.[1];
      assert.match(each?.file.text ?? '', new RegExp(`^profile ${name ?? '-'} flags=\\(`, 'm'));
      assert.match(each?.file.text ?? '', /^ {2}userns,$/m);
      assert.equal(each?.commands[0], `apparmor_parser -r ${each?.file.path ?? ''}`);
    }
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
    'On the host, set the sysctl kernel.unprivileged_userns_clone=1. Opens the kernel’s user-namespace attack surface to every user and every container of the host that seccomp lets at it.',
    '  /etc/sysctl.d/60-unprivileged-userns.conf:',
    '    kernel.unprivileged_userns_clone=1',
    '  then, as root:',
    '    sysctl -p /etc/sysctl.d/60-unprivileged-userns.conf',
  ];

  test('as text: what, the file, the commands', () => {
    assert.deepEqual(hostChangeLines(HOST_CHANGES.noUnprivilegedUserns), SYSCTL);
    assert.deepEqual(hostChangeLines(HOST_CHANGES.noUserns), [
      'On the host, set the sysctl user.max_user_namespaces=15000. Opens the kernel’s user-namespace attack surface to whoever kernel.unprivileged_userns_clone, AppArmor and seccomp leave it to.',
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
        'On the host, load an AppArmor profile that grants userns (apparmor=codex-sandbox). Gives the containers that name it user namespaces and mounts in them; the rest of docker-default’s protection stays in kind.',
        '  /etc/apparmor.d/codex-sandbox:',
        '  then, as root:',
        '  and in devcontainer.json: "securityOpt": ["apparmor=codex-sandbox"] beside the tailored seccomp profile. Hosts without AppArmor ignore it; hosts with AppArmor on which the profile is not loaded refuse to start the container.',
        'Or, where that is not enough:',
        'On the host, load a profile that is unconfined but for its name (apparmor=codex-userns). Gives the containers that name it all that apparmor=unconfined gives, and user namespaces.',
        '  /etc/apparmor.d/codex-userns:',
        '  then, as root:',
        '  and in devcontainer.json: "securityOpt": ["apparmor=codex-userns"] beside the tailored seccomp profile. Hosts without AppArmor ignore it; hosts with AppArmor on which the profile is not loaded refuse to start the container.',
      ],
    );
    const { file } = HOST_CHANGES.restricted;
    const written = file.text
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
        'Then, as root: `sysctl -p /etc/sysctl.d/60-unprivileged-userns.conf`.',
      ].join('\n\n'),
    );
    const { file, summary, cost, reference, otherwise } = HOST_CHANGES.restricted;
    const second = hostChangeMarkdown(otherwise!);
    assert.equal(
      hostChangeMarkdown(HOST_CHANGES.restricted),
      [
        `On the host, ${summary}. ${cost}`,
        `\`${file.path}\`:`,
        `\`\`\`\n${file.text.trimEnd()}\n\`\`\``,
        `Then, as root: \`apparmor_parser -r ${file.path}\`.`,
        `In devcontainer.json: ${reference!}`,
        'Or:',
        second,
      ].join('\n\n'),
    );
    assert.ok(second.endsWith(`In devcontainer.json: ${otherwise!.reference!}`));
    const commands = { ...otherwise!, commands: ['one', 'two'] };
    assert.ok(hostChangeMarkdown(commands).includes('Then, as root: `one`, `two`.'));
  });

  test('each profile is complete: it names its ABI, grants what bubblewrap needs and keeps the kernel’s files shut', () => {
    const [sandbox, userns] = [HOST_CHANGES.restricted, HOST_CHANGES.restricted.otherwise!].map((c) => c.file.text);
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
