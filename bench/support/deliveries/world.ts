import { randomBytes } from 'node:crypto';
import type { Cipher } from '../../../config/cipher.ts';
import { contentOf, type ReleaseContent } from '../../../config/release-content.ts';
import { documentOfText } from '../../../publisher/releases/plain.ts';
import { channelSecretContext } from '../../../store/channel-secrets.ts';
import type { Pool } from '../../../store/pool.ts';
import type { Platforms } from './platforms.ts';

/** An office with its accounts, as many as the quotas ask for. */
export type Office = {
  id: number;
  person: string;
  website: number;
  weibo: number[];
  wechat: number[];
  cover: number;
};

export type Quotas = {
  /** Weibo: calls of a user in a day, posts in an hour. */
  callsPerDay: number;
  postsPerHour: number;
  /** WeChat: of submitting, of asking for the state, of reading drafts and lists. */
  perPath: number;
};

/** What the platforms' pages say of a new account (../shared/channels.md, 2A.2 and 2B.5). */
export const usualQuotas: Quotas = { callsPerDay: 100, postsPerHour: 30, perPath: 100 };

/** The smallest picture: covers are uploaded once for each account. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
  'base64',
);

export async function makeOffices(
  owner: Pool,
  cipher: Cipher,
  platforms: Platforms,
  how: { offices: number; weibo: number; wechat: number; quotas: Quotas; publishingMs: number },
): Promise<Office[]> {
  const { quotas } = how;
  await platforms.post('weibo', 'state', { callsADay: quotas.callsPerDay, postsAnHour: quotas.postsPerHour });
  const made: Office[] = [];
  for (let n = 0; n < how.offices; n += 1) {
    const office = await one<{ id: number }>(
      owner,
      `insert into offices (code, name, level) values ($1, $2, 'county') returning id`,
      [`bench-${n}`, `云州市第${n}区人民检察院`],
    );
    const person = `bench-${n}`;
    await owner.query(
      `insert into people (id, office_id, name, email) values ($1, $2, $1, $1 || '@example.com')`,
      [person, office.id],
    );
    const account = async (
      channel: string,
      externalId: string,
      settings: object,
      secrets: Record<string, string>,
    ) => {
      const { id } = await one<{ id: number }>(
        owner,
        `insert into channel_accounts (office_id, channel, name, external_id, settings) values ($1, $2, $2, $3, $4) returning id`,
        [office.id, channel, externalId, JSON.stringify(settings)],
      );
      for (const [name, value] of Object.entries(secrets)) {
        await owner.query(
          'insert into channel_secrets (account_id, name, office_id, sealed) values ($1, $2, $3, $4)',
          [...[id, name, office.id, cipher.seal(value, channelSecretContext(`${id}/${name}`))]],
        );
      }
      return id;
    };
    const website = await account('website', '', {}, {});
    const weibo: number[] = [];
    for (let k = 0; k < how.weibo; k += 1) {
      const uid = String(2_000_000_000 + n * 100 + k);
      const { access_token } = await platforms.post<{ access_token: string }>('weibo', 'users', {
        id: uid,
        screen_name: uid,
      });
      const settings = {
        ...{ endpoint: platforms.weibo, pages: platforms.weibo, appKey: '1234567', boundDomain: '127.0.0.1' },
        ...{ callsPerDay: quotas.callsPerDay, postsPerHour: quotas.postsPerHour },
      };
      weibo.push(
        await account('weibo', uid, settings, { 'app-secret': 'bench', 'access-token': access_token }),
      );
    }
    const wechat: number[] = [];
    for (let k = 0; k < how.wechat; k += 1) {
      const appId = `wx${randomBytes(8).toString('hex')}`;
      const appSecret = randomBytes(16).toString('hex');
      const daily = {
        '/cgi-bin/freepublish/submit': quotas.perPath,
        '/cgi-bin/freepublish/get': quotas.perPath,
        '/cgi-bin/freepublish/batchget': quotas.perPath,
        ...(quotas.perPath > 500 && {
          '/cgi-bin/draft/get': quotas.perPath,
          '/cgi-bin/draft/add': quotas.perPath,
        }),
      };
      await platforms.post('wechat', 'accounts', { appId, appSecret, publishingMs: how.publishingMs, daily });
      const settings = {
        endpoint: platforms.wechat,
        quotas: {
          ...{ submit: quotas.perPath, status: quotas.perPath, list: quotas.perPath },
          ...(quotas.perPath > 500 && { draftGet: quotas.perPath, draftAdd: quotas.perPath, day: 1_000_000 }),
        },
      };
      wechat.push(await account('wechat', appId, settings, { 'app-secret': appSecret }));
    }
    const cover = await one<{ id: number }>(
      owner,
      `insert into media (office_id, kind, name, mime, bytes, sha256, width, height, data)
       values ($1, 'image', 'cover.png', 'image/png', $2, md5($3), 1, 1, $4) returning id`,
      [office.id, PNG.length, `cover-${n}`, PNG],
    );
    made.push({ id: office.id, person, website, weibo, wechat, cover: cover.id });
  }
  return made;
}

const TOPICS = [
  '公益诉讼',
  '未成年人保护',
  '检察开放日',
  '食品安全',
  '典型案例',
  '公开听证',
  '司法救助',
  '知识产权',
];

/** What a release is known by, on whatever platform it is shown. */
export const tokenOf = (text: string): string | null => /第\d+号/.exec(text)?.[0] ?? null;

function contentFor(n: number, cover: number): ReleaseContent {
  const title = `${TOPICS[n % TOPICS.length]}工作通报第${n}号`;
  const text = `近日，云州市某区人民检察院办结一批案件。\n有关情况通报如下，编号${n}。\n感谢社会各界的关注和监督。`;
  return contentOf({
    ...{ type: 'notice', title, summary: `编号${n}的通报摘要。`, document: documentOfText(text) },
    details: { coverId: cover, weibo: { on: true }, wechat: { on: true } },
  });
}

/**
 * Puts releases on the way over all three channels, each to one account of each channel in turn, as people would have done one
 * by one.
 * @param dueOf when the n-th is due
 */
export async function scheduleReleases(
  owner: Pool,
  offices: readonly Office[],
  count: number,
  dueOf: (n: number) => Date,
): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const office = offices[n % offices.length] as Office;
    const turn = Math.floor(n / offices.length);
    const content = contentFor(n, office.cover);
    const accounts = [
      ['website', office.website],
      ['weibo', office.weibo[turn % office.weibo.length]],
      ['wechat', office.wechat[turn % office.wechat.length]],
    ];
    await owner.query(
      `with r as (
         insert into releases (office_id, type, title, summary, document, details, state, created_by)
         values ($1, 'notice', $2, $3, $4, $5, 'scheduled', $6) returning id, version)
       insert into deliveries (office_id, release_id, version, channel, account_id, due_at, next_at, content)
       select $1, r.id, r.version, c, a, $9, case c when 'website' then $9::timestamptz
         when 'wechat' then $9::timestamptz - interval '10 minutes' else $9::timestamptz + interval '1 second' end, $10
       from r, unnest($7::text[], $8::int[]) as t (c, a)`,
      [
        ...[
          office.id,
          content.title,
          content.summary,
          JSON.stringify(content.document),
          JSON.stringify(content.details),
        ],
        ...[
          office.person,
          accounts.map(([channel]) => channel),
          accounts.map(([, id]) => id),
          dueOf(n),
          JSON.stringify(content),
        ],
      ],
    );
  }
}

async function one<R extends object>(owner: Pool, sql: string, values: unknown[]): Promise<R> {
  const found = await owner.query<R & Record<string, unknown>>(sql, values);
  return found.rows[0] as R;
}
