import fc from 'fast-check';
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

describe('UTF-16 without a byte-order mark', () => {
  const bare = (text: string, encoding: string) =>
    new Uint8Array(iconv.encode(text, encoding, { addBOM: false }));
  test.each(['utf-16le', 'utf-16be'])('is seen in markup and in plain text: %s', (encoding) => {
    for (const text of [page(simplified, 'utf-16'), simplified.repeat(5)]) {
      expect(decodeBody(bare(text, encoding), null)).toEqual({ text, charset: encoding, replaced: 0 });
    }
  });
  test('is not seen where there is none', () => {
    for (const text of ['a1b2c3d4e5f6', 'x=1;y=2;z=3;', '<p>ok</p>']) {
      expect(decodeBody(bytes(text, 'utf8'), 'text/html; charset=unicode').text).toBe(text);
    }
  });
});

describe('less usual encodings', () => {
  test('Big5 with the characters of Hong Kong', () => {
    const cantonese = '佢哋話呢單案件嘅判決好重要，唔該晒檢察官，市民都覺得係咁樣嘅。';
    for (const declared of ['big5', 'big5-hkscs']) {
      const decoded = decodeBody(bytes(page(cantonese, declared), 'big5-hkscs'), null);
      expect(decoded).toMatchObject({ charset: 'big5', replaced: 0 });
      expect(decoded.text).toContain(cantonese);
    }
  });
  test('GB18030 with characters of four bytes', () => {
    const text = page(`𠮷野家案。${simplified}`, 'gb18030');
    expect(decodeBody(bytes(text, 'gb18030'), null).text).toBe(text);
  });
  test('HZ, where it is declared', () => {
    const inside = Buffer.from(iconv.encode('检察机关', 'gb2312').map((byte) => byte & 0x7f)).toString(
      'latin1',
    );
    const text = `<p>~{${inside}~} ~~ok</p>`;
    expect(decodeBody(bytes(text, 'latin1'), 'text/html; charset=hz-gb-2312').text).toBe(
      '<p>检察机关 ~ok</p>',
    );
    expect(decodeBody(bytes(text, 'latin1'), 'text/html').text).toBe(text);
  });
});

test('a declaration counts wherever it stands in the first 32 kB, and in an XML declaration', () => {
  const late = `<html><head>${'<!-- 0123456789 -->'.repeat(900)}<meta charset=big5></head>檢察`;
  expect(decodeBody(bytes(late, 'big5'), null).text).toBe(late);
  const xml = `<?xml version='1.0' encoding='big5'?><a>檢察</a>`;
  expect(decodeBody(bytes(xml, 'big5'), 'text/xml').text).toBe(xml);
});

describe('a page that was decoded wrongly before it was stored', () => {
  const stored = (table: string) =>
    bytes(new TextDecoder(table).decode(bytes(page(simplified, 'utf-8'), 'utf8')), 'utf8');
  test('as Latin-1 is put right', () => {
    expect(decodeBody(stored('windows-1252'), 'text/html; charset=utf-8')).toEqual({
      text: page(simplified, 'utf-8'),
      charset: 'utf-8',
      replaced: 0,
    });
  });
  test('as GBK is put right as far as nothing was lost, and what was lost is counted', () => {
    const decoded = decodeBody(stored('gbk'), 'text/html; charset=utf-8');
    expect(decoded.text).toContain('检察机关依法履行法律监督');
    expect(decoded.replaced).toBeGreaterThan(0);
  });
  test('with nothing left of it is counted as unreadable', () => {
    expect(decodeBody(bytes(page('锟斤拷锟斤拷', 'utf-8'), 'utf8'), null).replaced).toBe(10);
  });
  test('is not seen in sound text, of whatever language', () => {
    for (const text of [
      simplified.repeat(9),
      traditional.repeat(9),
      'L’été, le ministère public a été prié de vérifier çà et là des décisions déjà rendues. '.repeat(9),
      '绗绢与杩绯，鐨锛二字，浜涓鍦名：生僻字表。检察机关依法履行法律监督职责。',
    ]) {
      expect(decodeBody(bytes(text, 'utf8'), null).text).toBe(text);
    }
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

test('whatever the bytes and whatever is said of them, there comes well-formed text', () => {
  const label = fc.constantFrom(
    'utf-8',
    'gbk',
    'big5',
    'utf-16',
    'hz',
    'iso-2022-jp',
    'latin1',
    'klingon',
    '',
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), label, label, (body, header, meta) => {
      const whole = Buffer.concat([Buffer.from(meta && `<meta charset=${meta}>`), body]);
      const { text } = decodeBody(whole, header && `text/html; charset=${header}`);
      expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
