import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { StartRefused } from '../../config/errors.ts';
import { checkHub, readHubFile } from '../../config/hub.ts';
import { apiSource, crawler, feedSource, office, siteSource } from './settings.ts';

const example = join(import.meta.dirname, '../../config/hub.example.yaml');

const check = (value: unknown) => checkHub(value, 'hub.yaml', false);

/** The message with which the settings are refused. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(StartRefused);
    return (error as StartRefused).message;
  }
  throw new Error('the settings were accepted');
}

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'hub.yaml');
  writeFileSync(file, text);
  return file;
}

test('the example is right as it stands', () => {
  const hub = readHubFile(example);
  expect(hub.office.name).toBe('云州市人民检察院');
  expect(hub.sources.map((source) => source.kind)).toEqual(expect.arrayContaining(['feed', 'site', 'api']));
  expect(hub.sample).toBe(false);
});

const county = { code: 'a1', name: '青石县人民检察院', level: 'county' };

describe('what is left out gets its stated default', () => {
  test('everything but the office', () => {
    expect(check({ office })).toMatchObject({
      web: { host: '127.0.0.1', port: 4700 },
      data: 'data/hub',
      administrators: {
        system: { email: 'system@jiansheng.local' },
        audit: { email: 'audit@jiansheng.local' },
      },
      people: [],
      offices: [],
      publisher: { missedAfterMinutes: 60 },
      retention: { rawTextDays: 90, contactDays: 30, objectionDays: 1095 },
      sources: [],
    });
  });

  test('of the crawler', () => {
    expect(check({ office, crawler }).crawler).toEqual({
      ...crawler,
      requestTimeoutSeconds: 20,
      maxPageMegabytes: 8,
      paceSeconds: 2,
      parallelVisits: 32,
      longestVisitMinutes: 10,
      allowPrivateHosts: [],
      hosts: [],
    });
  });

  test('of the sources', () => {
    const { sources } = check({ office, crawler, sources: [feedSource, siteSource, apiSource] });
    expect(
      sources.map((source) => [source.enabled, 'intervalSeconds' in source && source.intervalSeconds]),
    ).toEqual([
      [true, 900],
      [true, 900],
      [true, 900],
    ]);
    expect(sources[1]?.settings).toEqual({ list: { maxPages: 3 } });
    expect(sources[2]?.settings).toMatchObject({ nextParam: 'cursor', maxPages: 5 });
  });
});

describe('wrong settings are refused in one message', () => {
  test('that names every wrong key and every unknown one', () => {
    const message = refusal(() =>
      check({
        office: { ...office, level: 'village', motto: '公正' },
        web: { port: 99_999 },
        webb: {},
        crawler: { contact: 'x' },
        sources: [
          { ...feedSource, key: 'Bad Key', interval: 5 },
          { ...siteSource, url: 'ftp://a.example' },
        ],
      }),
    );
    for (const key of [
      'office.level',
      'office.motto',
      'web.port',
      'webb',
      'crawler.contact',
      'sources.0.key',
      'sources.0.interval',
      'sources.1.url',
    ]) {
      expect(message).toContain(`· ${key}：`);
    }
    expect(message).toContain('hub.yaml 中有 8 处');
  });

  test('also with a missing contact and a repeated source key among other faults', () => {
    const message = refusal(() => check({ office, port: 1, sources: [feedSource, feedSource, siteSource] }));
    expect(message).toContain('· port：');
    expect(message).toContain('· crawler.contact：');
    expect(message).toContain('city-daily 重复');
    expect(message).toContain('有 3 处');
  });

  test.each([
    ['rawTextDays', 6],
    ['rawTextDays', 3651],
    ['contactDays', 0],
    ['objectionDays', 179],
    ['rawTextDays', 90.5],
  ])('a time of keeping that is too short or too long: %s of %d days', (key, days) => {
    expect(refusal(() => check({ office, retention: { [key]: days } }))).toContain(`· retention.${key}：`);
  });

  test('a contact is needed as soon as anything is crawled', () => {
    expect(refusal(() => check({ office, sources: [feedSource] }))).toContain('crawler.contact');
    expect(check({ office }).crawler.contact).toBe('');
  });

  test('a kind of source that does not exist', () => {
    expect(refusal(() => check({ office, crawler, sources: [{ ...feedSource, kind: 'paper' }] }))).toContain(
      '· sources.0.kind：',
    );
  });

  test.each([
    ['an office below an unknown one', { offices: [{ ...county, parent: 'nowhere' }] }, '单位代码 nowhere'],
    [
      'an office below one that comes later',
      {
        offices: [
          { ...county, parent: 'b' },
          { ...county, code: 'b' },
        ],
      },
      '单位代码 b',
    ],
    ['the hub’s own code once more', { offices: [{ ...county, code: office.code }] }, '重复'],
    ['a source of an unknown office', { crawler, sources: [{ ...feedSource, office: 'x1' }] }, '单位代码 x1'],
    [
      'one account for two people',
      {
        people: [{ email: 'AUDIT@jiansheng.local', roles: ['leader'] }],
        administrators: { audit: { email: 'audit@jiansheng.local' } },
      },
      '账号 audit@jiansheng.local 重复',
    ],
    [
      'an administrator among the people',
      { people: [{ email: 'a@b.cn', roles: ['audit-administrator'] }] },
      'people.0.roles.0',
    ],
  ])('%s', (_, settings, problem) => {
    expect(refusal(() => check({ office, ...settings }))).toContain(problem);
  });

  test.each(['legalBasis', 'impactNote', 'approvedBy'])('a source without %s', (key) => {
    expect(
      refusal(() => check({ office, crawler, sources: [{ ...feedSource, [key]: undefined }] })),
    ).toContain(`· sources.0.${key}：`);
  });

  test.each(['', '   ', 'div[', 'a:not(', ':nonsense(2)', 'ul >> a'])('the selector %j', (selector) => {
    const settings = { list: { link: selector }, article: { text: 'p' } };
    const message = refusal(() => check({ office, crawler, sources: [{ ...siteSource, settings }] }));
    expect(message).toContain('· sources.0.settings.list.link：不是有效的 CSS 选择器');
  });

  test.each(['', 'data.[', 'data..list', 'items[?a=`1]'])('the JMESPath expression %j', (items) => {
    const settings = { ...apiSource.settings, items };
    const message = refusal(() => check({ office, crawler, sources: [{ ...apiSource, settings }] }));
    expect(message).toContain('· sources.0.settings.items：不是有效的 JMESPath 表达式');
  });

  test.each([['null'], ['just words'], ['- a\n- b'], ['']])('a file that holds %j', (text) => {
    expect(refusal(() => readHubFile(fileWith(text)))).toContain('hub.yaml');
  });

  test('a file that is not YAML, or names a key twice', () => {
    expect(refusal(() => readHubFile(fileWith('office: [')))).toContain('不是有效的 YAML');
    expect(refusal(() => readHubFile(fileWith('data: a\ndata: b')))).toContain('不是有效的 YAML');
  });

  test('a file that is not there', () => {
    expect(refusal(() => readHubFile('/nowhere/hub.yaml'))).toContain('读不到配置文件 /nowhere/hub.yaml');
  });
});

test('selectors and expressions that the crawler can run are accepted', () => {
  const list = {
    link: 'ul.list > li:not(.ad) a[href*="/2026/"]',
    next: 'a.next, a[rel~=next]',
    maxPages: 500,
  };
  const thread = { item: 'div[id^=post_]', text: 'td.t_f', publishedAt: 'em > span[title]' };
  const items = "data.list[?type=='post'].{id: id, text: text}";
  const { sources } = check({
    office,
    crawler,
    sources: [
      { ...siteSource, settings: { list, thread } },
      { ...apiSource, settings: { ...apiSource.settings, items } },
    ],
  });
  expect(sources).toHaveLength(2);
});

test('settings cannot be changed after they were checked, however deep', () => {
  const hub = check({ office, crawler, sources: [siteSource] });
  const changes = [
    () => Object.assign(hub, { data: 'elsewhere' }),
    () => Object.assign(hub.web, { port: 1 }),
    () => Object.assign(hub.crawler, { paceSeconds: 0 }),
    () => hub.crawler.allowPrivateHosts.push('10.0.0.1'),
    () => hub.sources.pop(),
    () => Object.assign(check({ office }).crawler, { contact: 'x' }),
  ];
  for (const change of changes) expect(change).toThrow(TypeError);
});
