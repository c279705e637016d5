import { known, type Sourced } from '../../model/container/container.js';
import { entryOf, itemsOf, type ComposeMapping } from './node.js';
import { sourced, type ComposeText, type ComposeValues } from './values.js';
import { interpolated } from './interpolation.js';
import { withoutTrailingSlashes } from '../text/paths.js';
import type { Problem } from '../text/problem.js';

/**
 * `volumes` that can be written to, spelled as `tmpfs` spells them; one that is no tmpfs has the option `volume`. Of volumes at
 * the same path the last one counts. Whether a folder of the host can be written to is up to its owner: it is taken to be.
 */
export function writableVolumes(service: ComposeMapping, values: ComposeValues): readonly Sourced<string>[] {
  const byTarget = new Map<string, Sourced<string> | undefined>();
  for (const item of itemsOf(service, 'volumes')) {
    if (item.kind === 'scalar' && item.value !== null) {
      const text = values.element(item, 'volumes');
      const { target, isReadOnly } = shortVolume(text.text);
      // Where it comes from may depend on the machine.
      const isKnown = !target.includes('${');
      byTarget.set(target, isReadOnly || !isKnown ? undefined : known(`${target}:volume`, text.place));
    }
    const target = item.kind === 'mapping' ? values.text(item, 'target') : undefined;
    if (item.kind !== 'mapping' || !target) continue;
    const isTmpfs = values.text(item, 'type')?.text === 'tmpfs';
    const isReadOnly = !isTmpfs && values.boolean(item, 'read_only')?.value === true;
    byTarget.set(target.text, isReadOnly ? undefined : isTmpfs ? tmpfsMount(item, target) : volumeMount(target));
  }
  return [...byTarget.values()].filter((mount) => mount !== undefined);
}

/** `[SOURCE:]TARGET[:MODE]`; a source may begin with the letter of a drive. */
function shortVolume(text: string): { readonly target: string; readonly isReadOnly: boolean } {
  const parts = text.split(':');
  const at = parts.findLastIndex((part) => part.startsWith('/'));
  return { target: parts[at] ?? '', isReadOnly: parts.slice(at + 1).some((mode) => mode.split(',').includes('ro')) };
}

function volumeMount(target: ComposeText): Sourced<string> {
  const mount = sourced(target);
  return mount.value === undefined ? mount : { ...mount, value: `${mount.value}:volume` };
}

function tmpfsMount(volume: ComposeMapping, target: ComposeText): Sourced<string> {
  const mode = entryOf(entryOf(volume, 'tmpfs')?.value, 'mode')?.value;
  const mount = sourced(target);
  if (mode?.kind !== 'scalar' || mount.value === undefined) return mount;
  const octal = typeof mode.value === 'number' ? Number(mode.text).toString(8) : mode.text;
  return { ...mount, value: `${mount.value}:mode=${octal}` };
}

/** What runc lets be mounted over in /proc, as lxcfs does (libcontainer/rootfs_linux.go, checkProcMount; measured with 1.1.5). */
const IN_PROC =
  /^\/proc\/(cpuinfo|diskstats|meminfo|stat|swaps|uptime|loadavg|slabinfo|net\/dev|sys\/kernel\/ns_last_pid)$/;

/** Volumes inside of /proc: with `privileged` as well (measured). */
export function mountsInProc(service: ComposeMapping): readonly Problem[] {
  return itemsOf(service, 'volumes').flatMap((item) => {
    const target = item.kind === 'mapping' ? entryOf(item, 'target')?.value : item;
    if (target?.kind !== 'scalar') return [];
    const { text } = interpolated(target);
    const path = withoutTrailingSlashes(item.kind === 'mapping' ? text : shortVolume(text).target);
    if (!path.startsWith('/proc/') || IN_PROC.test(path)) return [];
    const message = `The volume at ${path} lies inside /proc, where Docker lets nothing be mounted, so the container does not start. Mount it at another path, or remove it.`;
    return [{ kind: 'type', place: target.place, message }];
  });
}
