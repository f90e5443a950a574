import type { SearchRow } from '../../store/search-outbox.ts';

/** Cities of the province whose posts these are: invented numbers below GB/T 2260's unused 99. */
const CITIES = 14;
const SOURCES = 600;
const OFFICES = 120;
const WATCHES = 40;
const DAYS = 365;

/**
 * Posts as a province collects them: short, about 60 characters, of a few themes again and again and of many words that
 * stand in few posts (drawn by Zipf's law), the same at every run.
 * @param words many words, the common ones first
 * @param now Unix seconds at which the newest were said
 */
export function* manyPosts(count: number, words: readonly string[], now: number): Generator<SearchRow> {
  const draw = drawing(4711);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;
  // The rank of a word by the inverse of Zipf's distribution function.
  const word = () => words[Math.floor(words.length ** draw()) - 1] ?? '';
  for (let id = 1; id <= count; id += 1) {
    const theme = THEMES[Math.floor(THEMES.length * draw() ** 2)] as (typeof THEMES)[number];
    const city = 1 + Math.floor(CITIES * draw() ** 1.5);
    const [sourceId, copy] = [1 + Math.floor(SOURCES * draw() ** 2), draw() < 0.18];
    const kind = draw() < 0.15 ? 'article' : draw() < 0.4 ? 'comment' : 'post';
    const place = draw() < 0.6 ? 990_000 + city * 100 + 1 + Math.floor(draw() * 8) : null;
    yield {
      id,
      officeId: 1 + (sourceId % OFFICES),
      sourceId,
      sourceKind: SOURCE_KINDS[sourceId % SOURCE_KINDS.length] as SearchRow['sourceKind'],
      kind,
      title: kind === 'comment' ? null : `${theme.what}${word()}${pick(ENDS)}`,
      text: `${pick(WHO)}${pick(SAYS)}${theme.what}，${word()}${pick(LINKS)}${word()}，${word()}${pick(HOW)}。${pick(THEN)}${word()}${pick(LAST)}`,
      outlet: `云州${sourceId}号留言板`,
      at: now - Math.floor(draw() * DAYS * 86_400),
      sentiment: pick(['negative', 'neutral', 'neutral', 'positive'] as const),
      sites: [`bbs${sourceId}.example.cn`, 'example.cn'],
      place: place === null ? null : String(place),
      city: place === null ? null : `${Math.floor(place / 100)}00`,
      province: place === null ? null : '990000',
      line: draw() < 0.8 ? theme.line : null,
      voice: draw() < 0.8 ? pick(VOICES) : null,
      relevance: draw() < 0.93 ? 'relevant' : 'advertisement',
      watches: draw() < 0.5 ? [1 + Math.floor(WATCHES * draw() ** 2)] : [],
      copyOf: copy && id > 1 ? 1 + Math.floor(draw() * (id - 1)) : null,
      copies: draw() < 0.1 ? Math.floor(1 / (0.001 + draw())) : 0,
      heat: Math.floor(1 / (0.0005 + draw() ** 2)),
    };
  }
}

/** A linear congruential generator (Numerical Recipes' constants): 32 bits are enough to draw words. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const SOURCE_KINDS = ['feed', 'site', 'api', 'browser', 'upload'] as const;
const VOICES = ['question', 'complaint', 'suggestion', 'praise', 'rumour', 'report'] as const;

const THEMES = [
  { what: '河道污染', line: 'public-interest' },
  { what: '拖欠工资', line: 'civil' },
  { what: '食品安全', line: 'public-interest' },
  { what: '电信诈骗', line: 'criminal' },
  { what: '校园欺凌', line: 'minors' },
  { what: '检察听证', line: 'petitions' },
  { what: '未成年人保护', line: 'minors' },
  { what: '行政处罚', line: 'administrative' },
  { what: '民事监督', line: 'civil' },
  { what: '司法救助', line: 'petitions' },
  { what: '醉驾不起诉', line: 'criminal' },
  { what: '窨井盖', line: 'public-interest' },
  { what: '养老诈骗', line: 'criminal' },
  { what: '虚假诉讼', line: 'civil' },
  { what: '检察开放日', line: 'team' },
  { what: '盲道被占', line: 'public-interest' },
] as const;
const WHO = ['居民', '家长', '村民', '网友', '农民工', '消费者', '律师', '企业负责人', '一位老人', '物业'];
const SAYS = ['谈到', '反映', '在论坛里问', '说起', '留言说', '昨天看到', '关心'];
const LINKS = ['和', '以及', '还有', '涉及', '之后是', '，特别是'];
const HOW = [
  '一直没有结果',
  '处理得很快',
  '希望公开',
  '让人担心',
  '已经立案',
  '到底归谁管',
  '值得点赞',
  '拖了半年',
];
const THEN = ['另外', '后来', '听说', '检察院回复', '附近', '上周', '去年'];
const LAST = ['也是这样', '还在等答复', '已经整改', '有人管了', '谁来负责', '请尽快处理', '谢谢检察官'];
const ENDS = ['怎么办', '的最新进展', '问题', '，检察机关发声', '引发关注', '有了结果'];
