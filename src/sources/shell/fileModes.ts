/**
 * What a mode argument of chmod or install does to the set-user-ID bit of a regular file: true sets it, false clears it, undefined
 * leaves it as it is. As GNU coreutils and busybox do: an octal mode always decides it for files, a symbolic one where
 * its clauses name `s` for the user, or assign the user's bits (`u=rwx`).
 */
export function setuidOfMode(mode: string): boolean | undefined {
  const octal = /^([-+=]?)([0-7]{1,7})$/.exec(mode);
  if (octal) {
    const bit = (parseInt(octal[2] ?? '0', 8) & 0o4000) !== 0;
    if (octal[1] === '+') return bit ? true : undefined;
    if (octal[1] === '-') return bit ? false : undefined;
    return bit;
  }
  let setuid: boolean | undefined;
  for (const clause of mode.split(',')) {
    const match = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause);
    if (!match) return undefined;
    const [, who = '', actions = ''] = match;
    if (who !== '' && !/[ua]/.test(who)) continue;
    for (const action of actions.match(/[-+=][rwxXstugo]*/g) ?? []) {
      const named = action.includes('s');
      if (action.startsWith('=')) setuid = named;
      else if (named) setuid = action.startsWith('+');
    }
  }
  return setuid;
}

/** Whether the text is a mode at all. */
export function isMode(text: string): boolean {
  return (
    /^[-+=]?[0-7]{1,7}$/.test(text) ||
    /^[ugoa]*[-+=][rwxXstugo]*([-+=][rwxXstugo]*)*(,[ugoa]*([-+=][rwxXstugo]*)+)*$/.test(text)
  );
}
