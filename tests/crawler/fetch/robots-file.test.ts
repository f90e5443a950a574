import { describe, expect, test } from 'vitest';
import { readRobots } from '../../../crawler/fetch/robots-file.ts';
import { worked } from '../../support/worked.ts';

const read = (text: string) => readRobots(text, 'JianshengBot', 'https://a.example');
const allows = (text: string, path: string) => read(text).allows(path);

describe('which group is ours', () => {
  test.each([
    ['ours before that of all', 'User-agent: *\nDisallow: /\nUser-agent: jianshengbot\nDisallow: /x', true],
    ['that of all, without ours', 'User-agent: *\nDisallow: /\nUser-agent: OtherBot\nDisallow:', false],
    ['ours with a version', 'User-agent: JianshengBot/2.1\nDisallow: /', false],
    ['no name that only begins like ours', 'User-agent: JianshengBotNews\nDisallow: /', true],
    ['no name that is part of ours', 'User-agent: Jiansheng\nDisallow: /', true],
    [
      'several of ours together',
      'User-agent: JianshengBot\nAllow: /b\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: JianshengBot\nDisallow: /a',
      false,
    ],
    [
      'one with several names',
      'User-agent: OtherBot\nUser-agent: JianshengBot\nUser-agent: X\nDisallow: /a',
      false,
    ],
    [
      'one whose names are interrupted by a sitemap',
      'User-agent: JianshengBot\nSitemap: https://a.example/s.xml\nUser-agent: X\nDisallow: /a',
      false,
    ],
    [
      'one whose names are interrupted by what nobody knows',
      'User-agent: JianshengBot\nNoindex: /\nHost: a\n\n\nUser-agent: X\nDisallow: /a',
      false,
    ],
    [
      'ours without any rule frees us',
      'User-agent: *\nDisallow: /\n\nUser-agent: JianshengBot\nDisallow:',
      true,
    ],
    ['rules before any name belong to nobody', 'Disallow: /\nUser-agent: X\nDisallow: /a', true],
    [
      'a name in the middle of rules begins a new group',
      'User-agent: X\nDisallow: /a\nUser-agent: JianshengBot\nDisallow: /b',
      true,
    ],
  ])('%s', (_, text, allowed) => {
    expect(allows(text, '/a')).toBe(allowed);
  });
});

describe('which rule decides', () => {
  test.each([
    ['the longer one', 'Disallow: /a\nAllow: /a/b', '/a/b/c', true],
    ['the longer one, whatever its place', 'Allow: /a/b\nDisallow: /a', '/a/b/c', true],
    ['the longer one, though it forbids', 'Allow: /\nDisallow: /a', '/a', false],
    ['of equal ones the one that allows', 'Disallow: /a\nAllow: /a', '/a', true],
    ['a path that is named in part', 'Disallow: /fish', '/fish.html', false],
    ['a path in other letters', 'Disallow: /Fish', '/fish', true],
    ['a folder', 'Disallow: /fish/', '/fish', true],
    ['a wildcard', 'Disallow: /fish*.php', '/fishheads/catfish.php?id=1', false],
    ['a wildcard at the beginning', 'Disallow: *.pdf', '/a/b.pdf', false],
    ['wildcards in a row', 'Disallow: /a**b', '/axxb', false],
    ['the end', 'Disallow: /*.php$', '/a.php', false],
    ['not the end', 'Disallow: /*.php$', '/a.php?x', true],
    ['the end without a wildcard', 'Disallow: /a$', '/a', false],
    ['the end without a wildcard, missed', 'Disallow: /a$', '/ab', true],
    ['the end found a second time', 'Disallow: /*a$', '/aba', false],
    ['a dollar elsewhere is one', 'Disallow: /a$b', '/a$b', false],
    ['a dollar elsewhere is not the end', 'Disallow: /a$b', '/a', true],
    ['a start and an end that overlap', 'Disallow: /ab*b$', '/ab', true],
    ['a star that is escaped is one', 'Disallow: /a%2Ab', '/a*b', false],
    ['a star that is escaped stands for nothing else', 'Disallow: /a%2Ab', '/axb', true],
    ['a query', 'Disallow: /*?sort=', '/list?sort=new', false],
    ['nothing', 'Disallow:', '/a', true],
    ['a path without its slash', 'Disallow: a', '/a', true],
    ['escapes in either letters', 'Disallow: /%e4%ba%91', '/%E4%BA%91/1', false],
    ['characters that the address has escaped', 'Disallow: /云州', '/%E4%BA%91%E5%B7%9E/1', false],
    ['what needed no escape', 'Disallow: /%62%61%7A', '/baz', false],
    ['a slash that is escaped is no slash', 'Disallow: /a%2Fb', '/a/b', true],
    ['a comment behind it', 'Disallow: /a # not for robots', '/a/b', false],
    ['a comment instead of it', '# Disallow: /a', '/a', true],
    ['spaces around it', '  Disallow  :   /a  ', '/a', false],
    ['none of them', 'Disallow: /x', '/a', true],
  ])('%s', (_, rules, path, allowed) => {
    expect(allows(`User-agent: *\n${rules}`, path)).toBe(allowed);
  });
});

describe('files as they are found', () => {
  const rules = ['User-agent: *', 'Crawl-delay: 5', 'Disallow: /a', 'Sitemap: /news.xml'];
  test.each([
    ['lines with CR alone', rules.join('\r')],
    ['lines with CR and LF', rules.join('\r\n')],
    ['empty lines between', rules.join('\n\n\n')],
    ['capitals', rules.join('\n').toUpperCase().replace('/A', '/a').replace('/NEWS.XML', '/news.xml')],
    ['tabs', rules.join('\n').replaceAll(': ', ':\t\t')],
    ['lines that say nothing', `<!-- robots -->\n:\n::\nfoo\n${rules.join('\nNonsense: x\n')}`],
    ['no line end at the end', `${rules.join('\n')}`],
  ])('%s', (_, text) => {
    const found = read(text);
    expect(found.allows('/a')).toBe(false);
    expect(found.allows('/b')).toBe(true);
    expect(found.crawlDelaySeconds).toBe(5);
    expect(found.sitemaps).toEqual(['https://a.example/news.xml']);
  });

  test('a page instead of a file forbids nothing', () => {
    const html = '<!DOCTYPE html><html><head><title>首页: 欢迎</title></head><body>Disallow: /</body></html>';
    expect(read(html)).toMatchObject({ crawlDelaySeconds: null, sitemaps: [] });
    expect(allows(html, '/')).toBe(true);
  });

  test.each([
    ['0.5', 0.5],
    ['10', 10],
    ['', null],
    ['soon', null],
    ['-3', null],
    ['1e9', 1e9],
    ['NaN', null],
  ])('a delay of "%s"', (said, delay) => {
    expect(read(`User-agent: *\nCrawl-delay: ${said}`).crawlDelaySeconds).toBe(delay);
  });

  test('the delay is that of our group', () => {
    const text = 'User-agent: *\nCrawl-delay: 30\n\nUser-agent: JianshengBot\nAllow: /';
    expect(read(text).crawlDelaySeconds).toBeNull();
  });

  test('sitemaps of any place, each once, only on the web', () => {
    const text =
      'Sitemap: https://b.example/1.xml\nUser-agent: *\nSitemap: /2.xml\nSitemap: ftp://x/3\nSitemap: /2.xml';
    expect(read(text).sitemaps).toEqual(['https://b.example/1.xml', 'https://a.example/2.xml']);
  });
});

test('a file that is built to hurt is read and asked without a noticeable wait', () => {
  const hurting = [
    `User-agent: *\nDisallow: /${'*a'.repeat(900)}b`,
    `User-agent: *\n${'Disallow: /*a*a*a*a*a*a$\n'.repeat(18_000)}`,
    `User-agent: *\nDisallow: ${' '.repeat(400_000)}x`,
    `${'User-agent: *\n'.repeat(30_000)}${'Disallow: /x\n'.repeat(8)}`,
    '#'.repeat(500_000),
    ':'.repeat(500_000),
    '\r'.repeat(500_000),
    `User-agent: *\nDisallow: /${'%'.repeat(1_900)}`,
  ];
  for (const text of hurting) {
    const began = worked();
    expect(read(text).allows(`/${'a'.repeat(2_000)}`)).toBeTypeOf('boolean');
    // Quadratic reading of any of these takes minutes.
    expect(worked() - began).toBeLessThan(10_000);
  }
});
