import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefused } from '../config/errors.ts';
import { siteKeys, type SiteKey } from '../sample/story/types.ts';
import { freePort, portIsFree } from './engines/processes.ts';
import { messages } from './messages.ts';

/** What makes the sample story the same at every start: kept in the data folder. */
export type SampleWorld = { seed: number; anchor: number; ports: Record<SiteKey, number> };

const SEED = 20_261_122;

/** Where the sample sites listen when the ports are free; a post's address holds its port, so that it must not change. */
const FIRST_PORT = 4710;

/** The story of this data folder, begun now if it has none yet. */
export async function sampleWorld(folder: string): Promise<SampleWorld> {
  const file = join(folder, 'sample.json');
  if (existsSync(file)) {
    const world = JSON.parse(readFileSync(file, 'utf8')) as SampleWorld;
    for (const port of Object.values(world.ports)) {
      if (!(await portIsFree(port, '127.0.0.1'))) {
        throw new StartRefused('sample-port-taken', messages.samplePortTaken(port));
      }
    }
    return world;
  }
  const ports = {} as Record<SiteKey, number>;
  for (const [place, key] of siteKeys.entries()) {
    const wished = FIRST_PORT + place;
    ports[key] = (await portIsFree(wished, '127.0.0.1')) ? wished : await freePort();
  }
  const world = { seed: SEED, anchor: Date.now(), ports };
  writeFileSync(file, JSON.stringify(world));
  return world;
}
