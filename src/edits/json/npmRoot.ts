/** A word that a shell makes the same of wherever it stands, but for the variables in it. */
const PLAIN = String.raw`[\w./~@+$-]+`;

const BEFORE_NPM = new RegExp(String.raw`^(?:sudo\s+(?:-\S+\s+)*)?(?:\w+=${PLAIN}\s+)*npm\s`);

/** What says where npm puts global packages, as an option with its value. */
const FOLDER_OPTION = new RegExp(
  String.raw`\s(?:--(?:prefix|userconfig|globalconfig)|-C)(?:=|\s+)${PLAIN}(?=\s|$)`,
  'g',
);

/** The same in another form, which is not read. */
const FOLDER_OTHERWISE = /prefix|--(?:user|global)?config|\s-C/i;

/**
 * The command that says where an npm command has put its global packages: of the same npm, under the same user and with the same prefix.
 * undefined: that cannot be told. @param command begins with npm, with sudo or with an assignment
 */
export function npmRoot(command: string): string | undefined {
  const npm = BEFORE_NPM.exec(command)?.[0];
  if (npm === undefined) return undefined;
  const words = ` ${command.slice(npm.length)}`;
  if (FOLDER_OTHERWISE.test(words.replace(FOLDER_OPTION, ''))) return undefined;
  return [`${npm.trimEnd()} root -g`, ...(words.match(FOLDER_OPTION) ?? []).map((option) => option.trim())].join(' ');
}
