import assert from 'node:assert/strict';
import { known, unknown, type Distro } from '../../../src/model/container.js';
import { isLocalFeature, publishedFeature } from '../../../src/sources/features.js';
import type { ImageFacts } from '../../../src/sources/image.js';

const place = { file: 'f', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
const REGISTRY = 'ghcr.io/devcontainers/features';

function image(distro: Distro | undefined): ImageFacts {
  return {
    user: known('root'),
    distro: distro ? known(distro) : unknown('it is private'),
    bwrap: { presence: known('absent'), setuid: known(false), version: unknown('there is none') },
    codex: known(null),
    programs: [],
    metadata: {},
  };
}

const DEBIAN_13 = image({ id: 'debian', version: '13' });

suite('sources/features', () => {
  test('docker-in-docker is privileged', () => {
    for (const id of [`${REGISTRY}/docker-in-docker:2`, `${REGISTRY}/docker-in-docker`, 'docker-in-docker']) {
      assert.deepEqual(publishedFeature(id, place).metadata.privileged, known(true, place));
    }
  });

  for (const id of [
    `${REGISTRY}/go:1`,
    `${REGISTRY}/rust:1.5.1`,
    `${REGISTRY}/go@sha256:0123`,
    'GHCR.io/devcontainers/features/go',
    'golang',
  ]) {
    test(`${id} lets debuggers work`, () => {
      const { metadata } = publishedFeature(id, place);
      assert.deepEqual(metadata.capAdd, [known('SYS_PTRACE', place)]);
      assert.deepEqual(metadata.securityOpt, [known('seccomp=unconfined', place)]);
      assert.equal(metadata.privileged, undefined);
    });
  }

  test('most public Features change nothing', () => {
    for (const id of ['node:1', 'git', 'python:1', 'sshd:1', 'desktop-lite:1', 'nix:1', 'copilot-cli:latest']) {
      const feature = publishedFeature(`${REGISTRY}/${id}`, place);
      assert.deepEqual([feature.metadata.capAdd, feature.metadata.securityOpt], [[], []]);
      assert.equal(feature.install(DEBIAN_13), DEBIAN_13);
    }
  });

  test('an unknown one may set and install anything, and is named', () => {
    for (const id of ['ghcr.io/acme/features/go:1', 'maven', 'https://example.org/f.tgz', 'constructor']) {
      const feature = publishedFeature(id, place);
      assert.equal(feature.metadata.privileged?.value, undefined);
      assert.ok(feature.metadata.privileged?.why?.includes(`"${id}"`));
      assert.deepEqual(
        [feature.metadata.capAdd[0]?.value, feature.metadata.securityOpt[0]?.value],
        [undefined, undefined],
      );
      const facts = feature.install(DEBIAN_13);
      assert.deepEqual([facts.bwrap.presence.value, facts.codex.value], [undefined, undefined]);
      assert.equal(facts.distro, DEBIAN_13.distro);
    }
  });

  test('an unknown one does not take away what is there', () => {
    const facts = { ...DEBIAN_13, bwrap: { ...DEBIAN_13.bwrap, presence: known('present' as const) } };
    assert.equal(publishedFeature('ghcr.io/a/b/c', place).install(facts).bwrap.presence.value, 'present');
  });

  suite('common-utils installs bubblewrap since 2.5.8', () => {
    for (const tag of ['', ':latest', ':2', ':2.5', ':2.5.8', ':2.6.0', ':3']) {
      test(`with "${tag}"`, () => {
        const { bwrap } = publishedFeature(`${REGISTRY}/common-utils${tag}`, place).install(DEBIAN_13);
        assert.deepEqual([bwrap.presence.value, bwrap.setuid.value, bwrap.version.value], ['present', false, '0.12.0']);
        assert.deepEqual(bwrap.presence.places, [place]);
      });
    }

    for (const id of [
      `${REGISTRY}/common-utils:1`,
      `${REGISTRY}/common-utils:2.4`,
      `${REGISTRY}/common-utils:2.5.7`,
      'common',
    ]) {
      test(`not with ${id}`, () => {
        assert.equal(publishedFeature(id, place).install(DEBIAN_13), DEBIAN_13);
      });
    }

    test('perhaps with a digest', () => {
      const { bwrap } = publishedFeature(`${REGISTRY}/common-utils@sha256:00`, place).install(DEBIAN_13);
      assert.equal(bwrap.presence.value, undefined);
    });

    test('of an unknown version on an unknown distribution', () => {
      const { bwrap } = publishedFeature(`${REGISTRY}/common-utils`, place).install(image(undefined));
      assert.deepEqual([bwrap.presence.value, bwrap.version.value], ['present', undefined]);
    });

    test('and leaves one that is there', () => {
      const facts = {
        ...DEBIAN_13,
        bwrap: { presence: known('present' as const), setuid: known(true), version: known('0.8.0') },
      };
      assert.equal(publishedFeature(`${REGISTRY}/common-utils`, place).install(facts), facts);
    });
  });

  test('local ones are known by their path', () => {
    assert.deepEqual(['./a', '../a', '.\\a', 'a', 'ghcr.io/a/b/c'].map(isLocalFeature), [
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
