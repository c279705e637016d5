import assert from 'node:assert/strict';
import {
  mirrorInDebootstrap,
  mirrorsInApt,
  suitePackages,
  unfetchedSuites,
  upstreamVersion,
} from '../../../run/drift/packageLists.js';

const MADISON = `bubblewrap |   0.13.1-1 | http://mirror.example/debian unstable/main amd64 Packages
bubblewrap | 0.12.0-1~deb13u2 | http://mirror.example/debian-security stable-security/main amd64 Packages
bubblewrap | 0.12.0-1~deb13u1 | http://mirror.example/debian stable/main amd64 Packages
 docker.io | 26.1.5+dfsg1-9 | http://mirror.example/debian stable/main amd64 Packages
bubblewrap |    0.4.1-3 | http://mirror.example/debian oldoldstable/main amd64 Packages
bubblewrap |    0.9.0-1 | http://mirror.example/ubuntu devel/main amd64 Packages
`;
const TARGETS = 'unstable|sid\nstable|trixie\nstable-security|trixie-security\noldoldstable|bullseye\ndevel|zany';

suite('drift: package lists', () => {
  test('each suite has the newest version, those of its updates included', () => {
    assert.deepEqual(suitePackages(MADISON, TARGETS, new Set()), [
      { suite: 'unstable', codename: 'sid', release: 'debian:sid', versions: { bubblewrap: '0.13.1-1' } },
      {
        suite: 'stable',
        codename: 'trixie',
        release: 'debian:13',
        versions: { bubblewrap: '0.12.0-1~deb13u2', 'docker.io': '26.1.5+dfsg1-9' },
      },
      { suite: 'oldoldstable', codename: 'bullseye', release: 'debian:11', versions: { bubblewrap: '0.4.1-3' } },
      { suite: 'devel', codename: 'zany', release: undefined, versions: { bubblewrap: '0.9.0-1' } },
    ]);
  });

  test('a suite that was not fetched is left out: the list is an old one', () => {
    const stderr = `W: Failed to fetch http://mirror.example/debian/dists/stable/InRelease  Temporary failure resolving
E: The repository 'http://mirror.example/debian-security oldoldstable-security Release' does not have a Release file.`;
    const unfetched = unfetchedSuites(stderr);
    assert.deepEqual([...unfetched], ['stable', 'oldoldstable-security']);
    const suites = suitePackages(MADISON, TARGETS, unfetched).map(({ suite }) => suite);
    assert.deepEqual(suites, ['unstable', 'oldoldstable', 'devel']);
  });

  test('a suite of whose updates only an earlier list is there is left out', () => {
    const suites = suitePackages(MADISON, TARGETS, new Set(['stable-security'])).map(({ suite }) => suite);
    assert.deepEqual(suites, ['unstable', 'oldoldstable', 'devel']);
  });

  for (const [version, upstream] of [
    ['0.12.0-1~deb13u1', '0.12.0'],
    ['0.8.0-2+deb12u1', '0.8.0'],
    ['28.5.2+dfsg4-5', '28.5.2'],
    ['1:0.9.0-1ubuntu0.2', '0.9.0'],
    ['0.13.1', '0.13.1'],
  ] as const) {
    test(`${version} is ${upstream}`, () => {
      assert.equal(upstreamVersion(version), upstream);
    });
  }

  test('the mirrors of a distribution are those that apt has', () => {
    const output = `Else|x|http://else.example
Debian|bookworm-security|http://security.example
Debian|bookworm-updates|http://mirror.example`;
    const mirrors = { archive: 'http://mirror.example', security: 'http://security.example' };
    assert.deepEqual(mirrorsInApt(output, 'Debian'), mirrors);
    assert.deepEqual(mirrorsInApt(output, 'Ubuntu'), { archive: undefined, security: undefined });
  });

  test('else that of debootstrap', () => {
    assert.equal(mirrorInDebootstrap('X=1\nDEF_MIRROR="http://mirror.example"\n'), 'http://mirror.example');
    const script =
      'case $SUITE in\n gutsy)\n default_mirror http://old.example\n ;;\n *)\n\tdefault_mirror http://new.example\n';
    assert.equal(mirrorInDebootstrap(script), 'http://new.example');
    assert.equal(mirrorInDebootstrap('nothing'), undefined);
  });
});
