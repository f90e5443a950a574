import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ExternalSentiment, type ExternalOptions } from '../../../indexer/sentiment/external.ts';
import { judgeElsewhere } from '../../../indexer/sentiment/second-opinion.ts';

type Asked = { texts: string[]; authorization: string | undefined };
type Answer = (asked: Asked, response: ServerResponse) => unknown;

const says = (negative: number, neutral: number, positive: number) => ({ negative, neutral, positive });
const right: Answer = ({ texts }) => ({ labels: texts.map(() => says(7, 2, 1)) });

/** A model behind HTTP on this machine; what it returns is sent as JSON, unless it has answered by itself. */
async function model(answer: Answer): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { texts } = JSON.parse(body) as { texts: string[] };
      asked.push({ texts, authorization: request.headers.authorization });
      const value = answer(asked.at(-1) as Asked, response);
      if (value !== undefined) response.end(JSON.stringify(value));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

const external = (url: string, changes: Partial<ExternalOptions> = {}, now?: () => number) =>
  new ExternalSentiment({ url, timeoutSeconds: 5, batch: 64, secret: null, ...changes }, now);

test('labels come back in order, as shares of one', async () => {
  const { url } = await model(({ texts }) => ({
    labels: texts.map((text) => (text === '好' ? says(0, 1, 3) : says(8, 1, 1))),
  }));
  expect(await external(url).judge(['好', '坏'])).toEqual([says(0, 0.25, 0.75), says(0.8, 0.1, 0.1)]);
});

test('many texts go in several questions, and long ones are cut', async () => {
  const { url, asked } = await model(right);
  const found = await external(url, { batch: 3 }).judge(Array.from({ length: 8 }, () => '字'.repeat(5_000)));
  expect(found).toHaveLength(8);
  expect(asked.map(({ texts }) => texts.length).sort()).toEqual([2, 3, 3]);
  expect(asked[0]?.texts[0]).toHaveLength(2_000);
});

test('no more than two questions are under way at a time', async () => {
  let open = 0;
  let most = 0;
  const { url } = await model(({ texts }, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end(JSON.stringify({ labels: texts.map(() => says(1, 0, 0)) }));
    }, 20);
  });
  const asking = external(url, { batch: 1 });
  const found = await Promise.all([asking.judge(['一', '二', '三']), asking.judge(['四', '五', '六'])]);
  expect(found.flat()).toEqual(Array.from({ length: 6 }, () => says(1, 0, 0)));
  expect(most).toBe(2);
});

test('the secret is sent where there is one', async () => {
  const { url, asked } = await model(right);
  await external(url, { secret: 'open-sesame' }).judge(['一']);
  await external(url).judge(['二']);
  expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer open-sesame', undefined]);
});

describe('nothing is taken from an answer that is not right', () => {
  const answers: [string, Answer][] = [
    ['an error', (_, response) => ((response.statusCode = 500), { error: 'out of memory' })],
    [
      'a way to another address',
      (_, response) => (response.writeHead(307, { location: 'http://127.0.0.1:9/' }), {}),
    ],
    ['another shape', () => [1, 2, 3]],
    ['no JSON', (_, response) => void response.end('<html></html>')],
    ['too few labels', () => ({ labels: [says(1, 0, 0)] })],
    ['too many labels', () => ({ labels: [says(1, 0, 0), says(1, 0, 0), says(1, 0, 0)] })],
    ['shares below nought', () => ({ labels: [says(-1, 1, 1), says(1, 0, 0)] })],
    ['words instead of shares', () => ({ labels: ['negative', 'positive'] })],
    ['far too much', (_, response) => void response.end(`{"labels":[${' '.repeat(200_000)}]}`)],
    ['half an answer', (_, response) => void response.write('{"labels":', () => response.destroy())],
  ];
  test.each(answers)('%s', async (_, answer) => {
    const { url, asked } = await model(answer);
    expect(await external(url).judge(['一', '二'])).toEqual([null, null]);
    expect(asked).toHaveLength(1);
  });

  test('of a label that says nothing, that one', async () => {
    const { url } = await model(() => ({ labels: [says(0, 0, 0), says(0, 1, 0)] }));
    expect(await external(url).judge(['一', '二'])).toEqual([null, says(0, 1, 0)]);
  });

  test('an answer that does not come', async () => {
    const { url } = await model(() => undefined);
    expect(await external(url, { timeoutSeconds: 0.1 }).judge(['一'])).toEqual([null]);
  });

  test('nobody there', async () => {
    expect(await external('http://127.0.0.1:1/').judge(['一'])).toEqual([null]);
  });
});

describe('after three failures in a row', () => {
  test('nobody is asked for a minute, then one question decides', async () => {
    let works = false;
    let now = 0;
    const { url, asked } = await model((question, response) =>
      works ? right(question, response) : ((response.statusCode = 503), {}),
    );
    const asking = external(url, {}, () => now);
    for (let each = 0; each < 5; each += 1) await asking.judge(['一']);
    expect(asked).toHaveLength(3);
    now = 60_000;
    expect(await asking.judge(['一'])).toEqual([null]);
    expect(asked).toHaveLength(4);
    works = true;
    now = 119_999;
    expect(await asking.judge(['一'])).toEqual([null]);
    now = 120_000;
    expect(await asking.judge(['一'])).toEqual([says(0.7, 0.2, 0.1)]);
    await asking.judge(['一']);
    expect(asked).toHaveLength(6);
  });

  test('that is told once for each rest, and when it answers again', async () => {
    let works = true;
    let now = 0;
    const heard: (string | null)[] = [];
    const { url } = await model((question, response) =>
      works ? right(question, response) : ((response.statusCode = 503), {}),
    );
    const options = { url, timeoutSeconds: 5, batch: 1, secret: null };
    const asking = new ExternalSentiment(
      options,
      () => now,
      (why) => heard.push(why),
    );
    await asking.judge(['一', '二', '三']);
    expect(heard).toEqual([null]);
    works = false;
    for (let each = 0; each < 4; each += 1) await asking.judge(['一', '二', '三']);
    expect(heard).toEqual([null, 'status-503']);
    now = 60_000;
    await asking.judge(['一', '二', '三']);
    expect(heard).toEqual([null, 'status-503', 'status-503']);
    works = true;
    now = 120_000;
    await asking.judge(['一']);
    now = 120_000 + 299_999;
    await asking.judge(['一']);
    expect(heard).toEqual([null, 'status-503', 'status-503', null]);
    now += 1;
    await asking.judge(['一']);
    expect(heard.slice(4)).toEqual([null]);
  });

  test.each<[string, Answer | null, number]>([
    ['wrong-answer', (_, response) => void response.end('<p>甲乙丙</p>'), 5],
    ['wrong-answer', () => ({ labels: [] }), 5],
    ['no-answer-in-time', () => undefined, 0.1],
    ['not-reachable', null, 5],
  ])(
    'what was wrong is told by a code, %s, and nothing of the texts',
    async (code, answer, timeoutSeconds) => {
      const heard: (string | null)[] = [];
      const url = answer === null ? 'http://127.0.0.1:1/' : (await model(answer)).url;
      const options = { url, timeoutSeconds, batch: 64, secret: null };
      const asking = new ExternalSentiment(
        options,
        () => 0,
        (why) => heard.push(why),
      );
      for (let each = 0; each < 3; each += 1) await asking.judge(['一']);
      expect(heard).toEqual([code]);
    },
  );

  test('but not after failures with a success between them', async () => {
    let count = 0;
    const { url, asked } = await model((question, response) =>
      (count += 1) % 3 === 0 ? right(question, response) : ((response.statusCode = 500), {}),
    );
    const asking = external(url, {}, () => 0);
    for (let each = 0; each < 9; each += 1) await asking.judge(['一']);
    expect(asked).toHaveLength(9);
  });
});

describe('posts', () => {
  const post = (text: string, withheld: string | null = null, title: string | null = null) => ({
    ...{ title, text, withheld },
    ...{ sentiment: 'neutral' as 'neutral' | 'negative' | 'positive', sentimentProbability: 0.4 },
  });

  test('take what is said elsewhere; what is only counted does not leave', async () => {
    const { url, asked } = await model(right);
    const posts = [post('一', null, '题'), post('二', 'minor'), post('三')];
    await judgeElsewhere(posts, external(url));
    expect(asked.map(({ texts }) => texts)).toEqual([['题\n一', '三']]);
    expect(posts.map(({ sentiment }) => sentiment)).toEqual(['negative', 'neutral', 'negative']);
    expect(posts[0]?.sentimentProbability).toBeCloseTo(0.7);
  });

  test('keep what the shipped model said where there is no answer', async () => {
    const { url } = await model((_, response) => ((response.statusCode = 500), {}));
    const posts = [post('一')];
    await judgeElsewhere(posts, external(url));
    expect(posts).toEqual([post('一')]);
  });

  test('are nobody else’s business when no model is named', async () => {
    const posts = [post('一')];
    await judgeElsewhere(posts, null);
    expect(posts).toEqual([post('一')]);
  });
});
