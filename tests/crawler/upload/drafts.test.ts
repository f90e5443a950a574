import { describe, expect, test } from 'vitest';
import { NotGot } from '../../../crawler/errors.ts';
import { guessMapping, holdsPeople } from '../../../crawler/sources/upload-columns.ts';
import { draftOf, mappingFor, placesOf, type RowContext } from '../../../crawler/sources/upload-drafts.ts';

const columns = (...names: string[]) => names.map((name) => ({ name, people: holdsPeople(name) }));
const now = Date.UTC(2026, 10, 22, 2);

describe('the names of columns tell', () => {
  test.each([
    [
      [
        '工单编号',
        '来电时间',
        '来电人',
        '联系电话',
        '诉求标题',
        '诉求内容',
        '诉求渠道',
        '所属区域',
        '办理结果',
      ],
      { id: '工单编号', publishedAt: '来电时间', title: '诉求标题', text: '诉求内容', outlet: '诉求渠道' },
    ],
    [
      ['标题', '正文', '发布时间', '来源', '链接', '作者', '点赞', '评论数', '转发数'],
      {
        ...{ title: '标题', text: '正文', publishedAt: '发布时间', outlet: '来源', url: '链接' },
        ...{ likes: '点赞', comments: '评论数', shares: '转发数' },
      },
    ],
    [['诉求类型', '数量', '内容摘要（必填）'], { text: '内容摘要（必填）', times: '数量' }],
    [
      ['id', 'user.name', 'data.text', 'data.title', 'created_at', 'url'],
      { id: 'id', text: 'data.text', title: 'data.title', publishedAt: 'created_at', url: 'url' },
    ],
    [['甲', '乙'], {}],
  ])('what %j are', (names, mapping) => {
    expect(guessMapping(columns(...names))).toEqual(mapping);
  });

  test.each([
    ...[
      '姓名',
      '联系电话',
      '地址',
      '来电人',
      '用户名',
      '用户ID',
      '身份证号',
      'IP属地',
      '头像',
      '作者主页',
      '微信号',
    ],
    ...[
      'user.screen_name',
      'userName',
      'author',
      'created_by',
      'Phone Number',
      'ip',
      'name',
      '联 系 人（必填）',
    ],
  ])('that %s holds people', (name) => {
    expect(holdsPeople(name)).toBe(true);
  });

  test.each([
    '诉求内容',
    '反映内容',
    '工单号码',
    '来源',
    '媒体名称',
    '链接地址',
    'source_name',
    'description',
    'ship',
    'id',
  ])('that %s does not', (name) => {
    expect(holdsPeople(name)).toBe(false);
  });

  test('addresses of the web from addresses of people, by what stands in them', () => {
    expect(holdsPeople('地址', ['云州市春风路 3 号'])).toBe(true);
    expect(holdsPeople('地址', ['https://a.example/1', ''])).toBe(false);
    expect(holdsPeople('地址', ['', ''])).toBe(true);
    expect(holdsPeople('作者主页', ['https://a.example/u/1'])).toBe(true);
  });
});

describe('a mapping', () => {
  const given = columns('编号', '内容', '姓名');
  test('is kept as far as the file has its columns, else guessed', () => {
    expect(mappingFor(given, { text: '编号', title: '标题' })).toEqual({ text: '编号' });
    expect(mappingFor(given, { text: '正文' })).toEqual({ text: '内容', id: '编号' });
    expect(mappingFor(given, null)).toEqual({ text: '内容', id: '编号' });
  });

  test.each([
    [{}, /哪一列是正文/],
    [{ text: '正文' }, /没有“正文”这一列/],
    [{ text: '姓名' }, /“姓名”是关于个人的列/],
    [{ text: '内容', title: '内容' }, /“内容”这一列被指定了两次/],
  ])('that is wrong is refused: %j', (mapping, message) => {
    expect(() => placesOf(given, mapping)).toThrow(
      expect.objectContaining({ code: 'upload-mapping', message: expect.stringMatching(message) }),
    );
  });
});

describe('a row', () => {
  const names = ['编号', '姓名', '标题', '内容', '时间', '链接', '来源', '点赞', '件数'];
  const places = placesOf(columns(...names), guessMapping(columns(...names)));
  const context = (): RowContext => ({ places, kind: 'post', outlet: '云州热线', now, seen: new Map() });
  const one = (row: Record<string, string>, within = context()) =>
    draftOf({ line: 2, cells: names.map((name) => row[name] ?? '') }, within);
  const draftFrom = (row: Record<string, string>) => {
    const made = one(row);
    if (made instanceof NotGot) throw made;
    return made;
  };

  test('becomes a draft; what holds people stays behind', () => {
    const made = draftFrom({
      ...{ 编号: 'A-1', 姓名: '张三', 标题: '校园餐', 内容: '食材变质', 时间: '2026年11月3日 8:05' },
      ...{ 链接: 'HTTPS://News.Example/a?utm_source=x#top', 来源: '热线', 点赞: '1.2万', 件数: '37件' },
    });
    expect(made).toEqual({
      undated: false,
      draft: {
        kind: 'post',
        url: 'https://news.example/a',
        externalId: 'A-1',
        parentUrl: null,
        title: '校园餐',
        text: '食材变质',
        publishedAt: Date.UTC(2026, 10, 3, 0, 5),
        outlet: '热线',
        counts: { likes: 12_000, comments: null, shares: null, times: 37 },
      },
    });
    expect(JSON.stringify(made)).not.toContain('张三');
  });

  test.each([
    ['2026-11-03 08:05:00', Date.UTC(2026, 10, 3, 0, 5)],
    ['46329.336805556', Date.UTC(2026, 10, 3, 0, 5)],
    ['20261103', Date.UTC(2026, 10, 2, 16)],
    ['2026-11-03T08:05:00Z', Date.UTC(2026, 10, 3, 8, 5)],
    ['1793664000', Date.UTC(2026, 10, 3)],
  ])('of %s is read in the time of Shanghai', (text, at) => {
    expect(draftFrom({ 内容: 'x', 时间: text }).draft.publishedAt).toBe(at);
  });

  test('says when its time cannot be read', () => {
    expect(draftFrom({ 内容: 'x', 时间: '上旬' })).toMatchObject({
      undated: true,
      draft: { publishedAt: null },
    });
    expect(draftFrom({ 内容: 'x' })).toMatchObject({ undated: false, draft: { publishedAt: null } });
  });

  test('without a text is none; with a title alone, that is its text', () => {
    expect(one({ 编号: '1' })).toMatchObject({ code: 'no-text' });
    expect(draftFrom({ 标题: '只有标题' }).draft.text).toBe('只有标题');
    expect(draftOf({ line: 2, cells: null }, context())).toMatchObject({ code: 'row-broken' });
  });

  test('has no address where its cell holds none, and unknown counts where they cannot be read', () => {
    for (const text of ['无', '/a/1', 'javascript:alert(1)', 'ftp://a.example']) {
      expect(draftFrom({ 内容: 'x', 链接: text }).draft.url).toBeNull();
    }
    for (const text of ['', '-', '很多', '-3', '99999999999']) {
      expect(draftFrom({ 内容: 'x', 点赞: text }).draft.counts.likes).toBeNull();
    }
  });

  test('without id and address has the same key in every file, and another one where it stands twice', () => {
    const keys = (rows: Record<string, string>[]) => {
      const within = context();
      return rows.map((row) => (one(row, within) as { draft: { externalId: string } }).draft.externalId);
    };
    const row = { 内容: '咨询进度', 时间: '2026-11-03' };
    const [first, second] = keys([row, row]);
    expect(first).not.toBe(second);
    expect(keys([{ 内容: '别的' }, row, row, row]).slice(1, 3)).toEqual([first, second]);
    expect(keys([{ 链接: 'https://a.example/1', 内容: 'x' }])).toEqual(['https://a.example/1']);
  });
});
