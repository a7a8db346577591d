import { readFile } from 'node:fs/promises';
import { withClient } from './with-client.ts';

// Linux counts in hundredths of a second whatever the kernel's own tick is: proc(5), sysconf(_SC_CLK_TCK).
const MS_PER_TICK = 10;

/** Milliseconds the backends of one login have computed so far. NaN where there is no /proc. */
export async function readBackendCpuMs(ownerUrl: string, login: string): Promise<number> {
  const pids = await withClient(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ pid: number }>('select pid from pg_stat_activity where usename = $1', [login]);
    return rows.map(({ pid }) => pid);
  });
  const used = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').then(toMs, () => Number.NaN)));
  return used.reduce((sum, ms) => sum + ms, 0);
}

// Fields 14 and 15, user and system time; the second, a name in parentheses, may hold spaces.
function toMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
