import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.ts';
import { answerWithFault, type FaultPlan } from './faults.ts';
import { createSite } from './sites/index.ts';
import { siteKeys, type SiteKey, type World } from './story/types.ts';

export type { Fault, FaultPlan } from './faults.ts';
export { createWorld } from './story/world.ts';
export type { Item, SiteKey, World, WorldOptions } from './story/types.ts';

export interface SampleSitesOptions {
  world: World;
  /** Unix milliseconds; what lies after it has not appeared yet. */
  clock?: () => number;
  host?: string;
  /** Undefined or 0 takes a free port. */
  ports?: Partial<Record<SiteKey, number>>;
  /** For tests: how a site misbehaves, per path. */
  faults?: Partial<Record<SiteKey, FaultPlan>>;
}

export interface SampleSites {
  /** `http://127.0.0.1:<port>` per site, without a slash at the end. */
  addresses: Record<SiteKey, string>;
  ports: Record<SiteKey, number>;
  close(): Promise<void>;
}

/**
 * Serves every sample site on its own port. Rejects with the original error when a port is taken, leaving none open.
 * In a process of its own it needs about 85 MB with `--max-semi-space-size=1` and a compile cache, 105 MB without.
 */
export async function startSampleSites(options: SampleSitesOptions): Promise<SampleSites> {
  const { world, clock = Date.now, host = '127.0.0.1', ports = {}, faults = {} } = options;
  const servers: Server[] = [];
  const addresses: Partial<Record<SiteKey, string>> = {};
  const taken: Partial<Record<SiteKey, number>> = {};
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(shut));
  };
  try {
    for (const key of siteKeys) {
      const server = createServer();
      server.listen(ports[key] ?? 0, host);
      await once(server, 'listening');
      servers.push(server);
      const { port } = server.address() as AddressInfo;
      const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
      const site = createSite[key]({ world, clock, origin });
      server.on('request', (request, response) => {
        const fault = faults[key]?.(request.url ?? '/') ?? null;
        if (fault) answerWithFault(fault, request, response);
        else answer(site, request, response);
      });
      addresses[key] = origin;
      taken[key] = port;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { addresses: addresses as Record<SiteKey, string>, ports: taken as Record<SiteKey, number>, close };
}

async function shut(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
