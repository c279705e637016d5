import { apparmorProfile } from './apparmorProfile.js';
import { apparmorUnconfinedNeedless } from './apparmorUnconfinedNeedless.js';
import { bwrapMissing } from './bwrapMissing.js';
import { bwrapUnprofiled } from './bwrapUnprofiled.js';
import { capabilityInVain } from './capabilityInVain.js';
import { ignoreUnused } from './ignoreUnused.js';
import { invalidChoice } from './invalidChoice.js';
import { invalidFile } from './invalidFile.js';
import { maskedProc } from './maskedProc.js';
import { notJudged } from './notJudged.js';
import { podmanAddedCapabilities } from './podmanAddedCapabilities.js';
import { privilegedNeedless } from './privilegedNeedless.js';
import { readOnlyRoot } from './readOnlyRoot.js';
import { rootWithoutSetfcap } from './rootWithoutSetfcap.js';
import type { Rule } from './engine/rule.js';
import { runArgsIgnored } from './runArgsIgnored.js';
import { sandboxOff } from './sandboxOff.js';
import { seccompProfile } from './seccompProfile.js';
import { seccompProfileInvalid } from './seccompProfileInvalid.js';
import { seccompProfileOutdated } from './seccompProfileOutdated.js';
import { seccompUnconfinedNeedless } from './seccompUnconfinedNeedless.js';
import { setuidInert } from './setuidInert.js';
import { setuidMissing } from './setuidMissing.js';
import { setuidNeedless } from './setuidNeedless.js';
import { setuidRefused } from './setuidRefused.js';
import { setuidWithoutCapabilities } from './setuidWithoutCapabilities.js';
import { systempathsAsRoot } from './systempathsAsRoot.js';
import { systempathsUnconfinedNeedless } from './systempathsUnconfinedNeedless.js';
import { ubuntuUserns } from './ubuntuUserns.js';
import { unreadableFile } from './unreadableFile.js';
import { usernsDisabled } from './usernsDisabled.js';
import { workspaceSymlink } from './workspaceSymlink.js';

/** All rules, in the order in which they look, and in which docs/rules.md and the command line list them. */
export const RULES: readonly Rule[] = [
  seccompProfile,
  seccompProfileInvalid,
  seccompProfileOutdated,
  apparmorProfile,
  maskedProc,
  bwrapMissing,
  ubuntuUserns,
  bwrapUnprofiled,
  setuidMissing,
  setuidWithoutCapabilities,
  setuidInert,
  setuidRefused,
  rootWithoutSetfcap,
  readOnlyRoot,
  workspaceSymlink,
  systempathsAsRoot,
  capabilityInVain,
  privilegedNeedless,
  seccompUnconfinedNeedless,
  apparmorUnconfinedNeedless,
  systempathsUnconfinedNeedless,
  setuidNeedless,
  podmanAddedCapabilities,
  usernsDisabled,
  runArgsIgnored,
  sandboxOff,
  invalidFile,
  invalidChoice,
  unreadableFile,
  notJudged,
  ignoreUnused,
];
