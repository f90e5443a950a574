import { startSampleSites, createWorld } from '../../sample/server.ts';
import { sampleWorld } from '../sample.ts';
import type { Role } from './contract.ts';

/** Serves the sample sites on loopback. */
export const sample: Role = async (runtime) => {
  const world = await sampleWorld(runtime.dataFolder);
  const sites = await startSampleSites({ world: createWorld(world), ports: world.ports });
  return () => sites.close();
};
