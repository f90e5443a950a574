import { json } from '@sveltejs/kit';
import { concernById } from '../../../../../store/concern-view.ts';
import { listConcerns } from '../../../../../store/trending.ts';
import { acting } from '../../../../lib/server/desk.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import type { RequestHandler } from './$types';

const MOST = 20;

/**
 * Concerns by words of theirs, awake ones first by their last post: of an office (`office`, else the person's own), or of that of one which is not
 * among them itself (`not`).
 */
export const GET: RequestHandler = async ({ locals, url }) => {
  const desk = acting(locals);
  const { db } = desk;
  const not = url.searchParams.get('not');
  const self = not === null ? null : await concernById(db, readId(not));
  if (not !== null && !self) return json([]);
  const named = url.searchParams.get('office');
  const office = self?.officeId ?? (named === null ? desk.office : readId(named));
  const text = (url.searchParams.get('q') ?? '').trim().slice(0, 60);
  const asked = { text, sort: 'last', since: null } as const;
  const [awake, asleep] = await Promise.all([
    listConcerns(db, [office], { ...asked, state: 'awake' }, 1, MOST),
    listConcerns(db, [office], { ...asked, state: 'asleep' }, 1, MOST),
  ]);
  const found = [...awake.concerns, ...asleep.concerns].filter(
    ({ id, label }) => id !== self?.id && label !== '',
  );
  return json(found.slice(0, MOST).map(({ id, label, posts }) => ({ id, name: label, posts })));
};
