import { json } from '@sveltejs/kit';
import { findOffices, officesBelow } from '../../../../../../store/offices.ts';
import { acting } from '../../../../../lib/server/desk.ts';
import type { RequestHandler } from './$types';

const MOST = 20;

/** What the picker of offices suggests. */
export const GET: RequestHandler = async ({ locals, url }) => {
  const { db, offices } = acting(locals);
  const text = (url.searchParams.get('q') ?? '').trim().slice(0, 80);
  const found =
    text === '' ? await officesBelow(db, offices, null) : await findOffices(db, offices, text, MOST);
  return json(
    found.slice(0, MOST).map(({ id, code, name, level, parentName, closedAt }) => ({
      ...{ id, code, name, level, parentName },
      closed: closedAt !== null,
    })),
  );
};
