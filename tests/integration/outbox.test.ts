import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runOutbox } from '../../indexer/search/outbox-worker.ts';
import { outboxCounts } from '../../store/search-outbox.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { makeSource } from '../support/posts.ts';

let engines: TestEngines;
let source: { id: number; officeId: number };
let made = 0;
/** More than three pages. */
const POSTS = 6_500;

beforeAll(async () => {
  engines = await startTestEngines();
  source = await makeSource(engines.store, engines.officeId, 'outbox');
});
afterAll(async () => engines?.stop());
beforeEach(async () => {
  await engines.store.query('truncate search_outbox, posts cascade');
  await engines.search.client.deleteIndexIfExists('posts');
  made = 0;
});

async function make(posts: number): Promise<number[]> {
  const found = await engines.store.query<{ id: number }>(
    `with made as (
       insert into posts (office_id, source_id, identity, kind, url, text, at, sentiment, sentiment_probability)
       select $1, $2, decode(lpad(to_hex(n), 32, '0'), 'hex'), 'post', 'http://news.example/' || n, '第' || n || '条', now(),
         'neutral', 0.5 from generate_series($3::int, $4::int) n order by n returning id, office_id
     ), told as (insert into search_outbox (office_id, post_id) select office_id, id from made order by id)
     select id from made order by id`,
    [source.officeId, source.id, made + 1, (made += posts)],
  );
  return found.rows.map(({ id }) => id);
}

/** Runs the worker as long as `work` takes. */
async function whileRunning(search: TestEngines['search'], work: () => Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  const running = runOutbox(engines.store, search, silent, stop.signal);
  try {
    await work();
  } finally {
    stop.abort();
    await running;
  }
}

const drained = () =>
  until('the outbox to be empty', async () => (await outboxCounts(engines.store)).waiting === 0);
/** Before that, the worker would build the index from the database. */
const ready = () =>
  until('the index', () =>
    indexed().then(
      () => true,
      () => false,
    ),
  );
const indexed = async () => (await engines.search.posts.getStats()).numberOfDocuments;

/** How many rounds the engine was ever handed. */
const told = async () =>
  (await engines.search.client.tasks.getTasks({ types: ['documentAdditionOrUpdate'], limit: 1 })).total;

/** The engine as it is, but that it really refuses one post, and with it whatever is sent together with it. */
function refusing(id: number): TestEngines['search'] {
  const posts = new Proxy(engines.search.posts, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      const broken = (documents: { id: number }[]) =>
        documents.map(({ id: own, ...rest }) => (own === id ? rest : { id: own, ...rest }));
      if (name === 'addDocuments') {
        return (documents: { id: number }[]) => target.addDocuments(broken(documents) as never);
      }
      if (name === 'addDocumentsFromString') {
        return (lines: string) =>
          target.addDocuments(
            broken(lines.split('\n').map((line) => JSON.parse(line) as { id: number })) as never,
          );
      }
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...engines.search, posts };
}

test('what many pages tell is there once all have arrived, each post as it stands now', async () => {
  await whileRunning(engines.search, async () => {
    await ready();
    const ids = await make(POSTS);
    const changed = ids[10] as number;
    await engines.store.query(`update posts set text = '改过的' where id = $1`, [changed]);
    await engines.store.query('delete from posts where id = $1', [ids[20]]);
    await engines.store.query(
      'insert into search_outbox (office_id, post_id) select $1, id from unnest($2::bigint[]) as id',
      [source.officeId, [changed, ids[20]]],
    );
    await drained();
    expect(await indexed()).toBe(POSTS - 1);
    expect(await engines.search.posts.getDocument(changed)).toMatchObject({ text: '改过的' });
  });
});

test('one post that is refused in the middle of many pages is set aside, and no other is lost', async () => {
  await whileRunning(engines.search, ready);
  const refused = (await make(POSTS))[3_000] as number;
  await whileRunning(refusing(refused), drained);
  expect(await indexed()).toBe(POSTS - 1);
  const left = await engines.store.query('select post_id, refused is not null as refused from search_outbox');
  expect(left.rows).toEqual([{ post_id: refused, refused: true }]);
});

test('a worker that is stopped amid its round leaves nothing untold to the next one', async () => {
  await whileRunning(engines.search, ready);
  await make(POSTS);
  const before = await told();
  await whileRunning(engines.search, () => until('a round', async () => (await told()) > before));
  await whileRunning(engines.search, drained);
  expect(await indexed()).toBe(POSTS);
});

test('what comes in while the engine works is told of together', async () => {
  await whileRunning(engines.search, async () => {
    await ready();
    const before = await told();
    for (let batch = 0; batch < 12; batch += 1) await make(1_000);
    await drained();
    expect(await indexed()).toBe(12_000);
    expect((await told()) - before).toBeLessThan(12);
  });
});
