import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setEnv } from '../../config/env.ts';
import { shareRuntime } from '../../config/runtime.ts';
import { checkSentiment } from '../../hub/commands/doctor.ts';
import { tellSentimentHealth } from '../../hub/sentiment-health.ts';
import { ingest } from '../../indexer/ingest.ts';
import { Knowledge } from '../../indexer/knowledge.ts';
import { judgeElsewhere } from '../../indexer/sentiment/second-opinion.ts';
import { outsideService } from '../../store/outside-services.ts';
import { startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { draft, makeSource } from '../support/posts.ts';

let engines: TestEngines;
let works = true;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.statusCode = works ? 200 : 503;
    response.end(JSON.stringify({ labels: [{ negative: 1, neutral: 0, positive: 0 }] }));
  });
});
const lines: string[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
let end: () => Promise<void>;

beforeAll(async () => {
  engines = await startTestEngines();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const runtime = engines.runtime({ sentiment: { external: { url, timeoutSeconds: 5, batch: 64 } } });
  shareRuntime(runtime);
  end = tellSentimentHealth(runtime, log);
});
afterAll(async () => {
  await end?.();
  setEnv('JIANSHENG_RESOLVED', '');
  server.closeAllConnections();
  server.close();
  await engines?.stop();
});

async function judge(): Promise<string> {
  const post = {
    ...{ title: null, text: '甲乙丙丁', withheld: null },
    ...{ sentiment: 'neutral' as 'neutral' | 'negative' | 'positive', sentimentProbability: 0.5 },
  };
  await judgeElsewhere([post]);
  return post.sentiment;
}

async function doctor(): Promise<{ grade: string; text: string }> {
  const said: { grade: string; text: string }[] = [];
  await checkSentiment(engines.runtime().databaseUrl, (_, grade, text) => void said.push({ grade, text }));
  return said[0] as { grade: string; text: string };
}

test('a watch that asks for a feeling is asked for the one that the model elsewhere said', async () => {
  const source = await makeSource(engines.store, engines.officeId, 'second-opinion');
  const watch = { id: 7, officeId: engines.officeId, query: '检察院 sentiment:负面' };
  const none = { dictionary: null, classes: null, sentiment: null };
  const knowledge = new Knowledge('asked elsewhere', { ...none, watches: [watch] });
  const news = draft('second-opinion', { title: null, text: '云州检察院的办公地点搬到人民路了。' });
  await ingest(engines.store, source, [news], Date.now(), knowledge);
  const stored = await engines.store.query('select sentiment, watches from posts where source_id = $1', [
    source.id,
  ]);
  expect(stored.rows).toEqual([{ sentiment: 'negative', watches: [7] }]);
});

const told = () => outsideService(engines.store, 'sentiment');

test('a model elsewhere that does not answer is told of in the log, once, and by doctor, since when', async () => {
  expect((await doctor()).grade).toBe('ok');
  expect(await judge()).toBe('negative');
  await until('the answer to be written down', async () => (await told()) !== null);
  expect(await doctor()).toMatchObject({
    grade: 'ok',
    text: expect.stringContaining('最近一次应答') as string,
  });
  expect(lines).toEqual([]);

  works = false;
  for (let each = 0; each < 5; each += 1) expect(await judge()).toBe('neutral');
  await until('the fault to be written down', async () => (await told())?.failingSince !== null);
  expect(await told()).toMatchObject({ why: 'status-503', failingSince: expect.any(Date) as Date });
  expect(await doctor()).toMatchObject({
    grade: 'warn',
    text: expect.stringContaining('status-503') as string,
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('甲乙');
});
