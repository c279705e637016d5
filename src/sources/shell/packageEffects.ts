import { sandboxHelpedBy } from '../workspace/otherSandboxes.js';
import type { BareEffect } from './bwrap.js';
import { askedVersion, isBubblewrap, isUnreadable, packageName, packageRequest } from './packageManagers.js';
import { programOfPackage } from './programs.js';
import type { Field } from './words.js';

/** Adds what a command of a package manager does that matters to the sandbox. */
export function addPackages(name: string, args: readonly Field[], add: (effect: BareEffect) => void): void {
  const request = packageRequest(name, args);
  if (!request) return;
  const packages = [...request.install, ...request.remove].map((f) => f.span);
  for (const field of request.install) {
    const word = field.span;
    const program = programOfPackage(packageName(field.text));
    const helped = sandboxHelpedBy(packageName(field.text));
    if (isBubblewrap(field.text))
      add({ kind: 'install-bwrap', word, packages, version: askedVersion(field.text, request) });
    else if (isUnreadable(field.text)) add({ kind: 'install-unknown', word });
    else if (program) add({ kind: 'program', word, name: program });
    else if (helped !== undefined) add({ kind: 'other-sandbox', word, name: helped });
  }
  for (const field of request.remove) if (isBubblewrap(field.text)) add({ kind: 'remove-bwrap', word: field.span });
}
