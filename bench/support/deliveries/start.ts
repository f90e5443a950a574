import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHub } from '../../../config/hub.ts';
import { drawKey } from '../../../config/keys.ts';
import type { Runtime } from '../../../config/runtime.ts';
import { Chance } from '../../../tests/support/chance.ts';
import { ensureOffice } from '../../../store/offices.ts';
import { startBenchEngines, type BenchEngines } from '../engines.ts';
import { startPlatforms, type Platforms } from './platforms.ts';
import { startPublisher, type Publisher } from './publisher.ts';

/** Engines, both platforms, and publishers to be started and killed. */
export type DeliveryBench = {
  engines: BenchEngines;
  platforms: Platforms;
  runtime: Runtime;
  publisher(quick: boolean): Promise<Publisher>;
  chance: { next(): number };
  stop(): Promise<void>;
};

export async function startDeliveryBench(seed: number): Promise<DeliveryBench> {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-deliveries-'));
  const [engines, platforms] = await Promise.all([startBenchEngines(), startPlatforms()]);
  const hub = checkHub(
    {
      office: { code: 'bench', name: '云州市人民检察院', level: 'municipal' },
      crawler: { contact: 'bench' },
      publisher: { allowPrivateHosts: ['127.0.0.1'] },
    },
    'bench',
    false,
  );
  const { id: officeId } = await ensureOffice(engines.owner, hub.office);
  const runtime: Runtime = {
    ...{ hub, officeId, dataFolder: folder, address: 'http://127.0.0.1:8080', databaseUrl: engines.appUrl },
    ...{
      identityUrl: '',
      meiliUrl: engines.meiliUrl,
      meiliKey: '',
      searchKey: engines.searchKey,
      redisUrl: null,
    },
    ...{ secret: 'a-secret-for-benchmarks-of-at-least-32-characters', keys: [drawKey()] },
  };
  const publishers: Publisher[] = [];
  return {
    ...{ engines, platforms, runtime, chance: new Chance(seed) },
    async publisher(quick) {
      const started = await startPublisher(runtime, quick);
      publishers.push(started);
      return started;
    },
    async stop() {
      for (const publisher of publishers) await publisher.kill();
      await platforms.stop();
      await engines.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
