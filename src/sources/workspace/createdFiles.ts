import { TAILORED_PROFILE_FILE } from '../../model/plan/tailored.js';
import { folderOf } from '../text/paths.js';

/** Where a tailored seccomp profile may be written, the first choice first. */
export const PROFILE_FILES: readonly string[] = [TAILORED_PROFILE_FILE, '.devcontainer/seccomp-codex.json'];

/** Where a Dockerfile for a configuration that has none may be written, the first choice first. */
export function dockerfilesFor(configuration: string): readonly string[] {
  const folder = folderOf(configuration) || '.devcontainer';
  return [`${folder}/Dockerfile`, `${folder}/Dockerfile.codex`];
}
