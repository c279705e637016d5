import assert from 'node:assert/strict';
import { GATES } from '../../../src/model/gates.js';
import { HOST_NAMES } from '../../../src/model/host.js';

type Check = (value: unknown, at: string) => void;

function is(type: 'string' | 'boolean'): Check {
  return (value, at) => {
    assert.equal(typeof value, type, `${at} is a ${type}`);
  };
}

function oneOf(...values: readonly unknown[]): Check {
  return (value, at) => {
    assert.ok(values.includes(value), `${at}: ${JSON.stringify(value)} is one of ${values.join(', ')}`);
  };
}

function matching(pattern: RegExp): Check {
  return (value, at) => {
    assert.ok(
      typeof value === 'string' && pattern.test(value),
      `${at}: ${JSON.stringify(value)} is like ${pattern.source}`,
    );
  };
}

function orNull(check: Check): Check {
  return (value, at) => {
    if (value !== null) check(value, at);
  };
}

function list(check: Check): Check {
  return (value, at) => {
    assert.ok(Array.isArray(value), `${at} is an array`);
    value.forEach((entry, index) => {
      check(entry, `${at}[${index}]`);
    });
  };
}

/** Exactly these members: neither fewer nor more. */
function members(checks: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${at} is an object`);
    assert.deepEqual(Object.keys(value).sort(), Object.keys(checks).sort(), `members of ${at}`);
    for (const [name, check] of Object.entries(checks))
      check((value as Record<string, unknown>)[name], `${at}.${name}`);
  };
}

const text = is('string');
const sentence = matching(/\S/);
const count: Check = (value, at) => {
  assert.ok(Number.isInteger(value) && (value as number) >= 0, `${at} counts from 0`);
};
const position = members({ line: count, character: count });
const range = members({ start: position, end: position });
/** Relative to the workspace folder, with forward slashes. */
const file = matching(/^(?![/\\]|[A-Za-z]:|\.\.\/)[^\\]+$/);
const gate = orNull(oneOf(...GATES));
const host = oneOf(...HOST_NAMES, 'local');

const CHECK_JSON = members({
  schemaVersion: oneOf(1),
  configurations: list(
    members({
      root: sentence,
      file,
      evidence: list(
        members({
          kind: oneOf(
            ...['extension', 'package', 'feature', 'config', 'mount', 'variable', 'command', 'lifecycle', 'choice'],
          ),
          file,
          range,
        }),
      ),
      codexAssumed: is('boolean'),
      container: members({
        privileged: is('boolean'),
        capabilities: list(matching(/^(?!CAP_)[A-Z_]+$/)),
        seccomp: oneOf('default', 'unconfined', 'custom', 'unknown'),
        apparmor: sentence,
        noNewPrivileges: is('boolean'),
        maskedPaths: is('boolean'),
        user: sentence,
        distro: orNull(matching(/^[a-z][\w.-]*(:[\w.]+)?$/)),
        bwrap: members({
          presence: oneOf('absent', 'present', 'unknown'),
          setuid: is('boolean'),
          version: orNull(matching(/^\d+(\.\d+)+/)),
        }),
      }),
      predictions: list(
        members({
          host,
          agent: oneOf('codex'),
          codex: matching(/^\d+\.\d+/),
          network: oneOf('restricted', 'full'),
          outcome: oneOf('works', 'fails', 'unknown'),
          gate,
          error: orNull(sentence),
          condition: orNull(matching(/^unless \S/)),
        }),
      ),
      findings: list(
        members({
          rule: matching(/^[a-z]+(-[a-z]+)*$/),
          severity: oneOf('error', 'warning', 'info', 'hint'),
          agent: oneOf('codex'),
          headline: sentence,
          message: sentence,
          file,
          range,
          gate,
          hosts: list(host),
          related: list(members({ file, range, message: sentence })),
          fixes: list(
            members({
              title: sentence,
              preferred: is('boolean'),
              relaxations: list(sentence),
              adds: list(sentence),
              removes: list(sentence),
              edits: list(members({ file, range, newText: text })),
            }),
          ),
          suppressed: orNull(members({ file, range, reason: orNull(sentence) })),
        }),
      ),
    }),
  ),
});

/** Fails unless the value has the shape of `check --format json`, to the last member. */
export function assertCheckJson(value: unknown): void {
  CHECK_JSON(value, 'json');
}
