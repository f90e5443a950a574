import { json } from '@sveltejs/kit';
import { directions, officesToward } from '../../../../../store/hand-overs.ts';
import { acting } from '../../../../lib/server/desk.ts';
import type { RequestHandler } from './$types';

/** Offices that something can be handed over to. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const { db, office } = acting(locals);
  const direction = directions.find((known) => known === url.searchParams.get('direction')) ?? 'share';
  const text = (url.searchParams.get('q') ?? '').trim().slice(0, 80);
  return json(await officesToward(db, office, direction, text));
};
