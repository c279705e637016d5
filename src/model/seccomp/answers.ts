import { evaluate, type SeccompAnswer, type SystemCall } from './filter.js';
import type { SeccompProfile } from './profile.js';

const answersByProfile = new WeakMap<SeccompProfile, Map<string, SeccompAnswer>>();

/**
 * What a profile answers to a call in a container with these capabilities, remembered: a plan asks a handful of profiles
 * about the same calls thousands of times.
 */
export function answerTo(profile: SeccompProfile, call: SystemCall, capabilities: ReadonlySet<string>): SeccompAnswer {
  const answers = answersByProfile.get(profile) ?? new Map<string, SeccompAnswer>();
  const question = [call.name, call.args?.join(), ...capabilities].join(' ');
  const answer = answers.get(question) ?? evaluate(profile, call, { capabilities });
  answersByProfile.set(profile, answers.set(question, answer));
  return answer;
}
