import { describe, expect, test } from 'vitest';
import type { Block } from '../../../config/release-document.ts';
import type { MediaFacts } from '../../../publisher/releases/checks/types.ts';
import { documentOfText } from '../../../publisher/releases/plain.ts';
import { found, NOW, told } from '../../support/checks.ts';

const image = (mediaId: number, alt = '', caption = ''): Block => ({
  ...{ type: 'image', attrs: { mediaId, alt, caption } },
});
const doc = (...content: Block[]) => ({ document: { type: 'doc' as const, content } });
const known = (facts: Record<number, Partial<MediaFacts>>) => ({
  media: () =>
    Promise.resolve(
      new Map(
        Object.entries(facts).map(([id, given]) => [
          Number(id),
          { kind: 'image' as const, name: `${id}.jpg`, alt: '', ...given },
        ]),
      ),
    ),
});

describe('pictures, videos and audios', () => {
  test('say in words what is in them', async () => {
    const video: Block = { type: 'video', attrs: { mediaId: 3, title: '宣传片', captionsId: null } };
    const audio: Block = { type: 'audio', attrs: { mediaId: 4, title: '', transcript: ' ' } };
    const content = doc(image(1), image(2, '检察官在学校'), video, { type: 'blockquote', content: [audio] });
    const findings = await found('media', content, known({ 1: {}, 2: {}, 3: {}, 4: {} }));
    expect(told(findings)).toEqual([
      'warn 第 1 个图片（1.jpg）',
      'warn 第 1 个视频（3.jpg）',
      'warn 第 1 个音频（4.jpg）',
    ]);
  });

  test('a text that came with the file is offered, since nobody is shown it', async () => {
    const [first] = await found('media', doc(image(1)), known({ 1: { alt: '检察开放日现场' } }));
    expect(first?.text).toContain('检察开放日现场');
  });

  test('with captions and a transcript are fine', async () => {
    const video: Block = { type: 'video', attrs: { mediaId: 3, title: '', captionsId: 5 } };
    const audio: Block = { type: 'audio', attrs: { mediaId: 4, title: '', transcript: '各位听众' } };
    expect(await found('media', doc(video, audio), known({ 3: {}, 4: {}, 5: {} }))).toEqual([]);
  });

  test('have a place where their words stand, in the text for WeChat none', async () => {
    const shown = doc(image(1, '', '开放日现场')).document;
    const details = { wechat: { on: true, document: shown } };
    const findings = await found('media', { document: shown, details }, known({ 1: {} }));
    expect(findings.map(({ part, start, end }) => [part, start, end])).toEqual([
      ['document', 0, 5],
      ['wechat', null, null],
    ]);
  });

  test('that are not there any more block', async () => {
    expect(told(await found('media', doc(image(9, '图')), known({})))).toEqual(['block 素材 9']);
  });
});

describe('a release that was published before', () => {
  const text =
    '近日，云州市人民检察院联合市教育局、共青团云州市委开展法治进校园活动，检察官结合办案实践，为同学们讲授了预防网络诈骗、防范校园欺凌等方面的法律知识，并现场解答了同学们提出的问题。';
  const at = new Date(NOW - 10 * 86_400_000);
  const recent = (other: string) => ({
    recent: () => Promise.resolve([{ id: 7, title: '法治进校园', text: other, at }]),
  });

  test('is told with a way to it', async () => {
    const findings = await found('duplicate', text, recent(`${text}活动受到师生欢迎。`));
    expect(findings).toMatchObject([{ severity: 'warn', releaseId: 7, quote: '法治进校园' }]);
  });

  test('is none where only the subject is the same', async () => {
    const other =
      '为增强青少年法治意识，云州市人民检察院组织干警走进乡镇中学，开展“宪法宣传周”主题团课，通过知识竞答、模拟法庭等形式普及宪法知识。';
    expect(await found('duplicate', text, recent(other))).toEqual([]);
  });
});

describe('what platforms take', () => {
  test('a title that a platform refuses blocks, a long one is warned of', async () => {
    const wechat = (title: string) => ({ details: { coverId: 1, wechat: { on: true, title } } });
    const media = known({ 1: {} });
    expect(told(await found('limits', wechat('长'.repeat(33)), media))).toEqual(['block 微信标题']);
    expect(told(await found('limits', wechat('长'.repeat(25)), media))).toEqual(['warn 微信标题']);
    expect(await found('limits', wechat('检察开放日邀您参加'), media)).toEqual([]);
  });

  test('a channel is chosen, a microblog has a page to lead to, an article has a cover', async () => {
    const channels = (website: boolean, weibo: boolean, wechat: boolean) =>
      found('limits', {
        details: { website: { on: website }, weibo: { on: weibo }, wechat: { on: wechat } },
      });
    expect(told(await channels(false, false, false))).toEqual(['block 发布渠道']);
    expect(told(await channels(false, true, false))).toEqual(['block 发布渠道']);
    expect(told(await channels(true, false, true))).toEqual(['block 封面']);
    expect(await channels(true, true, false)).toEqual([]);
  });
});

describe('the secrecy review', () => {
  test('blocks until somebody has made one, and while something is missing', async () => {
    expect((await found('secrecy', '正文', { secrecy: null })).map(({ severity }) => severity)).toEqual([
      'block',
    ]);
    const [missing] = await found('secrecy', '正文', { secrecy: ['state-secrets', 'privacy'] });
    expect(missing?.text).toContain('工作秘密');
    expect(missing?.text).not.toContain('不含国家秘密');
    expect(await found('secrecy', { document: documentOfText('正文') })).toEqual([]);
  });
});
