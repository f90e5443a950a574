import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it has started, as Linux' /proc tells it. */
export function family(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const id = Number(entry);
    if (!Number.isInteger(id)) continue;
    const parent = field(id, 'status', 'PPid');
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const found = [pid];
  for (const id of found) found.push(...(children.get(id) ?? []));
  return found;
}

/**
 * Memory in megabytes (10^6 bytes). `resident` adds up what each process has in memory, so that pages shared by several
 * (PostgreSQL's buffers, the program text of Node) count several times; `proportional` counts them once.
 */
export function memoryOf(pids: number[]): { resident: number; proportional: number } {
  const sum = (file: string, name: string) =>
    pids.reduce((total, pid) => total + (field(pid, file, name) ?? 0), 0) / 1000;
  return { resident: sum('status', 'VmRSS'), proportional: sum('smaps_rollup', 'Pss') };
}

/** Ticks of the clock by which Linux counts a process' time, in a second. */
const TICKS = 100;

/** Seconds of a core that those of the processes have taken whose program's name begins so. */
export function coreSecondsOf(pids: number[], program: string): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const [, name = '', rest = ''] =
        /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      // Fields 14 to 17 of proc(5), of which the first two are cut off here: its own time, and of what it had started and
      // has ended.
      if (!name.startsWith(program)) continue;
      for (const field of rest.split(' ').slice(11, 15)) ticks += Number(field);
    } catch {
      // It has ended since it was listed.
    }
  }
  return ticks / TICKS;
}

/** A number of `/proc/<pid>/<file>`, in kB where it is a size; null when the process is gone or has none. */
function field(pid: number, file: string, name: string): number | null {
  try {
    const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'));
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}
