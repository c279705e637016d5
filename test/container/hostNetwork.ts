import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { run } from './process.js';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const PROGRAMS = ['iptables', 'ip6tables'] as const;

/** What dockerd changes of the machine's network: interfaces, packet filter rules, forwarding. */
export interface HostNetwork {
  readonly links: readonly string[];
  /** For iptables and ip6tables, what their -save prints, by table. */
  readonly tables: Readonly<Record<(typeof PROGRAMS)[number], Tables>>;
  readonly forwarding: string;
}

/** Lines of `iptables-save` without comments and counters, by the table's name. */
type Tables = Readonly<Record<string, readonly string[]>>;

/** The machine's network as it is now. */
export async function hostNetwork(): Promise<HostNetwork> {
  return {
    links: [...readFileSync('/proc/net/dev', 'utf8').matchAll(/^ *([^ :]+):/gm)].map(([, name = '']) => name),
    tables: { iptables: await tables('iptables'), ip6tables: await tables('ip6tables') },
    forwarding: readFileSync(FORWARDING, 'utf8').trim(),
  };
}

/** Takes away the bridges and packet filter rules that have come since, and switches forwarding back. */
export async function restoreHostNetwork(before: HostNetwork): Promise<void> {
  const now = await hostNetwork();
  for (const link of now.links) {
    if (!before.links.includes(link) && /^(docker|br-|veth)/.test(link)) await run('ip', ['link', 'delete', link]);
  }
  for (const program of PROGRAMS) {
    const script = undoing(before.tables[program], now.tables[program]);
    if (script !== '') await restore(program, script);
  }
  if (now.forwarding !== before.forwarding) writeFileSync(FORWARDING, before.forwarding);
}

async function tables(program: (typeof PROGRAMS)[number]): Promise<Tables> {
  if (!existsSync(`/usr/sbin/${program}-save`)) return {};
  const saved: Record<string, string[]> = {};
  let table: string[] = [];
  for (const line of (await run(`/usr/sbin/${program}-save`, [])).stdout.split('\n')) {
    if (line.startsWith('*')) saved[line.slice(1)] = table = [];
    else if (/^[:-]/.test(line)) table.push(line.replace(/ \[\d+:\d+\]$/, ''));
  }
  return saved;
}

/** Commands for `iptables-restore --noflush` that lead back: rules out of chains that stay, policies, then new chains. */
function undoing(before: Tables, now: Tables): string {
  return Object.entries(now)
    .map(([table, lines]) => {
      const old = new Set(before[table] ?? []);
      const isNew = (line: string): boolean => !old.has(line);
      const chains = lines.filter((line) => line.startsWith(':') && line.endsWith(' -') && isNew(line));
      const names = chains.map((line) => line.slice(1, -2));
      const commands = [
        ...lines
          .filter((line) => line.startsWith('-A ') && isNew(line) && !names.includes(line.split(' ')[1] ?? ''))
          .map((line) => line.replace(/^-A/, '-D')),
        ...policies(before[table], lines),
        ...names.map((name) => `-F ${name}`),
        ...names.map((name) => `-X ${name}`),
      ];
      return commands.length === 0 ? '' : `*${table}\n${commands.join('\n')}\nCOMMIT\n`;
    })
    .join('');
}

/** Policies of built-in chains that have changed. A table that did not exist had the policy ACCEPT. */
function policies(before: readonly string[] | undefined, now: readonly string[]): readonly string[] {
  const policy = /^:(\S+) (ACCEPT|DROP)$/;
  return now.flatMap((line) => {
    const chain = policy.exec(line)?.[1];
    if (chain === undefined || before?.includes(line)) return [];
    const old = before?.find((other) => policy.exec(other)?.[1] === chain) ?? `:${chain} ACCEPT`;
    return old === line ? [] : [`-P ${old.slice(1)}`];
  });
}

async function restore(program: (typeof PROGRAMS)[number], script: string): Promise<void> {
  const child = spawn(`/usr/sbin/${program}-restore`, ['--noflush'], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(script);
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
}
