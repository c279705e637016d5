import assert from 'node:assert/strict';
import { ERRORS } from '../../../src/model/errors.js';
import { predict, type Gate } from '../../../src/model/gates.js';
import { HOSTS, type HostName } from '../../../src/model/host.js';
import { hostChangeFor, hostChangeLines, hostChangeMarkdown, SANDBOX_PROFILE } from '../../../src/model/hostChange.js';
import { OPENAI_SECURE_PROFILE } from '../../../src/model/recipes.js';
import { givenAway } from '../../../src/model/relaxations.js';
import { known } from '../../../src/model/container.js';
import { bwrap, CODEX, containerWith } from '../containers.js';

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

  test('as text and as Markdown it is complete: file, commands, reference, price', () => {
    const change = changeOn('docker-ubuntu', 'loopback')!;
    for (const text of [hostChangeLines(change).join('\n'), hostChangeMarkdown(change)]) {
      for (const part of [
        change.summary,
        change.cost,
        change.file.path,
        'pivot_root,',
        change.commands[0]!,
        change.reference!,
      ]) {
        assert.ok(text.includes(part), part);
      }
    }
  });
});

suite('OpenAI’s secure profile', () => {
  const outcome = (container: Parameters<typeof predict>[0]): string =>
    predict(OPENAI_SECURE_PROFILE.apply(container), HOSTS['docker-ubuntu'], CODEX).outcome;

  test('works on the host for which it was made', () => {
    assert.equal(outcome(containerWith()), 'works');
    assert.equal(outcome(containerWith({ bwrap: bwrap('0.9.0', true), capDrop: [known('SYS_CHROOT')] })), 'works');
  });

  test('is not for a bubblewrap that refuses setuid, nor for no-new-privileges', () => {
    assert.equal(OPENAI_SECURE_PROFILE.applies(containerWith()), true);
    assert.equal(OPENAI_SECURE_PROFILE.applies(containerWith({ bwrap: bwrap('0.12.0') })), false);
    assert.equal(OPENAI_SECURE_PROFILE.applies(containerWith({ bwrap: bwrap('0.12.0', true) })), false);
    assert.equal(OPENAI_SECURE_PROFILE.applies(containerWith({ noNewPrivileges: known(true) })), false);
  });

  test('names what it gives away, the dearest first', () => {
    const things = givenAway(OPENAI_SECURE_PROFILE.relaxations);
    assert.match(things[0] ?? '', /nearly root on the host/);
    assert.ok(things.some((thing) => thing.includes('system call filter')));
    assert.deepEqual(givenAway(['bwrap-not-setuid', 'cap-SETFCAP']), []);
  });
});
