import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefused } from '../config/errors.ts';
import { siteKeys, type SiteKey } from '../sample/story/types.ts';
import { freePort, portIsFree } from './engines/processes.ts';
import { messages } from './messages.ts';

/** What makes the sample story the same at every start: kept in the data folder. */
export type SampleWorld = {
  seed: number;
  anchor: number;
  ports: Record<SiteKey, number>;
  /** Where the simulated platforms listen. */
  platforms: PlatformPorts;
  /** The sample office's account at the simulated WeChat, which is told what became of a publication; null: it has none. */
  wechatAccount: number | null;
};
export type PlatformPorts = { wechat: number; weibo: number };

const SEED = 20_261_122;

/** Where the sample sites listen when the ports are free; a post's address holds its port, so that it must not change. */
const FIRST_PORT = 4710;

const FIRST_PLATFORM_PORT = 4720;

/** The story of this data folder, begun now if it has none yet. */
export async function sampleWorld(folder: string): Promise<SampleWorld> {
  const file = join(folder, 'sample.json');
  if (existsSync(file)) {
    const begun = JSON.parse(readFileSync(file, 'utf8')) as Partial<SampleWorld>;
    // A story that was begun before there were platforms gets them now.
    const platforms = begun.platforms ?? (await platformPorts());
    const world = { wechatAccount: null, ...begun, platforms } as SampleWorld;
    if (!begun.platforms) keep(folder, world);
    for (const port of [...Object.values(world.ports), ...Object.values(platforms)]) {
      if (!(await portIsFree(port, '127.0.0.1'))) {
        throw new StartRefused('sample-port-taken', messages.samplePortTaken(port));
      }
    }
    return world;
  }
  const ports = {} as Record<SiteKey, number>;
  for (const [place, key] of siteKeys.entries()) {
    ports[key] = await wishedPort(FIRST_PORT + place);
  }
  const platforms = await platformPorts();
  const world: SampleWorld = { seed: SEED, anchor: Date.now(), ports, platforms, wechatAccount: null };
  keep(folder, world);
  return world;
}

/** Notes which account it is that the simulated WeChat tells. */
export function noteWechatAccount(folder: string, world: SampleWorld, wechatAccount: number | null): void {
  if (world.wechatAccount !== wechatAccount) keep(folder, { ...world, wechatAccount });
}

async function platformPorts(): Promise<PlatformPorts> {
  return { wechat: await wishedPort(FIRST_PLATFORM_PORT), weibo: await wishedPort(FIRST_PLATFORM_PORT + 1) };
}

async function wishedPort(wished: number): Promise<number> {
  return (await portIsFree(wished, '127.0.0.1')) ? wished : freePort();
}

function keep(folder: string, world: SampleWorld): void {
  writeFileSync(join(folder, 'sample.json'), JSON.stringify(world));
}
