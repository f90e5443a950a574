import type { Draft } from '../../../store/drafts.ts';
import { Chain } from '../near-duplicates/chain.ts';
import { jsonLines, textOf } from '../near-duplicates/data.ts';
import { SOURCE_LINES } from '../near-duplicates/phrases.ts';

const NOW = Date.UTC(2026, 10, 22, 4);
/** Every twelfth repeats one of the last so many. */
const REPEATED = { every: 12, among: 300 };

/** Posts of about 60 characters that nobody wrote. */
export function draftsOf(posts: number): { next(many: number): Draft[] } {
  const chain = new Chain(jsonLines('events/posts.jsonl').map(textOf), 4711);
  const last: string[] = [];
  let made = 0;
  const draft = (): Draft => {
    made += 1;
    const repeated = last.length > 0 && made % REPEATED.every === 0;
    const text = repeated
      ? `${chain.pick(last)}${chain.pick(SOURCE_LINES)}`
      : chain.text(Math.floor(30 + 60 * chain.draw()));
    if (!repeated) last[made % REPEATED.among] = text;
    return {
      kind: made % 3 === 0 ? 'comment' : 'post',
      url: `https://posts.example/${made}`,
      externalId: null,
      parentUrl: null,
      title: made % 10 === 0 ? chain.text(14) : null,
      text,
      publishedAt: NOW - Math.floor((1 - made / posts) * 30 * 86_400_000),
      outlet: '云州留言板',
      counts: { likes: Math.floor(20 * chain.draw() ** 4), comments: null, shares: null },
    };
  };
  return { next: (many) => Array.from({ length: many }, draft) };
}
