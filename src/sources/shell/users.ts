import type { BareEffect } from './bwrap.js';
import { UNREADABLE, type Field } from './words.js';

const NON_UNIQUE = / (?:-[a-zA-Z]*o[a-zA-Z0-9]*|--non-unique)(?= |$)/;
const UID_0 = / (?:-[a-zA-Z]*u ?|--uid[= ])0+(?= |$)/;

/** `useradd -o -u 0 NAME` and `usermod -o -u 0 NAME` make another name of root, in whatever way the options are written. */
export function userEffects(name: string, args: readonly Field[]): readonly BareEffect[] {
  const login = args.at(-1);
  const options = args.map(({ text }) => ` ${text}`).join('');
  if (!/^user(add|mod)$/.test(name) || !NON_UNIQUE.test(options) || !UID_0.test(options)) return [];
  return login && !login.text.includes(UNREADABLE) ? [{ kind: 'root-user', word: login.span, name: login.text }] : [];
}
