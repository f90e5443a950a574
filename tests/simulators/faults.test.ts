import { describe, expect, test } from 'vitest';
import { faultKinds, Troubles, type FaultKind } from './faults.ts';
import { LINK, talkToWechat, talkToWeibo } from './talk.ts';

/** Whether a call with this fault is carried out. */
const CARRIED_OUT: Record<FaultKind, boolean> = {
  refuse: true,
  reset: false,
  'drop-before': false,
  'drop-after': true,
  'busy-before': false,
  'busy-after': true,
  'gateway-before': false,
  'gateway-after': true,
  'hang-before': false,
  'hang-after': true,
  truncated: true,
  late: true,
  'executed-late': false,
};
/** What whoever called sees. */
const SEEN: Record<FaultKind, string> = {
  refuse: 'answer',
  reset: 'broken',
  'drop-before': 'broken',
  'drop-after': 'broken',
  'busy-before': 'busy',
  'busy-after': 'busy',
  'gateway-before': '502',
  'gateway-after': '502',
  'hang-before': 'silence',
  'hang-after': 'silence',
  truncated: 'no JSON',
  late: 'answer',
  'executed-late': 'broken',
};

async function seen(call: Promise<Response>): Promise<string> {
  try {
    const answer = await call;
    const text = await answer.text();
    if (answer.status === 502) return '502';
    try {
      const { errcode, error_code } = JSON.parse(text) as { errcode?: number; error_code?: number };
      return errcode === -1 || error_code === 10001 ? 'busy' : 'answer';
    } catch {
      return 'no JSON';
    }
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError' ? 'silence' : 'broken';
  }
}

describe.each(faultKinds)('a call that is to go wrong as "%s"', (kind) => {
  const PATH = '/cgi-bin/freepublish/submit';

  test('is carried out or not, whatever is answered', async () => {
    const { wechat, state, token, drafted } = await talkToWechat();
    const body = JSON.stringify({ media_id: await drafted() });
    wechat.faults.push({ path: PATH, kind, ms: 50 });
    const isSilent = SEEN[kind] === 'silence';
    if (isSilent) wechat.faults[0] = { path: PATH, kind };
    const signal = AbortSignal.timeout(isSilent ? 100 : 20_000);
    const url = `${wechat.origin}${PATH}?access_token=${token}`;
    expect(await seen(fetch(url, { method: 'POST', body, signal }))).toBe(SEEN[kind]);
    expect(state.jobs.length).toBe(CARRIED_OUT[kind] ? 1 : 0);
    expect(wechat.happened).toEqual({ [kind]: 1 });
  });

  test('at Weibo as well', async () => {
    const { weibo, state, token } = await talkToWeibo();
    weibo.faults.push({ kind, ...(SEEN[kind] !== 'silence' && { ms: 50 }) });
    const signal = AbortSignal.timeout(SEEN[kind] === 'silence' ? 100 : 20_000);
    const body = new URLSearchParams({ status: `通报 ${LINK}`, rip: '10.0.0.1', access_token: token });
    const url = `${weibo.origin}/2/statuses/share.json`;
    expect(await seen(fetch(url, { method: 'POST', body, signal }))).toBe(SEEN[kind]);
    expect(state.statuses.length).toBe(CARRIED_OUT[kind] ? 1 : 0);
  });
});

test('a call that was dropped can be carried out all the same, later', async () => {
  const { wechat, state, token, drafted } = await talkToWechat();
  wechat.faults.push({ kind: 'executed-late', path: '/cgi-bin/freepublish/submit', ms: 20 });
  const body = JSON.stringify({ media_id: await drafted() });
  const url = `${wechat.origin}/cgi-bin/freepublish/submit?access_token=${token}`;
  expect(await seen(fetch(url, { method: 'POST', body }))).toBe('broken');
  await expect.poll(() => state.jobs.length).toBe(1);
});

test('a platform that refuses connections takes nothing, and then is there again', async () => {
  const { weibo, ask } = await talkToWeibo();
  await weibo.refuse();
  const refused = await ask('/2/comments/to_me.json').catch((error: unknown) => error);
  expect((refused as { cause: { code: string } }).cause.code).toBe('ECONNREFUSED');
  expect(weibo.count('/2/comments/to_me.json')).toBe(0);
  await weibo.listen();
  expect((await ask('/2/comments/to_me.json')).status).toBe(200);
  await weibo.refuse(20);
  await expect
    .poll(async () => ask('/2/comments/to_me.json').catch(() => null))
    .toMatchObject({ status: 200 });
});

test('the same seed draws the same faults', () => {
  const draw = (seed: number) => {
    const troubles = new Troubles();
    troubles.plan = { seed, rates: { 'drop-after': 0.2, late: 0.1 } };
    return Array.from({ length: 1_000 }, () => {
      const trouble = troubles.atCall('/x');
      return trouble && 'kind' in trouble ? trouble.kind : null;
    });
  };
  const drawn = draw(7);
  expect(draw(7)).toEqual(drawn);
  expect(draw(8)).not.toEqual(drawn);
  const often = (kind: FaultKind) => drawn.filter((one) => one === kind).length;
  expect(often('drop-after')).toBeGreaterThan(150);
  expect(often('drop-after')).toBeLessThan(250);
  expect(often('late')).toBeGreaterThan(60);
  expect(often('late')).toBeLessThan(140);
});

test('a plan draws at the paths that it names, and what was ordered comes first', () => {
  const troubles = new Troubles();
  troubles.plan = { seed: 1, rates: { late: 1 }, paths: ['/a'], ms: { late: 7 } };
  troubles.ordered.push({ path: '/a', kind: 'reset', after: 1 });
  expect(troubles.atCall('/b')).toBeNull();
  expect(troubles.atCall('/a')).toEqual({ kind: 'late', ms: 7 });
  expect(troubles.atCall('/a')).toEqual({ kind: 'reset', ms: 0 });
  expect(troubles.atCall('/a')).toEqual({ kind: 'late', ms: 7 });
});

test('a plan whose rates are none is refused', () => {
  const troubles = new Troubles();
  expect(() => (troubles.plan = { seed: 1, rates: { late: 0.6, reset: 0.5 } })).toThrow(RangeError);
  expect(() => (troubles.plan = { seed: 1, rates: { late: NaN } })).toThrow(RangeError);
});

describe('a publisher that', () => {
  const SUBMIT = '/cgi-bin/freepublish/submit';
  const ARTICLES = 60;

  /** Publishes articles while calls go wrong at random. @param goesOn whether it makes a new draft after this error */
  async function publishAll(goesOn: (seenAs: string) => boolean) {
    const { wechat, state, token, drafted } = await talkToWechat();
    for (const path of Object.keys(state.daily)) delete state.daily[path];
    const rates = {
      'drop-before': 0.1,
      'drop-after': 0.1,
      'busy-before': 0.1,
      'busy-after': 0.1,
      truncated: 0.1,
    };
    wechat.plan = { seed: 20_261_122, rates, paths: [SUBMIT] };
    for (let n = 0; n < ARTICLES; n += 1) {
      for (let outcome = ''; outcome === '' || (outcome !== 'answer' && goesOn(outcome));) {
        const body = JSON.stringify({ media_id: await drafted({ title: `第${n}篇` }) });
        outcome = await seen(
          fetch(`${wechat.origin}${SUBMIT}?access_token=${token}`, { method: 'POST', body }),
        );
      }
    }
    state.now += state.publishingMs;
    const truth = wechat.truth();
    return { shown: truth.length, twice: truth.filter(({ times }) => times > 1).length };
  }

  test('sends again whenever it saw an error is found out: some articles stand there twice', async () => {
    const { shown, twice } = await publishAll(() => true);
    expect(shown).toBe(ARTICLES);
    expect(twice).toBeGreaterThan(5);
  });

  test('never sends again publishes nothing twice, and loses some', async () => {
    const { shown, twice } = await publishAll(() => false);
    expect(twice).toBe(0);
    expect(shown).toBeGreaterThan(ARTICLES / 2);
    expect(shown).toBeLessThan(ARTICLES);
  });
});
