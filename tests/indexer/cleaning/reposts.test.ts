import { describe, expect, test } from 'vitest';
import { readable } from '../../../indexer/cleaning/readable.ts';

const cleaned = (text: string) => readable(text, 1000);

describe('of a repost only the own words stay', () => {
  test.each([
    ['before a chain', '支持检察院！//@云州小小:说得好//@路过的人：早该查了', '支持检察院！'],
    ['before a chain with wide signs', '支持检察院！／／＠云州小小：说得好', '支持检察院！'],
    ['beside characters that become several', '支持……①㎡／／＠云州小小：说得好', '支持……①㎡'],
    ['before bars', '早该查了 || @yunzhou_1: 转', '早该查了'],
    ['before a chain that was cut', '早该查了//@云州小', '早该查了'],
    ['an emoticon is words', '[怒]//@云州小小:说得好', '[怒]'],
    ['an emoji too', '😡//@云州小小:说得好', '😡'],
    ['after an answer', '回复@云州小小:说得对，早该查了', '说得对，早该查了'],
    ['in traditional script', '回覆@云州小小：說得對', '說得對'],
    ['an answer within a chain', '//@甲乙:回复@丙丁:是真的', '是真的'],
  ])('%s', (_, text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });

  test.each([
    ['//@云州小小:食堂又出事了//@路过的人:早该查了', '食堂又出事了\n早该查了'],
    ['转发微博//@云州小小:食堂又出事了', '食堂又出事了'],
    ['转发微博 //@路过的人:转发微博//@云州小小:食堂又出事了，请检察院查处', '食堂又出事了，请检察院查处'],
    ['Repost //@yun_zhou: 食堂又出事了', '食堂又出事了'],
    ['RT @yun_zhou: 食堂又出事了', '食堂又出事了'],
    ['转发@云州小小：食堂又出事了', '食堂又出事了'],
    ['轉自 @云州小小：食堂又出事了', '食堂又出事了'],
    ['。。//@云州小小:食堂又出事了', '食堂又出事了'],
  ])('without own words those of the chain: %s', (text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });

  test('no handle of a chain is left, whatever it looks like', () => {
    for (const handle of ['云州小小', 'yun-zhou_1', '用户1234567890', '雲州小小', 'А·Б', '云州小小_'])
      for (const text of [`//@${handle}:真的`, `好//@${handle}：真的`, `回复@${handle}:真的`, `//@${handle}`])
        expect(cleaned(text)).not.toContain(handle);
  });

  test('mail addresses and addresses of pages are no chains', () => {
    expect(cleaned('来信请寄 tousu@example.com')).toBe('来信请寄 tousu@example.com');
    expect(cleaned('见https://www.example.com/@news 通报')).toBe('见https://www.example.com/@news 通报');
  });
});
