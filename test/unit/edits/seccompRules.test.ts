import assert from 'node:assert/strict';
import { tailorRules } from '../../../src/edits/json/seccompRules.js';
import { replaced } from '../../../src/edits/text/textEdits.js';
import { tailoringFor } from '../../../src/model/plan/tailored.js';
import { known } from '../../../src/model/container/container.js';
import { parseSeccompProfile } from '../../../src/model/seccomp/profile.js';
import { BWRAP_CALLS, containerWith, CODEX } from '../containers.js';
import { allowsCall } from '../allowsCall.js';

/** The text as the edits leave it, which a second time leave it alone; undefined: it cannot be edited. */
function tailored(text: string): string | undefined {
  const profile = parseSeccompProfile(text);
  const how = tailoringFor(containerWith({ seccomp: known({ kind: 'custom', file: 'p.json', profile }) }), CODEX);
  const edits = tailorRules(text, how);
  if (!edits) return undefined;
  const after = replaced(text, edits);
  assert.deepEqual(tailorRules(after, how), [], 'a second time');
  for (const call of Object.values(BWRAP_CALLS))
    assert.ok(allowsCall(parseSeccompProfile(after), call, new Set()), call.name);
  return after;
}

const BASE = '"execve", "read"';

suite('a seccomp profile of the author becomes the tailored one where it is', () => {
  test('a rule a line', () => {
    const text = `{
    "defaultAction": "SCMP_ACT_ERRNO",
    "x-owner": "us",
    "syscalls": [
        { "names": [${BASE}], "action": "SCMP_ACT_ALLOW" }
    ]
}`;
    const after = tailored(text) ?? '';
    assert.ok(after.startsWith(text.slice(0, text.indexOf('\n    ]'))));
    assert.match(after, /\n {8}\{ "comment": .*"names": \["mount", .*\], "action": "SCMP_ACT_ALLOW" \}\n {4}\]\n\}$/);
  });

  test('a property a line and a name a line, with tabs and CRLF', () => {
    const text = `{\r
\t"defaultAction": "SCMP_ACT_ERRNO",\r
\t"syscalls": [\r
\t\t{\r
\t\t\t"names": [\r
\t\t\t\t"execve",\r
\t\t\t\t"read"\r
\t\t\t],\r
\t\t\t"action": "SCMP_ACT_ALLOW"\r
\t\t}\r
\t]\r
}\r
`;
    const after = tailored(text) ?? '';
    assert.ok(after.includes('\r\n\t\t\t"names": [\r\n\t\t\t\t"clone",\r\n\t\t\t\t"unshare"\r\n\t\t\t],\r\n'), after);
    assert.doesNotMatch(after, /[^\r]\n/);
    assert.ok(after.startsWith(text.slice(0, text.indexOf('\r\n\t]'))));
  });

  test('all on one line, without blanks', () => {
    const after = tailored(
      '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}',
    );
    assert.ok(after);
    assert.doesNotMatch(after, /\n|": |", |\{ /);
  });

  test('an empty list', () => {
    assert.ok(tailored('{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [] }'));
  });

  test('a rule that refuses loses the names that bubblewrap needs, and goes where it has no others', () => {
    const text = `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    { "names": ["keyctl", "pivot_root", "bpf"], "action": "SCMP_ACT_ERRNO" },
    { "names": ["pivot_root"], "action": "SCMP_ACT_KILL" },
    { "names": ["reboot"], "action": "SCMP_ACT_ERRNO" }
  ]
}
`;
    assert.equal(
      tailored(text),
      text
        .replace('"keyctl", "pivot_root", "bpf"', '"keyctl", "bpf"')
        .replace(/ {4}\{ "names": \["pivot_root"\].*\n/, ''),
    );
  });

  test('not one without a default action, nor one in the old spelling that would have to lose a name', () => {
    assert.equal(tailored('{}'), undefined);
    assert.equal(tailored('{ "defaultAction": "SCMP_ACT_ALLOW", "Syscalls": [] }'), undefined);
  });
});
