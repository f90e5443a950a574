import { describe, expect, test } from 'vitest';
import { runSteps, runStepsOnMany, steps } from '../../indexer/steps/index.ts';
import type { NewPost } from '../../store/posts.ts';
import type { Draft } from '../../store/drafts.ts';
import { context, draft, now } from './working.ts';

const post = (changes: Partial<Draft> = {}): NewPost => {
  const result = runSteps(draft(changes), context);
  if (!result) throw new Error('the draft became nothing');
  return result;
};

describe('the order of the steps', () => {
  const names = steps.map(([name]) => name);
  test('names each once', () => {
    expect(new Set(names).size).toBe(names.length);
  });
  test('redaction comes right after cleaning, before everything that is derived from the text', () => {
    expect(names.slice(0, 2)).toEqual(['clean', 'redact']);
  });
});

test('a draft becomes a post with everything that is stored of it', () => {
  const result = post({
    title: '云南：校园餐　检察建议',
    text: '家长反映食堂食材变质，\u200b十分失望。电话13800138000\n\n检察机关已介入调查并且发出检察建议督促整改。',
    counts: { likes: 3, comments: 0, shares: null },
    parentUrl: 'https://news.example.com/a/',
  });
  expect(result).toEqual({
    kind: 'article',
    url: 'https://news.example.com/a/1.html',
    parentUrl: 'https://news.example.com/a/',
    title: '云南：校园餐 检察建议',
    text: '家长反映食堂食材变质，十分失望。电话[手机号]\n检察机关已介入调查并且发出检察建议督促整改。',
    outlet: '云州日报',
    publishedAt: new Date(now - 3_600_000),
    dateProblem: null,
    identity: expect.any(Buffer),
    sketch: expect.any(Buffer),
    sentiment: 'neutral',
    sentimentProbability: expect.any(Number),
    redactions: { mobile: 1 },
    withheld: null,
    place: '530000',
    line: 'public-interest',
    voice: 'report',
    relevance: 'relevant',
    watches: [],
    likes: 3,
    comments: 0,
    shares: null,
    times: null,
  });
});

test('hidden characters do not hide a number from redaction', () => {
  for (const hidden of ['\u200b', '\u00ad', '\ue000', '\0', '\ud83d', '\u202e', '\u3000']) {
    expect(post({ text: `电话138${hidden}0013${hidden}8000` }).text).toBe('电话[手机号]');
  }
});

test('what is derived from the text does not see what was redacted', () => {
  const text = (number: string) => `请有关部门尽快回应群众反映的问题我的电话是${number}谢谢`;
  expect(post({ text: text('13800138000') }).sketch).toEqual(post({ text: text('13900139000') }).sketch);
});

test('the same draft always gives the same post', () => {
  expect(post({ text: '办事拖延，13800138000' })).toEqual(post({ text: '办事拖延，13800138000' }));
});

describe('many drafts at once', () => {
  test('become what each becomes by itself, in order', async () => {
    const drafts = Array.from({ length: 600 }, (_, at) =>
      draft({ title: `第${at}期`, text: at % 7 === 0 ? '' : `第${at}次反映食堂变质，13800138000` }),
    );
    const outcomes = await runStepsOnMany(drafts, context);
    expect(outcomes).toEqual(drafts.map((one) => ({ draft: one, post: runSteps(one, context) })));
  });

  test('do not suffer from one that breaks a step', async () => {
    const broken = { ...draft(), text: null } as unknown as Draft;
    const [before, wrong, after] = await runStepsOnMany([draft(), broken, draft()], context);
    expect(wrong).toEqual({ draft: broken, why: expect.any(TypeError) });
    expect(before).toEqual({ draft: draft(), post: post() });
    expect(after).toEqual(before);
  });

  test('let others have their turn between the steps', async () => {
    const order: string[] = [];
    const done = runStepsOnMany([draft(), draft()], context).then(() => order.push('steps'));
    setImmediate(() => order.push('another'));
    await done;
    expect(order).toEqual(['another', 'steps']);
  });
});

test('steps leave the draft as it was', () => {
  const given = draft({ title: ' 甲 ', text: ' 13800138000 ' });
  const before = structuredClone(given);
  runSteps(given, context);
  expect(given).toEqual(before);
});

describe('nothing readable becomes no post', () => {
  test.each(['', ' ', '\n\t\u3000', '\u200b\u200b', '\0', '\ue000', '\ud800'])('%j', (text) => {
    expect(runSteps(draft({ title: '标题', text }), context)).toBeNull();
  });
});

describe('an outlet is an institution with a short name', () => {
  test.each([
    ['云州日报', '云州日报'],
    [' 云州日报\0 ', '云州日报'],
    ['甲'.repeat(40), '甲'.repeat(40)],
    ['甲'.repeat(41), null],
    ['', null],
    ['  ', null],
    [null, null],
  ])('%j → %j', (outlet, expected) => {
    expect(post({ outlet }).outlet).toBe(expected);
  });
  test('with an unpaired surrogate it is still well-formed', () => {
    expect(post({ outlet: '云州\ud800日报' }).outlet?.isWellFormed()).toBe(true);
  });
});

test('addresses are storable whatever they hold', () => {
  const result = post({ url: 'https://a.example/\0\ud800', parentUrl: 'https://a.example/\0\udc00' });
  for (const address of [result.url, result.parentUrl]) {
    expect(address?.isWellFormed()).toBe(true);
    expect(address).not.toContain('\0');
  }
});

test('nothing about an author passes, wherever a draft may carry it', () => {
  const author = { author: '网友', authorId: '10001', avatar: 'https://a.example/1.png', ip: '云南' };
  const given = { ...draft(), ...author, counts: { ...draft().counts, ...author } } as Draft;
  const result = runSteps(given, context);
  expect(Object.keys(result ?? {}).sort()).toEqual(Object.keys(runSteps(draft(), context) ?? {}).sort());
  expect(Object.keys(result ?? {})).not.toContain('author');
  expect(JSON.stringify(result)).not.toMatch(/网友|10001|avatar|1\.png/);
});
