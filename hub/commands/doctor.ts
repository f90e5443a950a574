import { readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { readEnv } from '../../config/env.ts';
import { errorText, HubError } from '../../config/errors.ts';
import { readHubFile, type HubConfig } from '../../config/hub.ts';
import { shanghaiTime } from '../../config/shanghai.ts';
import { isProxyUnknown } from '../../config/sign-in.ts';
import { countStates } from '../../store/source-list.ts';
import { outsideService } from '../../store/outside-services.ts';
import type { Queryable } from '../../store/pool.ts';
import { standstills } from '../../store/standstills.ts';
import { outboxCounts } from '../../store/search-outbox.ts';
import { openLog } from '../../config/log.ts';
import { isBuilt, projectRoot } from '../build.ts';
import { findChromium } from '../engines/chromium.ts';
import { meilisearchProgram } from '../engines/meilisearch.ts';
import { postgresProgram } from '../engines/postgres.ts';
import { isWritable } from '../engines/unprivileged.ts';
import { messages } from '../messages.ts';
import { commonOptions } from '../options.ts';
import { Queues, queueNames } from '../queues.ts';
import { dataFolder } from '../start.ts';
import { withPool } from './engines.ts';
import { runningRuntime } from './reindex.ts';

type Grade = 'ok' | 'warn' | 'bad';
type Check = { name: string; grade: Grade; text: string };

const words = messages.doctor;
const LOW_BYTES = 2_000_000_000;

/** `jiansheng doctor`: checks settings, folder, engines, tables, queues and sources; exit code 1 when one is bad. */
export async function doctor(args: string[]): Promise<number> {
  const { config } = commonOptions(args);
  const checks: Check[] = [];
  const add = (name: string, grade: Grade, text: string) => void checks.push({ name, grade, text });
  const attempt = async (name: string, work: () => Promise<void> | void) => {
    try {
      await work();
    } catch (error) {
      add(name, 'bad', error instanceof HubError ? error.message : errorText(error));
    }
  };

  add(words.node, 'ok', words.version(process.version));
  let hub: HubConfig | null = null;
  await attempt(words.config, () => {
    if (config === null) return add(words.config, 'ok', words.sampleConfig);
    hub = readHubFile(config);
    add(words.config, 'ok', words.configOk(config));
    if (isProxyUnknown(hub)) add(words.config, 'warn', messages.proxyUnknown);
  });
  const folder = dataFolder(hub, readEnv());
  await attempt(words.data, () => {
    if (!isWritable(folder)) return add(words.data, 'bad', messages.folderNotWritable(folder));
    const disk = statfsSync(folder);
    const free = disk.bavail * disk.bsize;
    const text = `${(free / 1e9).toFixed(1)} GB`;
    add(
      words.data,
      free < LOW_BYTES ? 'warn' : 'ok',
      free < LOW_BYTES ? words.lowSpace(text) : words.writable(folder, text),
    );
  });
  add(words.build, isBuilt() ? 'ok' : 'warn', isBuilt() ? words.built : words.stale);
  const chromium = findChromium();
  add(words.chromium, chromium ? 'ok' : 'warn', chromium ?? words.noChromium);

  const runtime = checks.some((check) => check.name === words.config && check.grade === 'bad')
    ? null
    : runningRuntime(config);
  if (runtime) {
    add(words.running, 'ok', words.runningAt(runtime.address));
    await attempt(words.postgres, () => checkDatabase(runtime.databaseUrl, runtime.officeId, add));
    await attempt(words.meilisearch, () => checkSearch(runtime.meiliUrl, runtime.meiliKey, add));
    if (runtime.hub.sentiment.external)
      await attempt(words.sentiment, () => checkSentiment(runtime.databaseUrl, add));
    await attempt(words.queues, async () => {
      const queues = new Queues(runtime, openLog('doctor'));
      try {
        for (const name of queueNames) {
          const { waiting, failed } = await queues.counts(name);
          add(words.queues, failed > 0 ? 'warn' : 'ok', words.queueCounts(name, waiting, failed));
        }
      } finally {
        await queues.close();
      }
    });
  } else {
    const env = readEnv();
    add(words.running, 'ok', words.notRunning);
    if (env.DATABASE_URL)
      await attempt(words.postgres, () => checkDatabase(env.DATABASE_URL ?? '', null, add));
    else
      await attempt(words.postgres, async () =>
        add(words.postgres, 'ok', words.willStart(await postgresProgram())),
      );
    if (env.MEILI_URL)
      await attempt(words.meilisearch, () => checkSearch(env.MEILI_URL ?? '', env.MEILI_KEY ?? '', add));
    else
      await attempt(words.meilisearch, async () =>
        add(words.meilisearch, 'ok', words.willStart(await meilisearchProgram())),
      );
  }
  return report(checks);
}

type Add = (name: string, grade: Grade, text: string) => void;

async function checkDatabase(url: string, officeId: number | null, add: Add): Promise<void> {
  const options = '-c jiansheng.every=on';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, options });
  await client.connect();
  try {
    const version = await client.query<{ server_version: string }>('show server_version');
    add(words.postgres, 'ok', words.version(version.rows[0]?.server_version ?? ''));
    const total = readdirSync(join(projectRoot, 'store', 'migrations')).length;
    const ledger = await client.query<{ done: number }>(
      `select case when to_regclass('schema_migrations') is null then 0
         else (select count(*)::int from schema_migrations) end as done`,
    );
    const done = ledger.rows[0]?.done ?? 0;
    add(
      words.schema,
      done < total ? 'warn' : 'ok',
      done < total ? words.schemaBehind(total - done) : words.schemaAt(done),
    );
    if (officeId === null || done < total) return;
    const outbox = await outboxCounts(client);
    add(words.schema, outbox.refused > 0 ? 'warn' : 'ok', words.outbox(outbox.waiting));
    const { healthy, unknown, off: _, ...troubles } = await countStates(client, [officeId]);
    const bad = Object.values(troubles).reduce((sum, n) => sum + n, 0);
    add(words.sources, bad > 0 ? 'warn' : 'ok', words.sourceStates(healthy, bad, unknown));
    await checkJudging(client, add);
  } finally {
    await client.end();
  }
}

/** Whether every office is judged by its rules, and grouped: where not, its board shows no warning that means anything. */
export async function checkJudging(db: Queryable, add: Add, now = new Date()): Promise<void> {
  const found = await standstills(db, null, now);
  if (found.length === 0) add(words.judging, 'ok', words.judged);
  for (const { officeName, judging, failure, grouping } of found) {
    if (judging) add(words.judging, 'bad', words.unjudged(officeName, shanghaiTime(judging), failure));
    if (grouping) add(words.judging, 'bad', words.ungrouped(officeName, shanghaiTime(grouping)));
  }
}

async function checkSearch(url: string, key: string, add: Add): Promise<void> {
  const answer = await fetch(new URL('/version', url), {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(5_000),
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const { pkgVersion } = (await answer.json()) as { pkgVersion: string };
  add(words.meilisearch, 'ok', words.version(pkgVersion));
}

/** Of the model elsewhere, as the roles have found it. */
export async function checkSentiment(url: string, add: Add): Promise<void> {
  const found = await withPool(url, 'doctor', (pool) => outsideService(pool, 'sentiment'));
  if (found === null) return add(words.sentiment, 'ok', words.sentimentUnasked);
  const { failingSince, why, toldAt } = found;
  if (failingSince === null) return add(words.sentiment, 'ok', words.sentimentAnswers(shanghaiTime(toldAt)));
  add(words.sentiment, 'warn', words.sentimentFails(shanghaiTime(failingSince), why ?? ''));
}

function report(checks: Check[]): number {
  const marks: Record<Grade, string> = { ok: '✔', warn: '▲', bad: '✖' };
  for (const { name, grade, text } of checks)
    console.log(`${marks[grade]} ${words[grade]}  ${name}：${text}`);
  const bad = checks.filter((check) => check.grade === 'bad').length;
  console.log(`\n${bad === 0 ? words.allGood : words.someBad(bad)}`);
  return bad === 0 ? 0 : 1;
}
