import { compile, refusalOf } from '../edits/compile.js';
import { judgeBy, type Judge } from './engine/judgement.js';
import { RULES } from './index.js';

export type { Judgement, Target } from './engine/judgement.js';

/** Judges a configuration by all rules. */
export const judge: Judge = judgeBy(RULES, compile, refusalOf);
