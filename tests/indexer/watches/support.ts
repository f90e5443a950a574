import { analysed } from '../../../indexer/steps/simplify.ts';
import { parseQuery, type Names } from '../../../indexer/watches/parser.ts';
import type { Query, QueryFault } from '../../../indexer/watches/query.ts';
import { WatchSet, type Subject } from '../../../indexer/watches/watch-set.ts';

/** A division and a line that nothing outside the tests knows. */
export const names: Names = {
  lines: ['公益诉讼'],
  place: (name) => ({ 云州市: ['990100'], 东城: ['990101', '990201'] })[name] ?? [],
  line: (name) => (name === '公益诉讼' || name === 'public-interest' ? 'public-interest' : null),
};

/** @throws Error with the message of the fault */
export function query(text: string): Query {
  const parsed = parseQuery(text, names);
  if ('fault' in parsed) throw new Error(`${text}: ${parsed.fault.message}`);
  return parsed.query;
}

export function fault(text: string): QueryFault {
  const parsed = parseQuery(text, names);
  if ('query' in parsed) throw new Error(`nothing is wrong with ${text}`);
  return parsed.fault;
}

export function subject(text: string, change: Partial<Subject> & { title?: string } = {}): Subject {
  const { title = null, ...others } = change;
  return {
    ...{ outlet: '', kind: 'post', sourceKind: null, place: null, line: null, voice: null },
    ...{ sentiment: 'neutral' as const, ...others, analysed: analysed(title, text) },
  };
}

export function matches(text: string, post: Subject | string): boolean {
  const set = new WatchSet([{ id: 7, officeId: 1, query: query(text) }]);
  return set.match(typeof post === 'string' ? subject(post) : post, null).length === 1;
}
