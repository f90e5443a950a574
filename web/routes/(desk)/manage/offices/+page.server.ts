import { error } from '@sveltejs/kit';
import { findOffices, officeLine, officesAbove, officesBelow } from '../../../../../store/offices.ts';
import { messages } from '../../../../lib/messages.ts';
import { may, reading } from '../../../../lib/server/desk.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, offices, person } = reading(locals);
  const mayWrite = may(person, 'office-write');
  const mayExport = may(person, 'office-export');
  const text = (url.searchParams.get('q') ?? '').trim().slice(0, 80);
  if (text !== '') {
    const found = await findOffices(db, offices, text);
    return { mayWrite, mayExport, text, found, at: null, above: [], lines: [] };
  }
  const named = url.searchParams.get('at') || null;
  const tops = named === null ? await officesBelow(db, offices, null) : [];
  // With a single office at the top, what one wants to see is what stands below it.
  const id = named === null ? (tops.length === 1 ? (tops[0]?.id ?? null) : null) : readId(named);
  if (id === null) return { mayWrite, mayExport, text, found: null, at: null, above: [], lines: tops };
  const [at, above, lines] = await Promise.all([
    officeLine(db, offices, id),
    officesAbove(db, offices, id),
    officesBelow(db, offices, id),
  ]);
  if (!at) error(404, messages.errors.notFound);
  return { mayWrite, mayExport, text, found: null, at, above, lines };
};
