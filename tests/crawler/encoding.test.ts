import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { decodeBody } from '../../crawler/fetch/encoding.ts';

const simplified = '检察机关依法履行法律监督职责，回应人民群众的关切，这是一个在北京的发布会。';
const traditional = '檢察機關依法履行法律監督職責，回應人民的關切，這是一個在臺北的發佈會。';
const page = (text: string, charset: string): string =>
  `<html><head><meta http-equiv="Content-Type" content="text/html; charset=${charset}"></head><body>${text.repeat(5)}</body></html>`;
const bytes = (text: string, encoding: string): Uint8Array => new Uint8Array(iconv.encode(text, encoding));

describe('a declared charset that the bytes bear out is used', () => {
  test.each([
    ['utf-8', 'utf-8', simplified],
    ['gbk', 'gb18030', simplified],
    ['gb2312', 'gb18030', simplified],
    ['big5', 'big5', traditional],
  ])('%s in the meta element', (declared, charset, text) => {
    const decoded = decodeBody(bytes(page(text, declared), declared), null);
    expect(decoded).toMatchObject({ charset, replaced: 0 });
    expect(decoded.text).toContain(text);
  });

  test('in the HTTP header', () => {
    const decoded = decodeBody(bytes(simplified, 'gbk'), 'text/html; charset="GBK"');
    expect(decoded).toEqual({ text: simplified, charset: 'gb18030', replaced: 0 });
  });

  test('in the XML declaration of a feed', () => {
    const feed = `<?xml version="1.0" encoding="gb2312"?><rss>${simplified}</rss>`;
    expect(decodeBody(bytes(feed, 'gbk'), 'application/xml').text).toBe(feed);
  });
});

describe('a declaration that is wrong is overruled by the bytes', () => {
  test('says gbk, is UTF-8', () => {
    expect(decodeBody(bytes(page(simplified, 'gbk'), 'utf8'), 'text/html; charset=gbk').text).toContain(
      simplified,
    );
  });
  test('says utf-8, is GBK', () => {
    const decoded = decodeBody(bytes(page(simplified, 'utf-8'), 'gbk'), 'text/html; charset=utf-8');
    expect(decoded).toMatchObject({ charset: 'gb18030', replaced: 0 });
    expect(decoded.text).toContain(simplified);
  });
  test('says utf-8, is Big5', () => {
    expect(decodeBody(bytes(page(traditional, 'utf-8'), 'big5'), null).text).toContain(traditional);
  });
  test('says gb2312, is Big5', () => {
    expect(decodeBody(bytes(page(traditional, 'gb2312'), 'big5'), null).text).toContain(traditional);
  });
  test('the server’s default iso-8859-1, is GBK', () => {
    expect(decodeBody(bytes(simplified.repeat(5), 'gbk'), 'text/html; charset=iso-8859-1').text).toContain(
      simplified,
    );
  });
});

describe('without a declaration the bytes decide', () => {
  test.each([
    ['utf8', 'utf-8', simplified],
    ['gbk', 'gb18030', simplified],
    ['big5', 'big5', traditional],
  ])('%s', (encoding, charset, text) => {
    expect(decodeBody(bytes(text.repeat(5), encoding), null)).toEqual({
      text: text.repeat(5),
      charset,
      replaced: 0,
    });
  });

  test.each(['utf-16le', 'utf-16be'])('%s with a byte-order mark', (encoding) => {
    const marked = new Uint8Array(iconv.encode(simplified, encoding, { addBOM: true }));
    expect(decodeBody(marked, 'text/html; charset=utf-8')).toEqual({
      text: simplified,
      charset: encoding,
      replaced: 0,
    });
  });
});

test('the text is well-formed, without NUL, and what could not be read is counted', () => {
  const broken = new Uint8Array([...bytes(simplified.repeat(9), 'utf8'), 0, 0xff]);
  const decoded = decodeBody(broken, 'text/html; charset=utf-8');
  expect(decoded.replaced).toBe(1);
  expect(decoded.text).not.toContain('\0');
  expect(decoded.text.isWellFormed()).toBe(true);
});

test('nothing makes it throw', () => {
  for (const type of [null, '', 'text/html; charset=', 'text/html; charset=klingon', 'charset="utf-8'])
    for (const body of [
      new Uint8Array(),
      new Uint8Array([0xff]),
      new Uint8Array([0, 0, 0, 0]),
      new Uint8Array(5000).fill(0x81),
    ])
      expect(typeof decodeBody(body, type).text).toBe('string');
});
