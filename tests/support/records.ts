import { mediaFile } from '../../config/media.ts';
import { contentOf } from '../../config/release-content.ts';
import { shippedRules } from '../../config/warning-rules.ts';
import type { Queryable } from '../../store/pool.ts';
import { makeSource } from './posts.ts';
import { suggest } from './warnings.ts';

/** Makes a record of an office and gives what stands for it in an address; `mark` is to be read on its page. */
type Maker = (owner: Queryable, officeId: number, mark: string, entry?: string) => Promise<string>;

let made = 0;

async function id(owner: Queryable, text: string, values: unknown[]): Promise<string> {
  const result = await owner.query<{ id: number | string }>(text, values);
  return String(result.rows[0]?.id);
}

async function post(owner: Queryable, officeId: number, mark: string): Promise<string> {
  made += 1;
  const source = await makeSource(owner as never, officeId, `${mark}-${made}`);
  return id(
    owner,
    `insert into posts (office_id, source_id, identity, kind, url, title, text, at, sentiment, sentiment_probability)
     values ($1, $2, decode(md5($3), 'hex'), 'post', 'http://x.example/' || $3, $4, $4, now(), 'neutral', 1) returning id`,
    [officeId, source.id, String(made), mark],
  );
}

function sourceOf(kind: string): Maker {
  return async (owner, officeId, mark) => {
    made += 1;
    return String((await makeSource(owner as never, officeId, `${mark}-${made}`, kind)).id);
  };
}

async function watch(owner: Queryable, officeId: number, mark: string): Promise<string> {
  made += 1;
  return id(
    owner,
    `insert into watches (office_id, name, subject_kind, subject, query) values ($1, $2, 'issue', '食堂', '食堂') returning id`,
    [officeId, `${mark}-${made}`],
  );
}

async function warning(owner: Queryable, officeId: number, mark: string): Promise<string> {
  return String(await suggest(owner, officeId, 'yellow', new Date(), { title: mark }));
}

async function warningRule(owner: Queryable, officeId: number, mark: string): Promise<string> {
  const [shipped] = shippedRules;
  return id(
    owner,
    `insert into warning_rules (office_id, name, level, rule) values ($1, $2, 'blue', $3) returning id`,
    [officeId, mark, shipped?.rule],
  );
}

async function concern(owner: Queryable, officeId: number, mark: string): Promise<string> {
  return id(
    owner,
    `insert into concerns (office_id, label, first_at, last_at, posts) values ($1, $2, now(), now(), 3) returning id`,
    [officeId, mark],
  );
}

async function release(owner: Queryable, officeId: number, mark: string): Promise<string> {
  return id(
    owner,
    `insert into releases (office_id, title, document, created_by)
     values ($1, $2, '{"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "正文"}]}]}', (select id from people order by id limit 1)) returning id`,
    [officeId, mark],
  );
}

/** A round of reviews of a release that holds the mark. */
async function reviewRound(owner: Queryable, officeId: number, mark: string): Promise<string> {
  const content = JSON.stringify(contentOf({ title: mark }));
  return id(
    owner,
    `insert into review_rounds (office_id, release_id, version, content, hash, flow, submitted_by, authors)
     select $1, $2, 1, $3, repeat('0', 64), 'three', id, array[id] from people order by id limit 1 returning id`,
    [officeId, await release(owner, officeId, mark), content],
  );
}

async function channelAccount(owner: Queryable, officeId: number, mark: string): Promise<string> {
  made += 1;
  return id(
    owner,
    `insert into channel_accounts (office_id, channel, name, external_id) values ($1, 'wechat', $2, $3) returning id`,
    [officeId, mark, `wx00000000${made}`],
  );
}

async function article(owner: Queryable, officeId: number, mark: string): Promise<string> {
  const releaseId = await release(owner, officeId, mark);
  const account = await id(
    owner,
    `insert into channel_accounts (office_id, channel, name, external_id) values ($1, 'website', '网站', $2) returning id`,
    [officeId, `of-${releaseId}`],
  );
  const delivery = await id(
    owner,
    `insert into deliveries (office_id, release_id, channel, account_id, due_at, state, content)
     values ($1, $2, 'website', $3, now(), 'published', '{}') returning id`,
    [officeId, releaseId, account],
  );
  const slug = `slug-${delivery}`;
  await owner.query(
    `insert into site_articles (office_id, delivery_id, slug, title, summary, html, published_at)
     values ($1, $2, $3, '公开', '', '<p>正文</p>', now())`,
    [officeId, delivery, slug],
  );
  return slug;
}

/** A file of an office, by its name in addresses. */
async function media(owner: Queryable, officeId: number, mark: string): Promise<string> {
  made += 1;
  const sha256 = String(made).padStart(64, '0');
  const mediaId = await id(
    owner,
    `insert into media (office_id, kind, name, mime, bytes, sha256, width, height, data)
     values ($1, 'image', $2, 'image/png', 1, $3, 1, 1, 'x') returning id`,
    [officeId, mark, sha256],
  );
  return mediaFile({ id: Number(mediaId), sha256, mime: 'image/png' });
}

/** The same, of an article that stands on the website. */
async function publicMedia(owner: Queryable, officeId: number, mark: string): Promise<string> {
  const [file, slug] = [await media(owner, officeId, mark), await article(owner, officeId, mark)];
  await owner.query('update site_articles set media_ids = array[$2::bigint] where slug = $1', [
    ...[slug, Number.parseInt(file, 10)],
  ]);
  return file;
}

async function objection(owner: Queryable, officeId: number, mark: string): Promise<string> {
  made += 1;
  const objectionId = await id(
    owner,
    `insert into objections (office_id, receipt, due_at, reason) values ($1, $2, now() + interval '5 days', $3) returning id`,
    [officeId, `0000-0000-0000-${String(made).padStart(4, '0')}`, mark],
  );
  await owner.query(
    `insert into objection_addresses (objection_id, place, office_id, address, address_hash, outcome)
     values ($1, 1, $2, 'http://x.example/', decode(md5($3), 'hex'), 'waiting')`,
    [objectionId, officeId, String(made)],
  );
  return objectionId;
}

async function person(owner: Queryable, officeId: number, mark: string): Promise<string> {
  made += 1;
  const personId = `person-${made}`;
  await owner.query(
    `insert into people (id, office_id, name, email) values ($1, $2, $3, $1 || '@example.com')`,
    [personId, officeId, mark],
  );
  return personId;
}

/** The other side is the highest office. Whoever answers is the receiver, everybody else the sender. */
async function handOver(
  owner: Queryable,
  officeId: number,
  mark: string,
  entry: string = 'load',
): Promise<string> {
  const other = Number(await id(owner, `select id from offices where level = 'supreme' limit 1`, []));
  const answering = ['action:accept', 'action:finish', 'action:return'].includes(entry);
  const [from, to] = answering ? [other, officeId] : [officeId, other];
  return share(owner, 'post', await post(owner, from, mark), from, to, mark);
}

/** Hands a record over for another office to read. @returns the id of the hand-over */
export async function share(
  owner: Queryable,
  kind: 'post' | 'release',
  record: string,
  from: number,
  to: number,
  note = '',
): Promise<string> {
  return id(
    owner,
    `insert into hand_overs (office_id, to_office_id, direction, subject_kind, subject_id, note, created_by)
     values ($1, $2, 'share', $3, $4, $5, (select id from people order by id limit 1)) returning id`,
    [from, to, kind, record, note],
  );
}

/**
 * For every route with a parameter, the kind of record that it is about: the first entry whose beginning fits. A route that
 * none fits fails the access test: say here what its parameter means.
 */
export const makers: readonly (readonly [route: string, make: Maker])[] = [
  ['/(public)/news/[slug]', article],
  ['/(public)/news/columns/[key]', () => Promise.resolve('news')],
  ['/(public)/sitemaps/[file]', () => Promise.resolve('pages.xml')],
  [
    '/(public)/objection/[receipt]',
    async (owner, officeId, mark) => {
      const objectionId = await objection(owner, officeId, mark);
      return id(owner, 'select receipt as id from objections where id = $1', [objectionId]);
    },
  ],
  ['/(desk)/posts/[id]', post],
  ['/(desk)/sources/[id]/upload', sourceOf('upload')],
  ['/(desk)/sources/[id]/tokens', sourceOf('push')],
  [
    '/(desk)/sources/[id]',
    async (owner, officeId, mark) => {
      made += 1;
      return String((await makeSource(owner as never, officeId, `${mark}-${made}`)).id);
    },
  ],
  // Who has no signature of the platform learns nothing of a source, whether it is there or not.
  ['/api/wechat/[source]', () => Promise.resolve('1')],
  ['/api/channels/wechat/[account]', () => Promise.resolve('1')],
  ['/(desk)/channels/[id]', channelAccount],
  ['/(desk)/watches/[id]', watch],
  ['/(desk)/concerns/[id]', concern],
  ['/(desk)/warnings/rules/[id]', warningRule],
  ['/(desk)/warnings/[id]', warning],
  ['/media/[file]', publicMedia],
  ['/(desk)/releases/media/[file]', media],
  ['/(desk)/releases/reviews/[round]', reviewRound],
  ['/(desk)/releases/[id]', release],
  ['/(desk)/objections/[id]', objection],
  ['/(desk)/hand-overs/[id]', handOver],
  ['/(desk)/manage/offices/[id]', async (_, officeId) => String(officeId)],
  ['/(desk)/manage/people/[id]', person],
  ['/(desk)/manage/sessions/[id]', person],
  // Whoever has a link needs no role; without one there is nothing to see.
  ['/invitation/[token]', () => Promise.resolve('no-such-link')],
  ['/api/feed/[token]', () => Promise.resolve('no-such-feed')],
];

export function makerOf(route: string): Maker | null {
  return makers.find(([start]) => route === start || route.startsWith(`${start}/`))?.[1] ?? null;
}
