import { shortVolume } from '../options/mounts.js';
import { withoutTrailingSlashes } from '../text/paths.js';
import type { Problem } from '../text/problem.js';
import { interpolated } from './interpolation.js';
import { entryOf, itemsOf, type ComposeMapping } from './node.js';

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
