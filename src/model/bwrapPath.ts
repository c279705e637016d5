/** Where the packages of distributions put bubblewrap: the path to which Ubuntu's profile bwrap-userns-restrict attaches. */
export const PACKAGED_BWRAP_PATH = '/usr/bin/bwrap';
