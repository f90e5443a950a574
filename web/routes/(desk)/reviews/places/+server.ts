import { json } from '@sveltejs/kit';
import { acting } from '../../../../lib/server/desk.ts';
import { findPlaces } from '../../../../lib/server/places.ts';
import type { RequestHandler } from './$types';

const LONGEST = 40;

/** Divisions for the picker. */
export const GET: RequestHandler = ({ locals, url }) => {
  acting(locals);
  return json(findPlaces((url.searchParams.get('q') ?? '').slice(0, LONGEST)));
};
