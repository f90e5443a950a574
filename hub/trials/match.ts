import { z } from 'zod';
import { defaultKnowledge, Knowledge } from '../../indexer/knowledge.ts';
import { messages } from '../../indexer/messages.ts';
import { tidy } from '../../indexer/cleaning/characters.ts';
import { runSteps } from '../../indexer/steps/index.ts';
import { checkQuery } from '../../indexer/watches/check.ts';
import type { Query } from '../../indexer/watches/query.ts';
import { subjectOf } from '../../indexer/watches/stored.ts';
import { WatchSet } from '../../indexer/watches/watch-set.ts';
import { check } from './check.ts';

const question = z.object({
  query: z.string(),
  text: z.string(),
  title: z.string().nullable().default(null),
  outlet: z.string().nullable().default(null),
  kind: z.enum(['article', 'post', 'comment']).default('post'),
  sourceKind: z.string().nullable().default(null),
});
/** As much as is analysed of any post, and more; in UTF-16 units. */
const MOST = 200_000;

type Question = z.infer<typeof question>;

/**
 * A query and a text → whether a watch with this query would match it. The words of the text are looked at as they are; what
 * only the other steps can tell (sentiment, line, place) is found out when the query asks for it.
 * @throws Error that says what is wrong with the query, with the column
 */
export function trial(input: unknown): { matched: boolean } {
  const asked = check(question, input);
  const parsed = checkQuery(asked.query);
  if ('fault' in parsed) {
    throw new Error(messages.watchQuery.at(parsed.fault.column, parsed.fault.message));
  }
  return { matched: asksForValues(parsed.query) ? asPost(asked) : asText(asked, parsed.query) };
}

function asText({ title, text, ...others }: Question, query: Query): boolean {
  const unknown = { place: null, line: null, voice: null, sentiment: 'neutral' as const };
  const subject = subjectOf({
    ...{ ...others, ...unknown, text: tidy(text, MOST) },
    title: title === null ? null : tidy(title, MOST).replaceAll('\n', ' '),
  });
  return new WatchSet([{ id: 1, officeId: 0, query }]).match(subject, null).length > 0;
}

function asPost({ query, sourceKind, ...draft }: Question): boolean {
  const edits = { ...defaultKnowledge().edits, watches: [{ id: 1, officeId: 0, query }] };
  const counts = { likes: null, comments: null, shares: null };
  const none = { externalId: null, parentUrl: null, publishedAt: null };
  const post = runSteps(
    { ...draft, ...none, counts, url: 'https://example.org/' },
    {
      ...{ now: Date.now(), officeId: 0, above: [0], officePlace: null, sourcePlace: null, sourceKind },
      knowledge: new Knowledge('trial', edits),
    },
  );
  return post?.watches.includes(1) ?? false;
}

function asksForValues(query: Query): boolean {
  switch (query.is) {
    case 'value':
      return !['outlet', 'kind', 'source-kind'].includes(query.field);
    case 'term':
    case 'near':
      return false;
    case 'not':
      return asksForValues(query.of);
    case 'all':
    case 'any':
      return query.of.some(asksForValues);
  }
}
