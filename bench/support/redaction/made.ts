import { seeded } from './made-names.ts';
import type { Span } from './measure.ts';

/** Paragraphs with invented numbers of persons in many ways of writing, among numbers that are nobody's. */
export function made(count: number): { text: string; spans: Span[] }[] {
  const random = seeded(20_261_122);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const digits = (length: number) => Array.from({ length }, () => Math.floor(random() * 10)).join('');
  const wide = (text: string) =>
    text.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0));

  const two = (most: number) => String(1 + Math.floor(random() * most)).padStart(2, '0');
  const parts = (text: string, sizes: readonly number[], by: string) => {
    let at = 0;
    return sizes.map((size) => text.slice(at, (at += size))).join(by);
  };

  function phone(): string {
    if (random() < 0.25) {
      const area = pick(['010', '021', '0871', '0691', '028']);
      const number = digits(1).replace(/[01]/, '6') + digits(area === '0691' ? 6 : 7);
      return pick([
        `${area}-${number}`,
        `（${area}）${number}`,
        `${area} ${number}`,
        `+86-${area.slice(1)}-${number}`,
      ]);
    }
    const mobile = `1${3 + Math.floor(random() * 7)}${digits(9)}`;
    return pick([
      ...[
        mobile,
        mobile,
        mobile,
        `+86${mobile}`,
        `+86 ${mobile}`,
        `0086-${mobile}`,
        `86${mobile}`,
        wide(mobile),
      ],
      ...['-', ' ', '.', '—'].map((by) => parts(mobile, [3, 4, 4], by)),
      ...[parts(mobile, [4, 3, 4], ' '), parts(mobile, [3, 3, 5], '-'), parts(mobile, [3, 2, 2, 2, 2], ' ')],
      ...[
        `(+86)${mobile}`,
        `+86 ${parts(mobile, [3, 4, 4], ' ')}`,
        [...mobile].join(' '),
        parts(mobile, [3, 4, 4], ' - '),
      ],
    ]);
  }

  function idCard(): string {
    const region = pick(['110101', '530102', '330106', '230103', '440305', '650102', '810000']);
    const number = `${region}${1940 + Math.floor(random() * 80)}${two(12)}${two(28)}${digits(3)}${pick([...'0123456789X'])}`;
    return pick([
      number,
      number,
      number.toLowerCase(),
      wide(number),
      parts(number, [6, 8, 4], ' '),
      parts(number, [6, 4, 4, 4], ' '),
      parts(number, [6, 8, 4], '-'),
    ]);
  }

  function card(): string {
    const body = pick(['622848', '621700', '622202', '955880', '436742', '621226']) + digits(pick([9, 12]));
    let sum = 0;
    [...body].reverse().forEach((digit, at) => {
      const doubled = Number(digit) * 2;
      sum += at % 2 === 1 ? Number(digit) : doubled > 9 ? doubled - 9 : doubled;
    });
    const number = `${body}${(10 - (sum % 10)) % 10}`;
    const fours = number.replace(/(\d{4})(?=\d)/g, '$1 ');
    return pick([number, number, fours, fours.replaceAll(' ', '-'), wide(number)]);
  }

  function email(): string {
    const local =
      pick(['zhang.wei', 'lihua_88', 'user', 'wang-fang', 'a1b2c3', '13800138000', 'x+news']) +
      pick(['', digits(2)]);
    const address = `${local}@${pick(['163.com', 'qq.com', 'example.com', 'mail.example.com.cn', 'foxmail.com'])}`;
    return pick([address, address, address.toUpperCase(), address.replace('@', '＠'), wide(address)]);
  }

  const person: readonly (readonly [string, () => string, readonly string[]])[] = [
    [
      'phoneNumbers',
      phone,
      ['手机', '电话：', '请联系', '联系电话是', '可拨打', '，', '加我微信同号', '（手机）'],
    ],
    ['idCardNumbers', idCard, ['身份证号', '身份证号码为', '证件号码：', '，', '本人身份证', '公民身份号码']],
    ['bankCard', card, ['银行卡号', '卡号：', '打到', '账号为', '工商银行', '，']],
    ['emailAddress', email, ['邮箱', '电子邮箱：', '发到', '可以通过', 'email ', '，']],
  ];
  const nobody = (): string =>
    pick([
      `订单号2026${digits(14)}`,
      `涉案金额${digits(3)}万元`,
      `拨打12309`,
      `热线400-${digits(3)}-${digits(4)}`,
      `（2026）云01刑初${digits(3)}号`,
      `2026年${two(12)}月${two(28)}日`,
      `2026-${two(12)}-${two(28)} ${two(23)}:${two(59)}`,
      `共${digits(5)}人`,
      `邮编650${digits(3)}`,
      `运单SF${digits(13)}`,
      `年收入${digits(6)}.${digits(2)}元`,
      `第${digits(4)}期`,
      `信用评分${digits(3)}分`,
    ]);

  return Array.from({ length: count }, () => {
    let text = pick(['您好，', '反映一个问题，', '张某某，', '']);
    const spans: Span[] = [];
    const many = 1 + Math.floor(random() * 4);
    for (let each = 0; each < many; each += 1) {
      if (random() < 0.5) text += `${nobody()}${pick(['，', '。', '；'])}`;
      const [kind, make, words] = pick(person);
      text += pick(words);
      const value = make();
      spans.push([text.length, text.length + value.length, kind]);
      text += value + pick(['，', '。', '；', '，谢谢。', '\n']);
    }
    return { text: text + nobody(), spans };
  });
}
