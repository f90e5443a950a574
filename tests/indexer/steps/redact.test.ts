import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { personalData } from '../../../indexer/redaction/find.ts';
import type { RedactionType } from '../../../indexer/redaction/types.ts';
import { redact } from '../../../indexer/steps/redact.ts';
import { worked } from '../../support/worked.ts';
import { context, working } from '../working.ts';

const redacted = (text: string) => redact(working({ text }), context).text;
const kinds = (text: string) => personalData(text).map(({ type }) => type);

/** An identity number with its right check digit (GB 11643, ISO 7064 MOD 11-2). */
function idNumber(first17: string): string {
  const sum = [...first17].reduce((all, digit, at) => all + Number(digit) * (2 ** (17 - at) % 11), 0);
  return first17 + '10X98765432'[sum % 11];
}

/** A card number with its right check digit (ISO/IEC 7812-1). */
function cardNumber(start: string): string {
  const sum = [...start]
    .reverse()
    .reduce(
      (all, digit, at) => all + (at % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]! : +digit),
      0,
    );
  return start + ((10 - (sum % 10)) % 10);
}

const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0));

const id = idNumber('53010219900307123');
const idWithX = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
  .map((last) => idNumber(`5301021990030712${last}`))
  .find((each) => each.endsWith('X'))!;
const card16 = cardNumber('622202123456789');
const card19 = cardNumber('622848001234567890');

const CASES: Partial<Record<RedactionType, [how: string, text: string, rest: string][]>> = {
  mobile: [
    ['alone', '13800138000', '[手机号]'],
    ['in a sentence', '请联系13800138000，谢谢', '请联系[手机号]，谢谢'],
    ['with spaces', '电话 138 0013 8000。', '电话 [手机号]。'],
    ['with dashes', '138-0013-8000', '[手机号]'],
    ['with dots', '138.0013.8000', '[手机号]'],
    ['with typographic dashes', '138–0013—8000', '[手机号]'],
    ['parted 4-3-4', '1380 013 8000', '[手机号]'],
    ['parted 3-3-5', '138-001-38000', '[手机号]'],
    ['in full width', '电话１３８００１３８０００', '电话[手机号]'],
    ['in mixed width', '1３8００1３８0００', '[手机号]'],
    ['with +86', '+8613800138000', '[手机号]'],
    ['with +86 and a space', '+86 138 0013 8000', '[手机号]'],
    ['with +86 and a dash', '+86-13800138000', '[手机号]'],
    ['with 86', '8613800138000', '[手机号]'],
    ['with 0086', '008613800138000', '[手机号]'],
    ['with the trunk 0', '013800138000', '[手机号]'],
    ['between letters', 'VX13800138000abc', 'VX[手机号]abc'],
    ['after an underscore', 'wx_13800138000', 'wx_[手机号]'],
    ['of a new range', '19912345678', '[手机号]'],
  ],
  'id-card': [
    ['alone', id, '[身份证号]'],
    ['ending in X', `证号${idWithX}。`, '证号[身份证号]。'],
    ['ending in x', idWithX.toLowerCase(), '[身份证号]'],
    ['in full width', fullWidth(idWithX), '[身份证号]'],
    ['in groups', `${id.slice(0, 6)} ${id.slice(6, 14)} ${id.slice(14)}`, '[身份证号]'],
    ['with a wrong check digit', '530102199003071230', '[身份证号]'],
    ['right after letters', `sfz${id}`, 'sfz[身份证号]'],
    ['of the first generation', '证号530102900307123', '证号[身份证号]'],
  ],
  'bank-card': [
    ['of 16 digits', `卡号${card16}`, '卡号[银行卡号]'],
    ['of 19 digits', card19, '[银行卡号]'],
    ['in groups', card19.replace(/(\d{4})(?=\d)/g, '$1 '), '[银行卡号]'],
    ['in groups with dashes', card16.replace(/(\d{4})(?=\d)/g, '$1-'), '[银行卡号]'],
    ['in full width', fullWidth(card16), '[银行卡号]'],
    ['before another number', `${card16} 200元`, '[银行卡号] 200元'],
    ['after another number', `尾号1234 ${card16.replace(/(\d{4})(?=\d)/g, '$1 ')}`, '尾号1234 [银行卡号]'],
  ],
  email: [
    ['alone', 'someone@example.com', '[邮箱]'],
    ['in a sentence', '邮箱：some.one+jc@mail.example.gov.cn。', '邮箱：[邮箱]。'],
    ['of digits', '13800138000@qq.com', '[邮箱]'],
    ['with a wide at sign', 'someone＠example．com', '[邮箱]'],
    ['after Chinese words', '发到abc_1@example.com吧', '发到[邮箱]吧'],
  ],
  landline: [
    ['with a dash', '0871-63612345', '[电话号码]'],
    ['in brackets', '电话（0871）63612345', '电话[电话号码]'],
    ['without a parting', '01065201234', '[电话号码]'],
    ['in groups', '021 6520 1234', '[电话号码]'],
    ['with +86', '+86-10-65201234', '[电话号码]'],
    ['with +86 and the trunk 0', '+86 (0871) 63612345', '[电话号码]'],
    ['of seven digits', '0691-2123456', '[电话号码]'],
    ['in full width', fullWidth('0871-63612345'), '[电话号码]'],
    ['that ends like the hotline', '0871-63612309', '[电话号码]'],
  ],
};

for (const [type, cases] of Object.entries(CASES)) {
  describe(`${type} is masked`, () => {
    test.each(cases)('%s: %s', (_, text, rest) => {
      expect(redacted(text)).toBe(rest);
      expect(kinds(text)).toEqual([type]);
    });
  });
}

describe('what is nobody’s stays', () => {
  test.each([
    ['the hotline of procuratorates', '请拨打12309，或 12309 检察服务中心'],
    ['service numbers', '12345热线、110、119、95598、96110、10086'],
    ['an office’s area code and hotline', '0871-12309'],
    ['numbers that companies pay for', '400-810-1234、4008101234、800-810-1234'],
    ['dates', '2026年11月22日 08:30，2026-11-22 08:30:15，2026/11/22，20261122'],
    ['a stretch of time', '2025-12-31至2026-01-31；1998-2026'],
    ['amounts', '涉案1380余万元，共 12,345,678.90 元，138001元，1,380,013,800元'],
    ['case numbers', '（2026）云01刑初123号，云检刑诉〔2026〕1380号，(2025)最高法民申13800号'],
    ['long order numbers', '订单号2026112200123456，运单SF1380013800012，流水20261122083015123456789'],
    ['order numbers that pass for cards by accident', `订单号${cardNumber('202611220012345')}`],
    ['a card number that is none', '6222021234567891'.replace(/1$/, card16.endsWith('1') ? '2' : '1')],
    ['repeated digits', '0000000000000000，1111111111111111'],
    ['postcodes and counts', '邮编650000，阅读 100000+，第13800期'],
    ['mentions without an address', '@云州检察 转发'],
    ['version numbers', '1.3.8.0.0.1，192.168.100.200'],
    ['numbers of deeds, whose beginning is no area code', '房地权证字第0111002070号，0123456789'],
    ['fractions', '0.6422052124689215、1.5044604483793382、-1.6588903754120345'],
    ['eighteen digits that are no identity', '530102199013071234、990102199003071234'],
    ['twelve digits like a mobile', '138001380001，213800138000'],
  ])('%s', (_, text) => {
    expect(redacted(text)).toBe(text);
  });
});

test('several in one text are each masked and counted by kind, in title and text together', () => {
  const post = redact(
    working({
      title: '求助13800138000',
      text: `手机138 0013 8000，身份证${id}，邮箱a@b.cn；再打13900139000`,
    }),
    context,
  );
  expect(post.title).toBe('求助[手机号]');
  expect(post.text).toBe('手机[手机号]，身份证[身份证号]，邮箱[邮箱]；再打[手机号]');
  expect(post.redactions).toEqual({ mobile: 3, 'id-card': 1, email: 1 });
});

test('nothing found is counted as nothing', () => {
  const post = redact(working({ title: null, text: '拨打12309' }), context);
  expect(post).toMatchObject({ title: null, text: '拨打12309', redactions: {} });
});

test.each([
  ['a card and a mobile', `${card16} 138 0013 8000`],
  ['a wide digit before an address', '１３８0013８000@qq.com'],
  ['an identity number and a mobile', `${id}，13800138000`],
  ['a landline and a mobile', '0871-63612345 13800138000'],
  ['a mobile and a mobile', '13800138000/13900139000 13700137000'],
])('of two that stand together no digit is left: %s', (_, text) => {
  expect(redacted(text)).not.toMatch(/[0-9０-９]/u);
});

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const mobile = fc
  .tuple(
    fc.constantFrom('13', '14', '15', '16', '17', '18', '19'),
    fc.array(digit, { minLength: 9, maxLength: 9 }),
  )
  .map(([start, rest]) => start + rest.join(''));
const personal = fc.oneof(
  mobile,
  fc.constantFrom(id, idWithX, card16, card19, 'a.b@example.com', '0871-63612345', '+86 138-0013-8000'),
);
const between = fc.string({
  unit: fc.constantFrom(...'检察院张王某甲被告人岁，。-–.·@＠_+ \n[]（）()aZxX:/'),
  maxLength: 12,
});
const text = fc
  .array(fc.oneof(between, personal, fc.stringMatching(/^[0-9０-９ -]{0,20}$/)), { maxLength: 12 })
  .map((parts) => parts.join(''));

test('no mobile number survives, wherever it stands between other characters', () => {
  fc.assert(
    fc.property(between, mobile, between, (before, number, after) => {
      const masked = redacted(`${before}${number}${after}`);
      expect(masked).not.toContain(number);
      expect(masked).not.toMatch(/\d{5}/);
    }),
    { numRuns: 1000 },
  );
});

test('what is found comes in order, inside the text, and never overlaps', () => {
  fc.assert(
    fc.property(text, (whole) => {
      let last = 0;
      for (const { start, end } of personalData(whole)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(whole.length);
    }),
    { numRuns: 500 },
  );
});

test('what has been redacted has nothing left to redact', () => {
  fc.assert(
    fc.property(text, (whole) => {
      const once = redacted(whole);
      expect(redacted(once)).toBe(once);
    }),
    { numRuns: 1000 },
  );
});

describe('time grows with the length of the text, not with its square', () => {
  /** Processor time in ms, which is counted in steps of some: the least of a few rounds. */
  function least(work: () => void): number {
    let best = Infinity;
    for (let round = 0; round < 4; round += 1) {
      const start = worked();
      work();
      best = Math.min(best, worked() - start);
    }
    return best;
  }

  test.each([
    ['digits', '1'],
    ['dashes', '-'],
    ['digits and dashes', '1-3 8-0'],
    ['mobile numbers', '13800138000 '],
    ['letters that may begin an address', 'a.b-'],
    ['at signs', 'a@'],
    ['beginnings of landlines', '(0871)'],
    ['groups of four', '6222 '],
    ['names one after the other', '被告人张伟、'],
    ['different names', '张伟李娜王芳刘洋，'],
    ['roles without names', '被告人'],
    ['surnames', '张王'],
    ['brackets', '（）'],
    ['dots', '·买·'],
    ['masks', '张某甲'],
    ['parts of addresses', '家住云州市北城区'],
    ['words of schools', '就读第一中学'],
    ['ages', '12岁女孩'],
    ['births', '1985年3月生'],
    ['handles', '@张'],
    ['words for numbers', '身份证号码为微信号是'],
    ['letters and digits of plates', '云A1'],
  ])('%s', (_, unit) => {
    const make = (length: number) => unit.repeat(Math.ceil(length / unit.length));
    const [short, long] = [make(25_000), make(200_000)];
    const often = () => {
      for (let time = 0; time < 8; time += 1) redacted(short);
    };
    // As much text at once takes as long where work is linear, eight times as long where it is square.
    expect(least(() => redacted(long))).toBeLessThan(4 * least(often) + 20);
  });
});
