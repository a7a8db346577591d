import { readFileSync } from 'node:fs';

// USER_HZ, in which the kernel tells times: 100 on every architecture that Node is built for (proc(5)).
const TICKS_PER_SECOND = 100;
// Fields 16 and 17 of proc(5)'s stat, counted from the third: user and system time of children that were waited for.
const CHILD_USER = 13;
const CHILD_SYSTEM = 14;

/** Seconds of CPU that ended child processes and theirs have taken; null where the system does not say (no /proc). */
export function readChildCpuSeconds(): number | null {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // The second field is the program's name, in parentheses, and may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[CHILD_USER]) + Number(fields[CHILD_SYSTEM])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}
