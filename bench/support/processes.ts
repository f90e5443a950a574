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

/** A number of `/proc/<pid>/<file>`, in kB where it is a size; null when the process is gone or has none. */
function field(pid: number, file: string, name: string): number | null {
  try {
    const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'));
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}
