import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sketchOf } from '../../../indexer/dedupe/sketch.ts';
import { fold } from '../../../indexer/text/fold.ts';
import { transaction, type Queryable, type Store } from '../../../store/pool.ts';
import { storedKeys } from '../../../store/sketches.ts';
import { Chain } from './chain.ts';
import { PHRASES } from './phrases.ts';

const PART = 100_000;
/** Of a long text the beginning is stored; its sketch is of the whole. */
const STORED = 60;

/** A post as people write it or, every fifth time, an article; every fourth ends as many others do. */
export function drawText(chain: Chain): string {
  const long = chain.draw() < 0.2;
  const text = chain.text(Math.floor(long ? 200 + 1_000 * chain.draw() ** 2 : 30 + 110 * chain.draw()));
  return chain.draw() < 0.25 ? `${text}${chain.pick(PHRASES)}` : text;
}

/** Puts so many posts into the database, as they would stand there, by COPY as its owner. */
export async function fillPosts(
  store: Store,
  source: { id: number; officeId: number },
  posts: number,
  chain: Chain,
  say: (line: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-copy-'));
  chmodSync(folder, 0o755);
  try {
    await transaction(store, async (client) => {
      // What COPY brings is as the steps leave it: references need not be checked one by one.
      await client.query(`set local session_replication_role = replica`);
      await client.query(`set local maintenance_work_mem = '512MB'`);
      const restore = await dropIndexes(client);
      for (let first = 1; first <= posts; first += PART) {
        const { rows, keys } = part(source, first, Math.min(posts, first + PART - 1), chain);
        await copy(client, folder, `posts (${COLUMNS})`, rows);
        await copy(client, folder, 'likenesses (office_id, key, post_id)', keys);
        say(`${Math.min(posts, first + PART - 1)} posts brought`);
      }
      for (const statement of restore) await client.query(statement);
      await client.query(`select setval(pg_get_serial_sequence('posts', 'id'), $1)`, [posts]);
    });
    await store.query('vacuum (analyze) posts, likenesses');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const COLUMNS =
  'id, office_id, source_id, identity, kind, url, text, at, sentiment, sentiment_probability, sketch';

function part(
  { id: sourceId, officeId }: { id: number; officeId: number },
  from: number,
  to: number,
  chain: Chain,
): { rows: string; keys: string } {
  const rows: string[] = [];
  const keys: string[] = [];
  for (let id = from; id <= to; id += 1) {
    const text = drawText(chain);
    const sketch = sketchOf(fold(text));
    const identity = id.toString(16).padStart(32, '0');
    const shown = text.slice(0, STORED).toWellFormed();
    const bytes = sketch ? `\\\\x${sketch.toString('hex')}` : '\\N';
    rows.push(
      `${id}\t${officeId}\t${sourceId}\t\\\\x${identity}\tpost\thttp://bench.example/${id}\t${shown}\t2026-11-01\tneutral\t0.9\t${bytes}\n`,
    );
    if (sketch) for (const key of storedKeys(sketch)) keys.push(`${officeId}\t${key}\t${id}\n`);
  }
  return { rows: rows.join(''), keys: keys.join('') };
}

async function copy(client: Queryable, folder: string, into: string, lines: string): Promise<void> {
  const file = join(folder, 'rows');
  writeFileSync(file, lines, { mode: 0o644 });
  await client.query(`copy ${into} from '${file}'`);
  rmSync(file);
}

/** An index is built faster than it grows. @returns the statements that make them again */
async function dropIndexes(client: Queryable): Promise<string[]> {
  const plain = await client.query<{ name: string; made: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made
     from pg_index i where i.indrelid = 'posts'::regclass and not i.indisunique`,
  );
  for (const { name } of plain.rows) await client.query(`drop index ${name}`);
  await client.query('alter table likenesses drop constraint likenesses_pkey');
  return [
    ...plain.rows.map(({ made }) => made),
    'alter table likenesses add primary key (office_id, key, post_id)',
  ];
}
