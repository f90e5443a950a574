import { describe, expect, test } from 'vitest';
import { NOON, picture, talkToWechat } from './talk.ts';

const MB = 1024 * 1024;

describe('material', () => {
  test.each([
    ['a png', picture('png'), {}],
    ['a gif', picture('gif'), { errcode: 40005 }],
    ['a webp', picture('webp'), { errcode: 40005 }],
    ['a megabyte', picture('jpg', MB), { errcode: 40009 }],
  ])('of a text may be jpg and png of less than a megabyte: %s', async (_, bytes, answer) => {
    const { upload } = await talkToWechat();
    expect(await upload('/cgi-bin/media/uploadimg', bytes)).toMatchObject(answer);
  });

  test('that stays has an id, and an address if it is a picture', async () => {
    const { upload, post, get } = await talkToWechat();
    const image = await upload('/cgi-bin/material/add_material?type=image', picture('gif'));
    const thumb = await upload('/cgi-bin/material/add_material?type=thumb', picture('jpg'));
    expect([typeof image['url'], thumb['url']]).toEqual(['string', undefined]);
    expect(await get('/cgi-bin/material/get_materialcount')).toMatchObject({
      image_count: 2,
      video_count: 0,
    });
    const list = await post('/cgi-bin/material/batchget_material', { type: 'image', offset: 0, count: 20 });
    expect(list).toMatchObject({ total_count: 1, item: [{ media_id: image['media_id'] }] });
    expect(await post('/cgi-bin/material/batchget_material', { type: 'image', count: 21 })).toMatchObject({
      errcode: 40097,
    });
    expect(await post('/cgi-bin/material/del_material', { media_id: image['media_id'] })).toMatchObject({
      errcode: 0,
    });
    expect(await post('/cgi-bin/material/del_material', { media_id: image['media_id'] })).toMatchObject({
      errcode: 40007,
    });
  });

  test('comes back as it was', async () => {
    const { wechat, token, upload } = await talkToWechat();
    const bytes = picture('jpg', 200);
    const { media_id } = await upload('/cgi-bin/material/add_material?type=image', bytes);
    const url = `${wechat.origin}/cgi-bin/material/get_material?access_token=${token}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ media_id }) });
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test.each([
    ['image', picture('webp'), 40137],
    ['thumb', picture('jpg', 65 * 1024), 40009],
    ['thumb', picture('png'), 40005],
    ['news', picture('jpg'), 40004],
  ])('of the kind %s has its rules', async (type, bytes, errcode) => {
    const { upload } = await talkToWechat();
    expect(await upload(`/cgi-bin/material/add_material?type=${type}`, bytes)).toMatchObject({ errcode });
  });

  test('of the old kind is not taken any more', async () => {
    const { post } = await talkToWechat();
    expect(await post('/cgi-bin/material/add_news', {})).toMatchObject({ errcode: 45103 });
  });
});

describe('a draft', () => {
  test('is answered with its id and an empty list that nobody has documented', async () => {
    const { draft } = await talkToWechat();
    expect(await draft()).toEqual({ media_id: expect.any(String) as string, item: [] });
  });

  test.each([
    ['a title of more than 32 characters', { title: '字'.repeat(33) }, 45003],
    ['a title of 32', { title: '字'.repeat(32) }, undefined],
    ['no title', { title: '' }, 44003],
    ['an author of more than 16', { author: '字'.repeat(17) }, 45110],
    ['a summary of more than 128', { digest: '字'.repeat(129) }, 45004],
    ['no text', { content: ' ' }, 44003],
    ['20000 characters of text', { content: 'x'.repeat(20_000) }, 45002],
    ['19999 characters of text', { content: 'x'.repeat(19_999) }, undefined],
    [
      'a source of more than a kilobyte',
      { content_source_url: `https://a.example/${'x'.repeat(1024)}` },
      45005,
    ],
    ['a source that is no address', { content_source_url: 'javascript:1' }, 41039],
    ['a link to another place', { content: '<p><a href="https://other.example/">看</a></p>' }, 45166],
    [
      'a link to an article of the platform',
      { content: '<a href="https://mp.weixin.qq.com/s/x">看</a>' },
      undefined,
    ],
    ['a cover that is not there', { thumb_media_id: 'none' }, 40007],
    ['no cover', { thumb_media_id: undefined }, 40007],
    ['a title that is a number', { title: 7 }, 47001],
    ['a crop in the wrong form', { pic_crop_235_1: '0_0_2_1' }, 40097],
    ['a crop in the right form', { pic_crop_235_1: '0_0.1_1_0.523456' }, undefined],
  ])('with %s', async (_, more, errcode) => {
    const { draft } = await talkToWechat();
    expect((await draft(more))['errcode']).toBe(errcode);
  });

  test('may be counted in bytes, as some observers saw it', async () => {
    const { state, draft } = await talkToWechat();
    Object.assign(state.limits, { unit: 'bytes', title: 64 });
    expect((await draft({ title: '字'.repeat(21) }))['errcode']).toBeUndefined();
    expect((await draft({ title: '字'.repeat(22) }))['errcode']).toBe(45003);
  });

  test('may not have a temporary picture as its cover', async () => {
    const { upload, draft } = await talkToWechat();
    const { media_id } = await upload('/cgi-bin/media/upload?type=image', picture('jpg'));
    expect(await draft({ thumb_media_id: media_id })).toMatchObject({ errcode: 40007 });
  });

  test('needs leave to ask for comments', async () => {
    const { state, draft } = await talkToWechat();
    state.commentsAllowed = false;
    expect(await draft({ need_open_comment: 1 })).toMatchObject({ errcode: 88000 });
  });

  test.each([
    ['{"articles":[]}', 44003],
    ['{}', 44003],
    ['{"articles":{}}', 47001],
    ['no json', 47001],
    ['{"articles":[{"title":"\\u901a\\u62a5"}]}', 40033],
    [JSON.stringify({ articles: Array.from({ length: 9 }, () => ({})) }), 45008],
  ])('that is sent as %s is refused', async (body, errcode) => {
    const { raw, token } = await talkToWechat();
    expect((await raw('/cgi-bin/draft/add', body, token)).json).toMatchObject({ errcode });
  });

  test('of pictures holds a short plain text and lasting pictures', async () => {
    const { draft, upload } = await talkToWechat();
    const { media_id: id } = await upload('/cgi-bin/material/add_material?type=image', picture('jpg'));
    const images = (ids: unknown[]) => ({ image_list: ids.map((image_media_id) => ({ image_media_id })) });
    const pictures = { article_type: 'newspic', image_info: images([id]) };
    expect((await draft(pictures))['errcode']).toBeUndefined();
    expect(await draft({ ...pictures, content: '字'.repeat(1_001) })).toMatchObject({ errcode: 45166 });
    expect(await draft({ ...pictures, image_info: images([]) })).toMatchObject({ errcode: 40007 });
    expect(await draft({ ...pictures, image_info: images(Array(21).fill(id)) })).toMatchObject({
      errcode: 40007,
    });
  });

  test('is read back as the platform has rewritten it', async () => {
    const { drafted, post, upload } = await talkToWechat();
    const { url } = await upload('/cgi-bin/media/uploadimg', picture('jpg'));
    const content = [
      `<p style="color: #336699" onclick="run()">字</p><img src="${String(url)}">`,
      '<img src="https://other.example/a.png"><script>run()</script><iframe src="https://other.example"></iframe>',
      '<form><input></form><code style="color:#fff">x</code>',
    ].join('');
    const media_id = await drafted({ content });
    const read = await post('/cgi-bin/draft/get', { media_id });
    expect(read).toMatchObject({ create_time: NOON / 1000, update_time: NOON / 1000 });
    const { news_item } = read as { news_item: { content: string }[] };
    expect(news_item[0]?.content).toBe(
      `<p style="color: rgb(51, 102, 153)">字</p><img src="${String(url)}"><code>x</code>`,
    );
  });

  test('can lose links to other places instead of being refused', async () => {
    const { state, drafted, post } = await talkToWechat();
    state.foreignLinks = 'removed';
    const media_id = await drafted({ content: '<p>请<a href="https://other.example/">看</a>这里</p>' });
    expect(await post('/cgi-bin/draft/get', { media_id })).toMatchObject({
      news_item: [{ content: '<p>请看这里</p>' }],
    });
  });

  test('without a summary has the first 54 characters of its text', async () => {
    const { drafted, post } = await talkToWechat();
    const media_id = await drafted({ content: `<p>${'字'.repeat(60)}</p>` });
    expect(await post('/cgi-bin/draft/get', { media_id })).toMatchObject({
      news_item: [{ digest: '字'.repeat(54) }],
    });
  });

  test('is replaced article by article, as one object and not as a list', async () => {
    const { drafted, post, cover } = await talkToWechat();
    const media_id = await drafted();
    const articles = { title: '更正', content: '<p>新</p>', thumb_media_id: await cover() };
    const update = (more: object) => post('/cgi-bin/draft/update', { media_id, index: 0, articles, ...more });
    expect(await update({ articles: [articles] })).toMatchObject({ errcode: 47001 });
    expect(await update({ index: 1 })).toMatchObject({ errcode: 40114 });
    expect(await update({ media_id: 'none' })).toMatchObject({ errcode: 40007 });
    expect(await update({})).toMatchObject({ errcode: 0 });
    expect(await post('/cgi-bin/draft/get', { media_id })).toMatchObject({ news_item: [{ title: '更正' }] });
  });

  test('is counted, listed and deleted', async () => {
    const { drafted, post, get } = await talkToWechat();
    const media_id = await drafted({ title: '甲' });
    await drafted({ title: '乙' });
    expect(await get('/cgi-bin/draft/count')).toEqual({ total_count: 2 });
    const list = await post('/cgi-bin/draft/batchget', { offset: 0, count: 20, no_content: 1 });
    expect(list).toMatchObject({ total_count: 2, item_count: 2 });
    expect(JSON.stringify(list)).not.toContain('<p>');
    expect(await post('/cgi-bin/draft/batchget', { count: 21 })).toMatchObject({ errcode: 40097 });
    expect(await post('/cgi-bin/draft/delete', { media_id })).toMatchObject({ errcode: 0 });
    expect(await post('/cgi-bin/draft/get', { media_id })).toMatchObject({ errcode: 40007 });
  });
});
