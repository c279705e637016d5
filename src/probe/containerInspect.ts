import { listOf, objectOf, parsedJson, type Json } from '../sources/text/plainJson.js';

/** What an engine says about a running container, as far as it matters to who measures in it. */
export interface ContainerDescription {
  /** All of its hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
  /** When it was made, in milliseconds since 1970; undefined: the engine does not say. */
  readonly made?: number | undefined;
  /** The user of the image or of `--user`, as written; empty: root. */
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the container itself: what `docker exec` starts with. */
  readonly environment: ReadonlyMap<string, string>;
  /** Where folders of the host are in the container. */
  readonly mounts: readonly { readonly source: string; readonly destination: string }[];
}

function object(value: unknown): Json {
  return objectOf(value) ?? {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function describe(container: Json): ContainerDescription[] {
  const config = object(container['Config']);
  const id = text(container['Id']);
  if (!/^[0-9a-f]{12,64}$/.test(id)) return [];
  const labels = Object.entries(object(config['Labels'])).map(([key, value]) => [key, text(value)] as const);
  const mounts = listOf(container['Mounts']).map((mount) => ({
    source: text(object(mount)['Source']),
    destination: text(object(mount)['Destination']),
  }));
  return [
    {
      id,
      name: text(container['Name']).replace(/^\//, ''),
      running: object(container['State'])['Running'] === true,
      ...madeAt(text(container['Created'])),
      user: text(config['User']),
      labels: Object.fromEntries(labels),
      environment: environmentOf(listOf(config['Env'])),
      mounts: mounts.filter(({ destination }) => destination.startsWith('/')),
    },
  ];
}

function madeAt(created: string): Pick<ContainerDescription, 'made'> {
  const made = Date.parse(created);
  return Number.isNaN(made) ? {} : { made };
}

function environmentOf(entries: readonly unknown[]): ReadonlyMap<string, string> {
  const pairs = entries.flatMap((entry) => {
    const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text(entry)) ?? [];
    return name === '' ? [] : [[name, value] as const];
  });
  return new Map(pairs);
}

/** Reads what `docker inspect` or `podman inspect` prints of containers. What is none of it is left out. Never throws. */
export function readContainers(output: string): readonly ContainerDescription[] {
  return listOf(parsedJson(output)).flatMap((container) => describe(object(container)));
}
