import { createHash } from 'node:crypto';
import { contentOf, type ReleaseContent } from '../../config/release-content.ts';
import { accountInMemory } from '../../crawler/sources/account.ts';
import { openPlatformFetch } from '../../publisher/channels/http.ts';
import type { Media, OpenAccount, Outgoing, Progress, Tools } from '../../publisher/channels/contract.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import type { Store } from '../../store/pool.ts';

/** What an adapter is given, in memory: what it keeps can be looked at, and taken over by a next try as after a kill. */
export type TestTools = Tools & {
  kept: Record<string, unknown>;
  remembered: Map<string, unknown>;
  /** Calls that cannot be taken back, in their order. */
  begun: string[];
  /** Names at the platform that other deliveries have: `key=value`. */
  claimed: Set<string>;
  othersUnknown: boolean;
};

export function testTools(
  clock: () => number,
  { media = new Map<number, Media>(), used = 0 }: { media?: Map<number, Media>; used?: number } = {},
): TestTools {
  const account = accountInMemory(clock);
  const fetch = openPlatformFetch(['127.0.0.1']);
  const remembered = new Map<string, unknown>();
  const tools: TestTools = {
    kept: {},
    remembered,
    begun: [],
    claimed: new Set(),
    othersUnknown: false,
    now: () => new Date(clock()),
    fetch: (asked) => fetch({ timeoutMs: 500, ...asked }),
    token: (lend, rejected) => account.token(lend, rejected),
    spend: (path, most) => account.spend(path, most),
    usedUp: (path) => account.usedUp(path ?? ''),
    marks: (beginning = '') =>
      Promise.resolve(new Map([...remembered].filter(([name]) => name.startsWith(beginning)))),
    mark: (name, value) => Promise.resolve(void remembered.set(name, value)),
    media: (id) => Promise.resolve(media.get(id) ?? null),
    keep: (progress) => Promise.resolve(void Object.assign(tools.kept, progress)),
    beginIrreversible: (call) => Promise.resolve(void tools.begun.push(call)),
    together: () => Promise.reject(new Error('only the website does that')),
    store: {
      // The two questions of store/delivery-progress.ts, and the count of calls.
      query: (text: string, values: unknown[]) => {
        if (text.includes('account_calls')) return Promise.resolve({ rows: [{ calls: used }] });
        const isOthers = !text.includes('progress');
        const has = isOthers
          ? tools.othersUnknown
          : tools.claimed.has(`${String(values[2])}=${String(values[3])}`);
        return Promise.resolve({ rowCount: has ? 1 : 0, rows: [] });
      },
    } as unknown as Store,
  };
  return tools;
}

export function testAccount(
  channel: OpenAccount['channel'],
  more: Partial<OpenAccount> & Pick<OpenAccount, 'settings'>,
): OpenAccount {
  return {
    id: 1,
    officeId: 1,
    channel,
    externalId: '',
    name: '云州检察',
    secrets: {},
    dryRun: false,
    ...more,
  };
}

const TEXT = '云州市人民检察院定于本月举办检察开放日活动。\n欢迎社会各界人士报名参加。';
const SITE = 'http://www.yunzhou.example/news/20261122-7';

export function testDelivery(
  content: Partial<Omit<ReleaseContent, 'details'>> & { details?: unknown } = {},
  more: Partial<Outgoing> = {},
): Outgoing {
  const texts = {
    title: '云州市检察院举办检察开放日',
    summary: '欢迎报名参加。',
    document: documentOfText(TEXT),
  };
  return {
    ...{ id: 7, officeId: 1, releaseId: 3, version: 1, dueAt: new Date(), progress: {} as Progress },
    content: contentOf({ ...texts, ...content }),
    sitePath: '/news/20261122-7',
    siteAddress: SITE,
    ...{ address: null, publishedAt: null, corrects: null, correction: null },
    ...more,
  } as Outgoing;
}

/** A picture of a kind by its first bytes, so large. */
export function testPicture(mime: 'image/jpeg' | 'image/png' | 'image/webp', size = 1_000): Media {
  const heads = {
    'image/jpeg': 'ffd8ffe0',
    'image/png': '89504e47',
    'image/webp': '52494646000000005745425056',
  };
  const bytes = Buffer.concat([Buffer.from(heads[mime], 'hex'), Buffer.alloc(size)]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, mime, name: '合影', alt: '合影', sha256, width: 900, height: 600 };
}
