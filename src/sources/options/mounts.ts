import { known, type Sourced } from '../../model/container/container.js';
import { placesOf, valueOf, type Option } from './option.js';

/** The fields of docker's `type=…,target=…` spelling. */
function fieldsOf(mount: string): readonly string[] {
  return mount.split(',').map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
}

function isTmpfs(fields: readonly string[]): boolean {
  return fields.some((field) => /^type=tmpfs$/i.test(field));
}

function targetIn(fields: readonly string[]): string | undefined {
  const target = fields.find((field) => /^(target|destination|dst)=/i.test(field));
  return target?.slice(target.indexOf('=') + 1);
}

/** Where a mount in docker's `type=…,target=…` spelling puts a tmpfs; undefined when it is no tmpfs. */
export function tmpfsTarget(mount: string): string | undefined {
  const fields = fieldsOf(mount);
  return isTmpfs(fields) ? targetIn(fields) : undefined;
}

/** `[SOURCE:]TARGET[:MODE]`; a source may begin with the letter of a drive. */
export function shortVolume(text: string): {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
} {
  const parts = text.split(':');
  const at = parts.findLastIndex((part) => part.startsWith('/'));
  const source = parts.slice(0, Math.max(at, 0)).join(':');
  return {
    source,
    target: parts[at] ?? '',
    isReadOnly: parts.slice(at + 1).some((mode) => mode.split(',').includes('ro')),
  };
}

/** `/dev/fuse:/dev/fuse:rwm` */
export function deviceOf(text: string): { readonly source: string; readonly target: string } {
  const [source = '', target = source] = text.split(':');
  return { source, target };
}

/** Where an option mounts something, whatever it is, as Docker cleans the path; undefined: it mounts nothing. */
export function mountPoint(option: Option): string | undefined {
  const target = writtenTarget(option);
  return target?.startsWith('/') ? cleaned(target) : target;
}

function writtenTarget({ flag, value = '' }: Option): string | undefined {
  if (flag === 'tmpfs') return value.split(':')[0];
  if (flag === 'volume') return shortVolume(value).target || undefined;
  return flag === 'mount' ? targetIn(fieldsOf(value)) : undefined;
}

/** `//tmp/./` as `/tmp`. */
export function cleaned(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}

/** A folder of the host that a mount in docker's `type=bind,source=…,target=…` spelling shows; undefined: of none. */
export function bindMount(mount: string): { readonly source: string; readonly target: string } | undefined {
  const fields = fieldsOf(mount);
  const source = fields.find((field) => /^(source|src)=/i.test(field));
  const target = targetIn(fields);
  if (source === undefined || target === undefined || !fields.some((field) => /^type=bind$/i.test(field)))
    return undefined;
  return { source: source.slice(source.indexOf('=') + 1), target };
}

/**
 * The volumes of a Compose service that can be written to, spelled as `--tmpfs` spells them; one that is no tmpfs has the
 * option `volume`. Of volumes at the same path the last one counts. Whether a folder of the host can be written to is up to its
 * owner: it is taken to be.
 */
export function volumeMounts(options: readonly Option[]): readonly Sourced<string>[] {
  const byTarget = new Map<string, Sourced<string> | undefined>();
  for (const option of options.filter(({ origin }) => origin.kind === 'service')) {
    if (option.flag === 'volume') byTarget.set(...shortMount(option));
    else byTarget.set(targetIn(fieldsOf(option.value ?? '')) ?? '', longMount(option));
  }
  return [...byTarget.values()].filter((mount) => mount !== undefined);
}

function shortMount(option: Option): [target: string, mount: Sourced<string> | undefined] {
  const { target, isReadOnly } = shortVolume(option.value ?? '');
  // Where it comes from may depend on the machine.
  const isKnown = !target.includes('${');
  return [target, isReadOnly || !isKnown ? undefined : known(`${target}:volume`, ...placesOf(option))];
}

function longMount(option: Option): Sourced<string> | undefined {
  const fields = fieldsOf(option.value ?? '');
  const isVolume = !isTmpfs(fields);
  if (isVolume && fields.includes('readonly')) return undefined;
  const mode = fields.find((field) => field.startsWith('tmpfs-mode='))?.slice('tmpfs-mode='.length);
  const options = isVolume ? ':volume' : mode === undefined ? '' : `:mode=${mode}`;
  const read = valueOf(option);
  return read.value === undefined ? read : { ...read, value: `${targetIn(fields) ?? ''}${options}` };
}
