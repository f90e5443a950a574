import { describe, expect, test } from 'vitest';
import { releaseWords, type WordList } from '../../../config/release-words.ts';
import { WordFinder } from '../../../publisher/releases/checks/find-words.ts';
import { documentOfText } from '../../../publisher/releases/plain.ts';
import { found, told } from '../../support/checks.ts';

const lists = Object.entries(releaseWords).filter(
  (entry): entry is [string, WordList] => typeof entry[1] === 'object' && 'unless' in entry[1],
);

describe.each(lists)('the list %s', (_, list) => {
  test('finds each of its words, and none of them within a run in which it is right', () => {
    const finder = new WordFinder(Object.keys(list.words), list.unless);
    for (const word of Object.keys(list.words)) {
      const first = finder.find(`，${word}，`).next().value;
      expect([word, first?.word]).toEqual([word, word]);
    }
    for (const [word, runs] of Object.entries(list.unless))
      for (const run of runs) {
        expect(Object.keys(list.words)).toContain(word);
        expect(run).toContain(word);
        const hits = [...finder.find(`，${run}，`)].map((hit) => hit.word);
        expect([run, hits.includes(word)]).toEqual([run, false]);
      }
  });

  test('suggests nothing that it would find again', () => {
    const finder = new WordFinder(Object.keys(list.words), list.unless);
    for (const better of Object.values(list.words)) expect([...finder.find(better)]).toEqual([]);
  });
});

describe('wrong words', () => {
  test('are told with their place and with what is right', async () => {
    const [first] = await found('wrong-words', '检察机关既使遇到困难，也要依法履职。');
    expect(first).toMatchObject({ severity: 'warn', part: 'document', start: 4, end: 6, quote: '既使' });
    expect(first?.text).toContain('即使');
  });

  test.each([
    ['请登录帐号查询', '帐号'],
    ['截止目前，共办理案件十件', '截止目前'],
    ['严惩不怠', '严惩不怠'],
    ['群众反应问题', '反应问题'],
    ['贪脏枉法', '贪脏枉法'],
    ['追究赎职责任', '赎职'],
  ])('%s', async (text, quote) => {
    expect(told(await found('wrong-words', text))).toEqual([`warn ${quote}`]);
  });

  test.each([
    '以经济建设为中心',
    '既使用法律武器，又注重调解',
    '报名截止到月底',
    '公布署名文章',
    '代驾使用说明',
    '激动得不能自已',
    '作为检察机关，自己要先做到',
    '向侵害人追偿，尝试调解',
    '按排污许可证排放',
  ])('leave alone: %s', async (text) => {
    expect(await found('wrong-words', text)).toEqual([]);
  });

  test('in the title and in what was written for a channel are told there', async () => {
    const details = { weibo: { on: true, text: '请用新帐号登录' }, wechat: { on: true, digest: '己经办结' } };
    const findings = await found('wrong-words', { title: '诉颂指南', details });
    expect(findings.map(({ part, quote }) => [part, quote])).toEqual([
      ['title', '诉颂'],
      ['weibo', '帐号'],
      ['wechat', '己经'],
    ]);
  });

  test('of the title are not told a second time for the microblog that is made from it', async () => {
    const findings = await found('wrong-words', { title: '诉颂指南', details: { weibo: { on: true } } });
    expect(findings).toHaveLength(1);
  });
});

describe('sensitive words', () => {
  test.each([
    ['民警抓获嫌犯两名', 'warn 嫌犯'],
    ['该公司法人代表到场', 'warn 法人代表'],
    ['残废军人', 'warn 残废'],
    ['所谓台湾总统', 'block 台湾总统'],
  ])('%s', async (text, expected) => {
    expect(told(await found('sensitive-words', text))).toEqual([expected]);
  });

  test.each([
    '涉嫌犯罪',
    '使人肢体残废',
    '同案犯罪嫌疑人',
    '职工法人代表大会',
    '不吃哑巴亏',
    '落实双规则要求',
  ])('leave alone: %s', async (text) => {
    expect(await found('sensitive-words', text)).toEqual([]);
  });
});

describe('words of advertising', () => {
  test.each(['国家级品牌', '销量第一', '转发抽奖', '您的最佳选择'])('%s', async (text) => {
    expect(await found('advertising', text)).toHaveLength(1);
  });

  test.each([
    '最高人民检察院发布典型案例',
    '国家级贫困县如期摘帽',
    '国家级自然保护区',
    '获评最佳公诉人',
    '坚持儿童最佳利益原则',
    '发挥积极品格的作用',
  ])('leave alone: %s', async (text) => {
    expect(await found('advertising', text)).toEqual([]);
  });
});

describe('names of offices and posts', () => {
  test.each([
    ['云州市人民检查院', 'block 人民检查院'],
    ['检查官走进校园', 'warn 检查官'],
    ['检察院院长带队', 'warn 检察院院长'],
    ['检察长、党组书记讲话', 'warn 检察长、党组书记'],
    ['制发检查建议三份', 'warn 制发检查建议'],
    ['市监委书记到会', 'warn 监委书记'],
  ])('%s', async (text, expected) => {
    expect(told(await found('offices', text))).toEqual([expected]);
  });

  test.each([
    '党组书记、检察长讲话',
    '中央纪律检查委员会',
    '在检查院内卫生时',
    '检查长江沿线排污口',
    '检察院书记员',
    '配合监督检查机关',
    '人大委员会',
  ])('leave alone: %s', async (text) => {
    expect(await found('offices', text)).toEqual([]);
  });

  test('the own name with one character wrong is told', async () => {
    const findings = await found('offices', '近日，云洲市人民检察院召开会议。');
    expect(told(findings)).toEqual(['warn 云洲市人民检察院']);
    expect(findings[0]?.text).toContain('云州市人民检察院');
  });

  test('another office that is called nearly so is left alone', async () => {
    const office = { name: '云州市人民检察院', others: new Set(['云川市人民检察院']) };
    expect(await found('offices', '云川市人民检察院来访。', { office })).toEqual([]);
    expect(await found('offices', '临海市人民检察院来访。')).toEqual([]);
  });

  test('in a formal text the highest office is named in full first', async () => {
    expect(told(await found('offices', '最高检要求……最高人民检察院指出'))).toEqual(['warn 最高检']);
    expect(await found('offices', '最高人民检察院（以下简称最高检）要求')).toEqual([]);
    const lesson = { type: 'law-by-case' as const, document: documentOfText('最高检发布典型案例。') };
    expect(await found('offices', lesson)).toEqual([]);
  });
});

describe('marks of secrecy', () => {
  test.each([
    ['机密★一年', 'block 机密★'],
    ['此件为内部文件', 'warn 内部文件'],
    ['请勿公开', 'warn 请勿公开'],
  ])('%s', async (text, expected) => {
    expect(told(await found('secrecy-marks', text))).toEqual([expected]);
  });

  test('a rule that something is not made public is no such mark', async () => {
    expect(await found('secrecy-marks', '涉及未成年人的案件信息一律不予公开。')).toEqual([]);
  });
});
