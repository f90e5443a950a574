import { execFileSync } from 'node:child_process';
import { accessSync, constants, cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

/** The user that a server runs as which refuses to run as root. */
export type User = { uid: number; gid: number };

/** Names tried in order: the usual one for PostgreSQL, our own, and the one that every Linux has. */
const CANDIDATES = ['postgres', 'jiansheng', 'nobody'];

/**
 * The user for PostgreSQL when the hub runs as root; null when it does not (then everything runs as whoever started it).
 * Creates `jiansheng` where neither it nor `postgres` exists and the system lets us; else takes `nobody`.
 */
export function unprivilegedUser(): User | null {
  if (process.getuid?.() !== 0) return null;
  if (!find('postgres') && !find('jiansheng')) {
    try {
      execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'jiansheng'], {
        stdio: 'ignore',
      });
    } catch {
      // No useradd (a minimal image): `nobody` does.
    }
  }
  for (const name of CANDIDATES) {
    const user = find(name);
    if (user) return user;
  }
  return null;
}

function find(name: string): User | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

/** Whether `user` may walk down to the folder: every folder above it lets others through. */
export function canReach(folder: string, user: User): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path)) {
      const stat = statSync(path);
      const bits =
        stat.uid === user.uid ? stat.mode >> 6 : stat.gid === user.gid ? stat.mode >> 3 : stat.mode;
      if ((bits & 1) === 0) return false;
    }
    if (dirname(path) === path) return true;
  }
}

/**
 * A folder that the user can reach, standing in for one that it cannot (root's home, say, is closed to all others).
 * The same `folder` always gives the same stand-in, so that the next start finds its data.
 */
export function standIn(folder: string): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const path = join('/var/lib/jiansheng', name);
  mkdirSync(path, { recursive: true, mode: 0o755 });
  return path;
}

/** Copies a program's folder into the stand-in once; later calls find it there. */
export function copyOnce(from: string, to: string): string {
  if (!existsSync(join(to, '.complete'))) {
    cpSync(from, to, { recursive: true, dereference: false, verbatimSymlinks: true });
    cpSync('/dev/null', join(to, '.complete'));
  }
  return to;
}

export function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
