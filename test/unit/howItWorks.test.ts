import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { GATE_TEXTS } from '../../docs/howItWorks.js';
import { SETUID_BWRAP_CAPABILITIES } from '../../src/model/container/capabilities.js';
import { GATES } from '../../src/model/gates.js';
import { HOST_NAMES } from '../../src/model/host.js';
import { diagnose } from '../../src/model/sandbox/symptoms.js';
import { RELAXATIONS } from './containers.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = fs.readFileSync(join(ROOT, 'docs/how-it-works.md'), 'utf8');

/** Comments and other pages cite the sections by these names. */
const SECTIONS = [
  'The gates',
  'Hosts',
  'Which bubblewrap Codex starts',
  'Seccomp',
  'AppArmor',
  'Capabilities and root',
  'What each relaxation costs',
  'What is not known',
  'The workspace folder',
  'Error texts that are not a gate',
  'Permission profiles',
  'Versions of Codex',
  'Other agents',
  'How it was measured',
];

function section(title: string): string {
  return PAGE.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
}

suite('docs/how-it-works.md', () => {
  test('has the sections that comments cite, in their order', () => {
    assert.deepEqual(
      [...PAGE.matchAll(/^## (.+)$/gm)].map(([, title]) => title),
      SECTIONS,
    );
  });

  test('names every gate in kernel order, with every text', () => {
    const titles = [...section('The gates').matchAll(/^### \d+\. `([a-z-]+)`/gm)].map(([, gate]) => gate);
    assert.deepEqual(titles, [...GATES]);
    for (const error of GATES.flatMap((gate) => GATE_TEXTS[gate].errors)) {
      assert.ok(section('The gates').includes(`\n${error}\n`), error);
    }
  });

  for (const gate of GATES) {
    test(`the texts of ${gate} are explained as that gate`, () => {
      const { errors } = GATE_TEXTS[gate];
      assert.ok(errors.length > 0);
      for (const error of errors) assert.equal(diagnose(error)?.gate, gate, error);
    });
  }

  test('names every host, every relaxation, and the capabilities of a setuid bubblewrap', () => {
    for (const host of HOST_NAMES) assert.ok(section('Hosts').includes(`\n| \`${host}\` `), host);
    const changes = section('What each relaxation costs');
    for (const { id, givesAway } of RELAXATIONS) {
      const row = changes.split('\n').find((line) => line.startsWith(`| \`${id}\` `));
      assert.ok(row?.includes(givesAway || 'nothing'), id);
    }
    for (const name of SETUID_BWRAP_CAPABILITIES) {
      assert.match(
        section('Capabilities and root'),
        new RegExp(`^- A setuid bubblewrap needs [^.]*\\b${name}\\b`, 'm'),
      );
    }
  });

  test('every page that a comment or a page of the repository cites is there', () => {
    const files = ['src', 'test/unit', 'test/run', 'test/ground-truth', 'docs'].flatMap((folder) =>
      fs
        .readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((name) => /\.(?:ts|md)$/.test(name)),
    );
    const cited = [...files, 'README.md', 'CONTRIBUTING.md'].flatMap((file) =>
      [...fs.readFileSync(join(ROOT, file), 'utf8').matchAll(/(?<![\w/])docs\/[\w/-]+\.md\b/g)].map(([page]) => [
        file,
        page,
      ]),
    );
    assert.ok(cited.length > 0);
    assert.deepEqual(
      cited.filter(([, page = '']) => !fs.existsSync(join(ROOT, page))),
      [],
    );
  });
});
