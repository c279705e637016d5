import assert from 'node:assert/strict';
import { publicImage } from '../../../../src/sources/image/publicImages.js';
import { imageReference } from '../../../../src/sources/image/reference.js';

const place = { file: 'f', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
const DEVCONTAINERS = 'mcr.microsoft.com/devcontainers';

function distro(reference: string): string {
  const { value } = publicImage(reference, place).distro;
  return value === undefined ? 'unknown' : `${value.id}:${value.version ?? '?'}`;
}

suite('sources/images', () => {
  const distros: Readonly<Record<string, string>> = {
    'debian:12': 'debian:12',
    'debian:12.9-slim': 'debian:12',
    'debian:bookworm-20260101-slim': 'debian:12',
    'debian:trixie-slim': 'debian:13',
    'debian:bullseye': 'debian:11',
    debian: 'debian:13',
    'debian:latest': 'debian:13',
    'debian:stable-slim': 'debian:13',
    'debian:sid': 'debian:sid',
    'docker.io/library/debian:12': 'debian:12',
    'docker.io/debian:12': 'debian:12',
    'public.ecr.aws/docker/library/debian:12': 'debian:12',
    'debian:12@sha256:0123456789abcdef': 'debian:12',
    'debian@sha256:0123456789abcdef': 'unknown',
    'ubuntu:24.04': 'ubuntu:24.04',
    'ubuntu:noble-20260101': 'ubuntu:24.04',
    'ubuntu:jammy': 'ubuntu:22.04',
    'ubuntu:latest': 'ubuntu:26.04',
    'ubuntu:rolling': 'ubuntu:?',
    'alpine:3.20.3': 'alpine:3.20',
    alpine: 'alpine:?',
    'fedora:44': 'fedora:44',
    'registry.fedoraproject.org/fedora:44': 'fedora:44',
    'fedora:rawhide': 'fedora:?',
    'node:22-bookworm-slim': 'debian:12',
    'node:22': 'debian:?',
    'node:22-alpine3.20': 'alpine:3.20',
    'node:22-alpine': 'alpine:?',
    'python:3.12-slim-trixie': 'debian:13',
    'python:3.12-slim': 'debian:?',
    'golang:1.24-bookworm': 'debian:12',
    'rust:1-slim-bookworm': 'debian:12',
    'eclipse-temurin:21-jdk-noble': 'ubuntu:24.04',
    'eclipse-temurin:21': 'ubuntu:?',
    'openjdk:21': 'unknown',
    [`${DEVCONTAINERS}/base:bookworm`]: 'debian:12',
    [`${DEVCONTAINERS}/base:debian-12`]: 'debian:12',
    [`${DEVCONTAINERS}/base:debian12`]: 'debian:12',
    [`${DEVCONTAINERS}/base:1-bookworm`]: 'debian:12',
    [`${DEVCONTAINERS}/base:2.1.3-trixie`]: 'debian:13',
    [`${DEVCONTAINERS}/base:debian`]: 'debian:13',
    [`${DEVCONTAINERS}/base:ubuntu`]: 'ubuntu:26.04',
    [`${DEVCONTAINERS}/base:ubuntu-24.04`]: 'ubuntu:24.04',
    [`${DEVCONTAINERS}/base:ubuntu22.04`]: 'ubuntu:22.04',
    [`${DEVCONTAINERS}/base:jammy`]: 'ubuntu:22.04',
    [`${DEVCONTAINERS}/base:alpine-3.20`]: 'alpine:3.20',
    [`${DEVCONTAINERS}/base`]: 'debian:13',
    [`${DEVCONTAINERS}/base:1`]: 'debian:12',
    [`${DEVCONTAINERS}/base:alpine`]: 'alpine:3.23',
    [`${DEVCONTAINERS}/base:2-ubuntu`]: 'ubuntu:24.04',
    [`${DEVCONTAINERS}/typescript-node:1-22-bookworm`]: 'debian:12',
    [`${DEVCONTAINERS}/python:3.12`]: 'debian:13',
    [`${DEVCONTAINERS}/python:1-3.12`]: 'debian:12',
    [`${DEVCONTAINERS}/python:0-3.12`]: 'debian:?',
    [`${DEVCONTAINERS}/python:3.8`]: 'debian:12',
    [`${DEVCONTAINERS}/python:dev-3.12`]: 'debian:13',
    [`${DEVCONTAINERS}/go:1`]: 'debian:13',
    [`${DEVCONTAINERS}/go:1-1.24`]: 'debian:12',
    [`${DEVCONTAINERS}/java:21`]: 'debian:13',
    [`${DEVCONTAINERS}/dotnet:9.0`]: 'debian:12',
    [`${DEVCONTAINERS}/universal:2-focal`]: 'ubuntu:20.04',
    [`${DEVCONTAINERS}/universal:2`]: 'ubuntu:20.04',
    [`${DEVCONTAINERS}/universal`]: 'ubuntu:24.04',
    'mcr.microsoft.com/vscode/devcontainers/base:bullseye': 'debian:11',
    'mcr.microsoft.com/vscode/devcontainers/python:0-3.10': 'debian:12',
    'nvidia/cuda:12.4.1-devel-ubuntu22.04': 'ubuntu:22.04',
    'mcr.microsoft.com/playwright:v1.50.0-noble': 'ubuntu:24.04',
    'postgres:16-bookworm': 'debian:12',
    'amazonlinux:2023': 'amzn:?',
    'quay.io/jupyter/base-notebook:2025-01-01': 'ubuntu:?',
    'arm64v8/node:22-bookworm': 'debian:12',
    'ghcr.io/arm64v8/node:22-bookworm': 'unknown',
    'mambaorg/micromamba:2-jammy': 'ubuntu:22.04',
    'mcr.microsoft.com/powershell:lts-ubuntu-22.04': 'ubuntu:22.04',
    'ghcr.io/rails/devcontainer/images/ruby:3.4.1': 'debian:?',
    [`${DEVCONTAINERS}/cpp:ubuntu-24.04`]: 'ubuntu:24.04',
    [`${DEVCONTAINERS}/nonesuch:bookworm`]: 'unknown',
    'ghcr.io/x/y:bookworm': 'unknown',
    'localhost:5000/debian:12': 'unknown',
    constructor: 'unknown',
    '': 'unknown',
  };
  for (const [reference, expected] of Object.entries(distros)) {
    test(`${reference} is ${expected}`, () => {
      assert.equal(distro(reference), expected);
      const { value, why, places } = publicImage(reference, place).distro;
      assert.deepEqual(places, [place]);
      if (value?.version === undefined) assert.notEqual(why, undefined, 'what is open has a reason');
    });
  }

  test('a release that is known only as of today has the reason beside it', () => {
    const why = (reference: string): string | undefined => publicImage(reference, place).distro.why;
    const moving = { 'debian:latest': 'debian', ubuntu: 'ubuntu', [`${DEVCONTAINERS}/python:3.12`]: 'python' };
    for (const [reference, name] of Object.entries(moving)) {
      const tag = reference.split(':')[1] ?? 'latest';
      assert.equal(why(reference), `the release of ${name}:${tag} changes over time`);
    }
    for (const reference of ['debian:12', 'ubuntu:noble', 'node:22-bookworm', `${DEVCONTAINERS}/python:2.1.3-3.12`]) {
      assert.equal(why(reference), undefined, reference);
    }
  });

  test('a known image runs as root, without bubblewrap and Codex', () => {
    for (const reference of ['debian:12', 'ubuntu:24.04', 'node:22']) {
      const { user, bwrap, codex } = publicImage(reference, place);
      assert.deepEqual(
        [user.value, bwrap.presence.value, bwrap.setuid.value, codex.value],
        ['root', 'absent', false, null],
      );
    }
  });

  test('a dev container image may bring the bubblewrap of its distribution, depending on when it was built', () => {
    const { bwrap, user } = publicImage(`${DEVCONTAINERS}/base:trixie`, place);
    assert.deepEqual([user.value, bwrap.presence.value, bwrap.setuid.value], ['root', undefined, false]);
    assert.equal(bwrap.version.value, '0.12.0');
    assert.match(bwrap.presence.why ?? '', /since May 2026/);
  });

  test('a release of a dev container image from before bubblewrap came in has none', () => {
    const presence = (tag: string): unknown => publicImage(`${DEVCONTAINERS}/${tag}`, place).bwrap.presence.value;
    for (const tag of [
      'base:1-bookworm',
      'base:2.1.3-trixie',
      'base:1',
      'python:3.0.4-3.12',
      'go:1-1.24-bookworm',
      'cpp:1',
    ]) {
      assert.equal(presence(tag), 'absent', tag);
    }
    for (const tag of [
      'base:2-trixie',
      'base:bookworm',
      'go:1-bookworm',
      'go:1',
      'go:1.24-bookworm',
      'python:3.12',
      'rust:1',
    ]) {
      assert.equal(presence(tag), undefined, tag);
    }
  });

  test('an image that the table does not hold is unknown in everything, with the reason', () => {
    const { user, distro, bwrap, codex } = publicImage('ghcr.io/x/y:1', place);
    for (const value of [user, distro, codex, bwrap.presence, bwrap.setuid, bwrap.version]) {
      assert.deepEqual(value, {
        value: undefined,
        places: [place],
        why: 'the image ghcr.io/x/y is unknown',
      });
    }
  });

  test('what is open about the bubblewrap of a dev container image is said once', () => {
    const { presence, version } = publicImage(`${DEVCONTAINERS}/base:alpine-3.20`, place).bwrap;
    assert.deepEqual([presence.value, version.value], [undefined, undefined]);
    assert.equal(version.why, presence.why);
  });

  test('the image that new Rails applications are made of', () => {
    const { user, bwrap, metadata } = publicImage('ghcr.io/rails/devcontainer/images/ruby:3.4.1', place);
    assert.deepEqual([user.value, bwrap.presence.value], ['vscode', undefined]);
    assert.deepEqual(metadata, { remoteUser: 'vscode' });
  });

  test('a distribution of which it is not known whether it brings bubblewrap', () => {
    const { bwrap, distro } = publicImage('archlinux:latest', place);
    assert.deepEqual([distro.value?.id, bwrap.presence.value], ['arch', undefined]);
    assert.match(bwrap.presence.why ?? '', /archlinux may have bubblewrap/);
  });

  test('scratch', () => {
    const { user, distro, bwrap, codex } = publicImage('scratch', place);
    assert.deepEqual(
      [user.value, distro.value, bwrap.presence.value, codex.value],
      ['root', undefined, 'absent', null],
    );
  });

  test('the metadata of the dev container images', () => {
    const metadata = (name: string): unknown => publicImage(`${DEVCONTAINERS}/${name}`, place).metadata;
    assert.deepEqual(metadata('base:bookworm'), { remoteUser: 'vscode' });
    assert.deepEqual(metadata('typescript-node'), { remoteUser: 'node' });
    assert.deepEqual(metadata('javascript-node:22'), { remoteUser: 'node' });
    for (const name of ['cpp', 'go', 'rust']) {
      assert.deepEqual(metadata(name), {
        ...(name === 'go' && { init: true }),
        remoteUser: 'vscode',
        capAdd: ['SYS_PTRACE'],
        securityOpt: ['seccomp=unconfined'],
      });
    }
    assert.deepEqual(metadata('universal:2'), {
      privileged: true,
      init: true,
      capAdd: ['SYS_PTRACE'],
      securityOpt: ['seccomp=unconfined'],
      remoteUser: 'codespace',
      containerUser: 'codespace',
    });
    assert.equal(publicImage(`${DEVCONTAINERS}/universal:2`, place).user.value, 'codespace');
    assert.deepEqual(publicImage('debian:12', place).metadata, {});
  });

  test('references', () => {
    assert.deepEqual(imageReference('localhost:5000/a/b'), { name: 'localhost:5000/a/b', tag: 'latest' });
    assert.deepEqual(imageReference('localhost:5000/a/b:c'), { name: 'localhost:5000/a/b', tag: 'c' });
    assert.deepEqual(imageReference('a@sha256:0'), { name: 'a', tag: undefined });
    assert.deepEqual(imageReference('a:b@sha256:0'), { name: 'a', tag: 'b' });
  });
});
