import { checkHub, type HubConfig } from '../config/hub.ts';
import { sampleSources } from '../sample/sources.ts';
import { siteKeys, type SiteKey } from '../sample/story/types.ts';
import type { SampleWorld } from './sample.ts';

/** The settings of the sample hub: a made-up city's office that listens to the sample sites on loopback. */
export function sampleConfig(world: SampleWorld): HubConfig {
  const addresses = {} as Record<SiteKey, string>;
  for (const key of siteKeys) addresses[key] = `http://127.0.0.1:${world.ports[key]}`;
  return checkHub(
    {
      office: { code: 'sample-530000', name: '云州市人民检察院', level: 'municipal' },
      offices: [
        { code: 'sample-530121', name: '青石县人民检察院', level: 'county' },
        { code: 'sample-530122', name: '白鹭县人民检察院', level: 'county' },
      ],
      web: { siteName: '云州检察' },
      data: 'data/sample',
      people: [
        {
          email: 'press@jiansheng.local',
          name: '宣传岗',
          roles: ['press-officer', 'responder', 'analyst', 'leader'],
        },
        // A signatory would need a second factor before anything could be tried.
        { email: 'first@jiansheng.local', name: '初审岗', roles: ['first-reviewer'] },
        { email: 'second@jiansheng.local', name: '复审岗', roles: ['second-reviewer'] },
        { email: 'final@jiansheng.local', name: '终审岗', roles: ['final-reviewer'] },
      ],
      crawler: { contact: 'sample', paceSeconds: 0, parallelVisits: 3, allowPrivateHosts: ['127.0.0.1'] },
      publisher: { allowPrivateHosts: ['127.0.0.1'] },
      sources: sampleSources(addresses),
    },
    'sample',
    true,
  );
}
