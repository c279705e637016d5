import assert from 'node:assert/strict';
import type { Agent } from '../../../../src/model/agent/agent.js';
import type { SymptomFacts } from '../../../../src/model/agent/symptom.js';
import { diagnose } from '../../../../src/model/sandbox/symptoms.js';
import { MADE_UP } from '../agents/madeUp.js';

/** What is said of a text, for each kind of machine or user that it depends on. */
function said(text: string, facts: SymptomFacts = {}, agent?: Agent): string {
  const symptom = diagnose(text, facts, agent);
  assert.ok(symptom, text);
  return `${symptom.gate}: ${symptom.cause} ${symptom.remedy}`;
}

suite('model/sandbox: what is said of bubblewrap’s texts', () => {
  const masked = "bwrap: Can't mount proc on /proc: Operation not permitted";

  test('without bubblewrap, where the agent says nothing of its own: to install it', () => {
    const missing = /^bwrap-available: .*not on PATH\. Install the bubblewrap package in the image\.$/;
    assert.match(said('sh: 1: bwrap: not found', {}, MADE_UP), missing);
    assert.match(said('bash: line 1: bwrap: command not found', {}, MADE_UP), missing);
  });

  test("a masked /proc: for another user than root all ways, for root no option that opens the host's kernel", () => {
    assert.match(
      said(masked, { uid: 1000 }),
      /^proc-mount: .* Copy the bubblewrap .*Or remove the bubblewrap package.*Or start the container with .*systempaths=unconfined/,
    );
    assert.match(
      said(masked, { uid: 0 }),
      /Copy the bubblewrap that comes with Codex to .*Or remove the bubblewrap package, so that Codex uses its own\. Or run Codex as a user other than root/,
    );
    assert.match(
      said(masked),
      /need that copy\. Or remove the bubblewrap package.* Or start the container .* only if Codex does not run as root/,
    );
  });

  test('a workspace folder that cannot be written to: what Codex protects there', () => {
    const names = /\(\.git, \.agents, \.codex, \.aws\)/;
    assert.match(said("bwrap: Can't mkdir /workspaces/app/.git: Permission denied"), names);
    assert.match(said("bwrap: Can't mkdir /workspaces/app/.git: Read-only file system"), names);
  });
});
