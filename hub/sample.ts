import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
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

/** Ports of loopback that nobody else can choose until they are let go: of two hubs that begin at once, each has its own. */
export class HeldPorts {
  readonly #servers: Server[] = [];

  /** @returns false when somebody listens there, or holds it */
  take(port: number): Promise<boolean> {
    const server = createServer();
    return new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => {
        this.#servers.push(server);
        resolve(true);
      });
    });
  }

  /** Right before whoever is to listen there begins. */
  async letGo(): Promise<void> {
    const servers = this.#servers.splice(0);
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }
}

type Take = (port: number) => Promise<boolean>;

/**
 * The story of this data folder, begun now if it has none yet.
 * @param take whether a port can be had; what holds it holds every port of the story
 */
export async function sampleWorld(
  folder: string,
  take: Take = (port) => portIsFree(port, '127.0.0.1'),
): Promise<SampleWorld> {
  const file = join(folder, 'sample.json');
  if (existsSync(file)) {
    const begun = JSON.parse(readFileSync(file, 'utf8')) as Partial<SampleWorld>;
    // A story that was begun before there were platforms gets them now.
    const platforms = begun.platforms ?? (await platformPorts(portFree));
    const world = { wechatAccount: null, ...begun, platforms } as SampleWorld;
    if (!begun.platforms) keep(folder, world);
    for (const port of [...Object.values(world.ports), ...Object.values(platforms)]) {
      if (!(await take(port))) {
        throw new StartRefused('sample-port-taken', messages.samplePortTaken(port));
      }
    }
    return world;
  }
  const ports = {} as Record<SiteKey, number>;
  for (const [place, key] of siteKeys.entries()) {
    ports[key] = await wishedPort(FIRST_PORT + place, take);
  }
  const platforms = await platformPorts(take);
  const world: SampleWorld = { seed: SEED, anchor: Date.now(), ports, platforms, wechatAccount: null };
  keep(folder, world);
  return world;
}

/** Notes which account it is that the simulated WeChat tells. */
export function noteWechatAccount(folder: string, world: SampleWorld, wechatAccount: number | null): void {
  if (world.wechatAccount !== wechatAccount) keep(folder, { ...world, wechatAccount });
}

async function platformPorts(take: Take): Promise<PlatformPorts> {
  const [wechat, weibo] = [FIRST_PLATFORM_PORT, FIRST_PLATFORM_PORT + 1];
  return { wechat: await wishedPort(wechat, take), weibo: await wishedPort(weibo, take) };
}

const portFree: Take = (port) => portIsFree(port, '127.0.0.1');

async function wishedPort(wished: number, take: Take): Promise<number> {
  if (await take(wished)) return wished;
  let port = await freePort();
  while (!(await take(port))) port = await freePort();
  return port;
}

function keep(folder: string, world: SampleWorld): void {
  writeFileSync(join(folder, 'sample.json'), JSON.stringify(world));
}
