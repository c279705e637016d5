import { DEFAULT_HOSTS, HOSTS, type Host } from '../model/host.js';

/** The machine that the extension host runs on, as a host. Missing in a browser. */
export interface LocalHost {
  /** Looks once, and remembers. Never fails. */
  read(): Promise<Host>;
  /** Whether a Codex is on PATH, outside of the workspace. Looks once, in the file system alone, and remembers. Never fails. */
  hasCodex(): Promise<boolean>;
  /** What is read next is looked at anew. */
  forget(): void;
}

/**
 * The hosts of these names. In a browser there is no `local`: it is left out, and where nothing else was asked for the defaults
 * take its place.
 */
export async function hostsOf(names: readonly Host['name'][], local: LocalHost | undefined): Promise<readonly Host[]> {
  const hosts: Host[] = [];
  for (const name of names) {
    if (name !== 'local') hosts.push(HOSTS[name]);
    else if (local) hosts.push(await local.read());
  }
  return hosts.length > 0 ? hosts : DEFAULT_HOSTS.map((name) => HOSTS[name]);
}
