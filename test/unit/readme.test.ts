import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

interface Manifest {
  readonly private?: boolean;
  readonly publisher?: string;
  readonly icon?: string;
  readonly repository?: { readonly url: string };
  readonly bugs?: { readonly url: string };
  readonly homepage?: string;
  readonly galleryBanner?: { readonly color: string };
  readonly scripts: Readonly<Record<string, string>>;
}

/** The page of the extension in the Marketplace and in VS Code. */
suite("the extension's page", () => {
  const readme = fs.readFileSync(join(ROOT, 'README.md'), 'utf8');
  const manifest = JSON.parse(fs.readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

  test('is short', () => {
    assert.ok(readme.split('\n').length <= 150);
  });

  test('links only to files that are there', () => {
    const targets = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);
    assert.ok(targets.length > 5);
    assert.deepEqual(
      targets.filter((target) => !target.startsWith('https:') && !fs.existsSync(join(ROOT, target))),
      [],
    );
  });

  test('gets absolute addresses when it is packaged, and everything that publishing needs', () => {
    // vsce makes relative links absolute from the repository's address.
    assert.doesNotMatch(manifest.scripts['package'] ?? '', /no-rewrite-relative-links|allow-missing-repository/);
    assert.equal(manifest.private, undefined);
    for (const address of [manifest.repository?.url, manifest.bugs?.url, manifest.homepage]) {
      assert.match(address ?? '', /^https:\/\//);
    }
    assert.ok(manifest.publisher !== undefined && manifest.icon !== undefined && manifest.galleryBanner !== undefined);
  });
});
