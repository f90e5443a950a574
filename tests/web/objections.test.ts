import { describe, expect, test } from 'vitest';
import { objectionMessages } from '../../web/lib/messages/objections.ts';
import { readObjection, receiveObjection } from '../../web/lib/server/objection-form.ts';
import { drawReceipt, readReceipt } from '../../web/lib/server/objection.ts';

const { problems } = objectionMessages.form;

function form(fields: Record<string, string>): FormData {
  const sent = new FormData();
  for (const [name, value] of Object.entries(fields)) sent.set(name, value);
  return sent;
}

const addressesOf = (addresses: string) => {
  const read = readObjection(form({ addresses }));
  return 'problem' in read ? read.problem : read.addresses;
};

describe('the addresses', () => {
  test('are brought to the one spelling under which pages are collected, each once', () => {
    expect(
      addressesOf(
        'https://bbs.example.com/t/1?utm_source=share#floor3\r\n\r\n  HTTPS://BBS.example.com/t/1  \nbbs.example.com/t/2',
      ),
    ).toEqual(['https://bbs.example.com/t/1', 'https://bbs.example.com/t/2']);
  });

  test('may stand in the words that an app puts around them', () => {
    expect(addressesOf('【我的帖子】https://m.example.com/status/77，快来看')).toEqual([
      'https://m.example.com/status/77',
    ]);
  });

  test.each([
    '张三的帖子',
    'javascript:alert(1)',
    'ftp://a.example/x',
    'https://',
    'http://localhost/x',
    'example.com',
  ])('%s is none', (line) => {
    expect(addressesOf(`https://a.example/1\n${line}`)).toBe(problems.malformed(2));
  });

  test('are ten at the most, and one at the least', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => `https://a.example/${i}`).join('\n');
    expect(addressesOf(many(10))).toHaveLength(10);
    expect(addressesOf(many(11))).toBe(problems.many(10, 11));
    expect(addressesOf(' \n ')).toBe(problems.none);
    expect(addressesOf(`https://a.example/${'x'.repeat(2_000)}`)).toBe(problems.long(1, 2_000));
  });

  test('survive whatever is typed', () => {
    for (const text of [
      '\0',
      '\ud800',
      'https://a.example/\ud800',
      `https://a.example/\0${'/'.repeat(500)}`,
      '网'.repeat(1e5),
    ]) {
      expect(() => addressesOf(text)).not.toThrow();
    }
  });
});

describe('the rest of the form', () => {
  const addresses = 'https://a.example/1';

  test('keeps a reason without the numbers in it', () => {
    const read = readObjection(form({ addresses, reason: ' 请删除，电话 13800001234 \r\n谢谢 ' }));
    expect(read).toMatchObject({ reason: '请删除，电话 [手机号]\n谢谢', contact: null });
  });

  test('refuses a long reason, a contact that is none, and what only a program fills in; what was typed comes back', () => {
    const typed = { addresses, reason: '长'.repeat(501), contact: 'a@example.com' };
    expect(readObjection(form(typed))).toEqual({ typed, problem: problems.reason(500) });
    expect(readObjection(form({ addresses, contact: '不是邮箱' }))).toMatchObject({
      problem: problems.contact,
    });
    expect(readObjection(form({ addresses, homepage: 'http://spam.example' }))).toMatchObject({
      problem: problems.trap,
    });
  });

  test('takes a file in the place of a text for nothing', () => {
    const sent = form({});
    sent.set('addresses', new File(['https://a.example/1'], 'a.txt'));
    expect(readObjection(sent)).toMatchObject({ problem: problems.none });
  });
});

describe('what is sent', () => {
  test('is refused unread when it says that it is huge', async () => {
    const request = new Request('http://hub.example/objection', {
      method: 'POST',
      body: new URLSearchParams({ addresses: 'x' }),
      headers: { 'content-length': '10000000' },
    });
    expect(await receiveObjection(request)).toEqual({ status: 413, problem: problems.tooLarge });
  });

  test('is refused when it is no form', async () => {
    const request = new Request('http://hub.example/objection', {
      method: 'POST',
      body: 'broken',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect(await receiveObjection(request)).toEqual({ status: 400, problem: problems.unreadable });
  });
});

describe('a receipt', () => {
  test('is drawn anew each time, and read back however it is typed', () => {
    const drawn = new Set(Array.from({ length: 1_000 }, drawReceipt));
    expect(drawn.size).toBe(1_000);
    for (const receipt of drawn) {
      expect(receipt).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(readReceipt(` ${receipt.toLowerCase().replaceAll('-', ' ')} `)).toBe(receipt);
    }
  });

  test('is not what cannot be one', () => {
    for (const typed of [
      '',
      'AAAA',
      'A'.repeat(17),
      '../../etc',
      'U'.repeat(16),
      '零'.repeat(16),
      'A'.repeat(1e6),
    ]) {
      expect(readReceipt(typed)).toBeNull();
    }
    expect(readReceipt('OOOO-IIII-LLLL-0000')).toBe('0000-1111-1111-0000');
  });
});
