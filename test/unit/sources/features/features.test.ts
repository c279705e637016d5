import assert from 'node:assert/strict';
import table from '../../../../src/sources/data/features.json' with { type: 'json' };
import { known, unknown, type Distro } from '../../../../src/model/container/container.js';
import {
  isLocalFeature,
  publishedFeature as readPublished,
  type FeatureEffect,
} from '../../../../src/sources/features/published.js';
import { foldOptions, type FoldedOptions } from '../../../../src/sources/options/fold.js';
import type { ImageFacts } from '../../../../src/sources/image/facts.js';

const place = { file: 'f', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

interface Effect extends FeatureEffect {
  /** What its options come to. */
  readonly metadata: FoldedOptions;
}

function publishedFeature(id: string, at: typeof place, options: Readonly<Record<string, string>> = {}): Effect {
  const { effect } = readPublished({ id, place: at, options });
  return { ...effect, metadata: foldOptions(effect.options) };
}

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

  test('docker-in-docker explains what is privileged', () => {
    const { programs } = publishedFeature(`${REGISTRY}/docker-in-docker:2`, place).install(DEBIAN_13);
    assert.deepEqual(programs, [known('docker', place)]);
  });

  test('a setting that came with a version', () => {
    const securityOpt = (tag: string): unknown =>
      publishedFeature(`${REGISTRY}/docker-outside-of-docker${tag}`, place).metadata.securityOpt.map((o) => o.value);
    assert.deepEqual(securityOpt(':1.5.0'), []);
    assert.deepEqual(securityOpt(':1.5'), []);
    for (const tag of ['', ':1', ':1.6', ':1.6.0']) assert.deepEqual(securityOpt(tag), ['label=disable']);
    assert.deepEqual(securityOpt('@sha256:00'), [undefined]);
  });

  test('an old name of a Feature, of the registry and without it', () => {
    for (const id of [`${REGISTRY}/docker-from-docker:1`, 'docker-from-docker']) {
      assert.deepEqual(publishedFeature(id, place).metadata.securityOpt, [known('label=disable', place)]);
    }
    for (const id of ['maven', 'gradle', 'jupyterlab']) {
      assert.equal(readPublished({ id, place, options: {} }).unknown, false);
    }
  });

  test('collections of others', () => {
    const tailscale = publishedFeature('ghcr.io/tailscale/codespace/tailscale:1', place);
    assert.deepEqual(
      tailscale.metadata.capAdd.map((c) => c.value),
      ['NET_ADMIN', 'NET_RAW', 'MKNOD'],
    );
    assert.equal(
      publishedFeature('ghcr.io/devcontainers-extra/features/localstack', place).metadata.privileged?.value,
      true,
    );
    assert.equal(
      publishedFeature('ghcr.io/devcontainers-contrib/features/poetry:2', place).metadata.privileged,
      undefined,
    );
    const codex = publishedFeature('ghcr.io/jsburckhardt/devcontainer-features/codex:1', place).install(DEBIAN_13);
    assert.equal(codex.codex.value, undefined);
    const cuda = publishedFeature('ghcr.io/rapidsai/devcontainers/features/cuda:26.10', place).metadata;
    assert.deepEqual(
      cuda.securityOpt.map((o) => o.value),
      ['seccomp=unconfined'],
    );
    const sizes = table.map(({ plain, features }) => plain.length + Object.keys(features).length);
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) > 1300);
  });

  test('an option that names packages', () => {
    for (const id of [
      'ghcr.io/devcontainers-extra/features/apt-get-packages:1',
      'ghcr.io/rocker-org/devcontainer-features/apt-packages:1',
    ]) {
      const { bwrap } = publishedFeature(id, place, { packages: 'curl, bubblewrap' }).install(DEBIAN_13);
      assert.deepEqual([bwrap.presence.value, bwrap.version.value], ['present', '0.12.0']);
      assert.deepEqual(publishedFeature(id, place, { packages: 'curl' }).install(DEBIAN_13), DEBIAN_13);
    }
    const npm = 'ghcr.io/devcontainers-extra/features/npm-package:1';
    const { codex } = publishedFeature(npm, place, { package: '@openai/codex', version: '0.120.0' }).install(DEBIAN_13);
    assert.deepEqual(codex.value, { version: '0.120.0', bundledBwrap: true });
  });

  test('what another one depends on', () => {
    const { dependsOn } = readPublished({ id: 'ghcr.io/schlich/devcontainer-features/jujutsu', place, options: {} });
    assert.deepEqual(
      dependsOn.map(({ id }) => id),
      [`${REGISTRY}/rust:1`],
    );
  });

  test('an unknown one may set and install anything, and is named', () => {
    for (const id of [
      'ghcr.io/acme/features/go:1',
      'nonesuch',
      'https://example.org/f.tgz',
      'constructor',
      'ghcr.io/devcontainers/features/constructor',
    ]) {
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
