import { agentHome, demandsOf, type AgentRequest } from '../model/agent/request.js';
import type { Container } from '../model/container/container.js';
import type { RelaxationId } from '../model/plan/relaxation.js';
import { laterCallsMissing } from '../model/plan/laterCalls.js';
import { RUNC_PROFILE } from '../model/plan/relaxations.js';
import { tailoredFor, tailoringFor } from '../model/plan/tailored.js';
import { parseSeccompProfile, type SeccompProfile } from '../model/seccomp/profile.js';
import { PROFILE_FILES } from '../sources/workspace/createdFiles.js';
import type { Change } from './changes/change.js';
import { allowCalls } from './json/seccompCalls.js';
import { tailorRules } from './json/seccompRules.js';
import { jsonLine } from './text/jsonText.js';
import { seccompProfileText } from './seccompProfileText.js';

/**
 * What a set of relaxations changes in the files.
 * @param texts the texts of the files that exist, by path: an existing profile is never overwritten
 */
export function changesFor(
  ids: readonly RelaxationId[],
  container: Container,
  request: AgentRequest,
  texts: ReadonlyMap<string, string>,
): readonly Change[] {
  return ids.flatMap((id): readonly Change[] => {
    switch (id) {
      case 'seccomp-tailored':
        return tailoredSeccomp(container, request, texts);
      case 'seccomp-unconfined':
        return [{ kind: 'security-opt', key: 'seccomp', value: 'unconfined' }];
      case 'apparmor-unconfined':
        return [{ kind: 'security-opt', key: 'apparmor', value: 'unconfined' }];
      case 'apparmor-runc':
        return [{ kind: 'security-opt', key: 'apparmor', value: RUNC_PROFILE }];
      case 'systempaths-unconfined':
        return [{ kind: 'security-opt', key: 'systempaths', value: 'unconfined' }];
      case 'no-new-privileges-removed':
        return [{ kind: 'remove-security-opt', key: 'no-new-privileges' }];
      case 'bwrap-installed':
        return [{ kind: 'install-bwrap', setuid: false }];
      case 'bwrap-setuid':
        return [{ kind: 'install-bwrap', setuid: true }];
      case 'bwrap-copied':
        return copiedBwrap(request);
      case 'bwrap-removed':
        return [{ kind: 'remove-bwrap' }];
      case 'bwrap-not-setuid':
        return [{ kind: 'remove-setuid' }];
      case 'capabilities-removed':
        return [...new Set(container.capAdd.flatMap(({ value }) => value ?? []))].map((capability) => ({
          kind: 'remove-capability',
          capability,
        }));
      case 'tmpfs-tmp':
        return [{ kind: 'tmpfs', path: '/tmp', options: 'exec' }];
      case 'tmpfs-codex-home':
        return [{ kind: 'tmpfs', path: agentHome(request.agent, container), options: 'mode=1777' }];
      case 'privileged':
        return [];
      default: {
        // The compiler's word that no other id comes here.
        const capability: `cap-${string}` = id;
        return [{ kind: 'add-capability', capability: capability.slice('cap-'.length) }];
      }
    }
  });
}

function copiedBwrap(request: AgentRequest): readonly Change[] {
  const { bundledBwrap } = demandsOf(request);
  return bundledBwrap === undefined ? [] : [{ kind: 'copy-bwrap', version: bundledBwrap }];
}

function tailoredSeccomp(
  container: Container,
  request: AgentRequest,
  texts: ReadonlyMap<string, string>,
): readonly Change[] {
  const own = container.seccomp.value?.kind === 'custom' ? container.seccomp.value : undefined;
  const text = own && texts.get(own.file);
  if (own?.profile && text !== undefined) {
    const calls = laterCallsMissing(container, request);
    if (calls.length > 0 && allowCalls(text, calls)) return [{ kind: 'allow-calls', file: own.file, calls }];
    // The author's own profile is edited where it is.
    const tailoring = tailoringFor(container, request);
    if (tailorRules(text, tailoring)) return [{ kind: 'tailor-profile', file: own.file, tailoring }];
  }
  const tailored = tailoredFor(container, request);
  // One that was written before bubblewrap 0.13 came does what is needed here: no second one beside it.
  const older = tailoredFor(container, request, 'before-0.13');
  const file = PROFILE_FILES.find((path) => {
    const existing = texts.get(path);
    return existing === undefined || [tailored, older].some((profile) => isProfile(existing, profile));
  });
  if (file === undefined) return [];
  return [
    { kind: 'create-file', file, text: texts.get(file) ?? seccompProfileText(tailored) },
    { kind: 'security-opt', key: 'seccomp', value: `\${localWorkspaceFolder}/${file}` },
  ];
}

/** Whether a text is the profile, whatever its layout, its comments and the order of its rules. */
function isProfile(text: string, profile: SeccompProfile): boolean {
  try {
    return meaning(parseSeccompProfile(text)) === meaning(profile);
  } catch {
    return false;
  }
}

function meaning({ defaultAction, defaultErrnoRet, syscalls }: SeccompProfile): string {
  const rules = syscalls.map(({ names, action, errnoRet, args, includes, excludes }) =>
    jsonLine({ names, action, errnoRet, args, includes, excludes }),
  );
  return jsonLine([defaultAction, defaultErrnoRet ?? 1, rules.sort()]);
}
