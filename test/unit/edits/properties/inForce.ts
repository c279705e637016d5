import assert from 'node:assert/strict';
import type { Change } from '../../../../src/edits/changes/change.js';
import { DEFAULT_CAPABILITIES } from '../../../../src/model/container/capabilities.js';
import type { Container, Sourced } from '../../../../src/model/container/container.js';

function names(entries: readonly Sourced<string>[]): readonly (string | undefined)[] {
  return entries.map(({ value }) => value);
}

/** As the kernel would have it: docker's rules, written down once more. */
function has({ privileged, capAdd, capDrop }: Container, name: string): boolean {
  const [add, drop] = [names(capAdd), names(capDrop)];
  if (privileged.value === true || add.includes(name)) return true;
  if (add.includes('ALL')) return !drop.includes(name);
  return DEFAULT_CAPABILITIES.includes(name) && !drop.includes(name) && !drop.includes('ALL');
}

/** Asserts that the container, read from the files anew, is what the change asks for. */
export function assertInForce(container: Container, change: Change, shown: string): void {
  switch (change.kind) {
    case 'security-opt':
      assertSecurityOption(container, change, shown);
      break;
    case 'remove-security-opt':
      assertNoSecurityOption(container, change.key, shown);
      break;
    case 'add-capability':
      assert.ok(has(container, change.capability), shown);
      break;
    case 'remove-capability':
      assert.ok(!names(container.capAdd).includes(change.capability), shown);
      break;
    case 'keep-capability':
      assert.ok(has(container, change.capability), shown);
      break;
    case 'remove-privileged':
      assert.equal(container.privileged.value, false, shown);
      break;
    case 'tmpfs':
      assert.ok(
        names(container.tmpfs).some((mount) => mount?.split(':')[0] === change.path),
        shown,
      );
      break;
    case 'install-bwrap':
      assert.equal(container.bwrap.presence.value, 'present', shown);
      if (change.setuid) assert.equal(container.bwrap.setuid.value, true, shown);
      break;
    case 'copy-bwrap':
      assert.deepEqual(
        [container.bwrap.presence.value, container.bwrap.setuid.value, container.bwrap.version.value],
        ['present', false, change.version],
        shown,
      );
      assert.equal(container.bwrap.path, undefined, shown);
      break;
    case 'remove-bwrap':
      assert.notEqual(container.bwrap.presence.value, 'present', shown);
      break;
    case 'remove-setuid':
      assert.notEqual(container.bwrap.setuid.value, true, shown);
      break;
    case 'create-file':
    case 'move-run-args':
      break;
  }
}

function assertSecurityOption(
  { seccomp, apparmor, maskedPaths }: Container,
  { key, value }: Change & { kind: 'security-opt' },
  shown: string,
): void {
  if (key === 'systempaths') {
    if (value === 'unconfined') assert.equal(maskedPaths.value, false, shown);
  } else if (value === 'unconfined') {
    assert.equal((key === 'seccomp' ? seccomp : apparmor).value?.kind, 'unconfined', shown);
  } else if (key === 'seccomp') {
    assert.ok(seccomp.value?.kind === 'custom' && seccomp.value.file.endsWith('.devcontainer/seccomp.json'), shown);
  }
}

function assertNoSecurityOption(
  { seccomp, apparmor, maskedPaths, noNewPrivileges }: Container,
  key: (Change & { kind: 'remove-security-opt' })['key'],
  shown: string,
): void {
  switch (key) {
    case 'seccomp':
      assert.equal(seccomp.value?.kind, 'default', shown);
      break;
    case 'apparmor':
      assert.equal(apparmor.value?.kind, 'default', shown);
      break;
    case 'systempaths':
      assert.equal(maskedPaths.value, true, shown);
      break;
    case 'no-new-privileges':
      assert.equal(noNewPrivileges.value, false, shown);
      break;
  }
}
