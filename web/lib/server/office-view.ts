import { error } from '@sveltejs/kit';
import { officeView, type OfficeView } from '../../../store/office-view.ts';
import type { Offices } from '../../../store/scope.ts';
import { messages } from '../messages.ts';
import type { Desk } from './desk.ts';
import { readId } from './read-id.ts';

/** What a page is about: the offices asked for, and where one can go from there (null for a person of one office). */
export type Chosen = { offices: Offices; view: OfficeView | null };

/**
 * The office that the address names (`office`, and `only` for leaving out what lies below); without one the person's own
 * and all that it reaches.
 * @throws 404 for an office out of reach
 */
export async function chosenOffice(desk: Desk, params: URLSearchParams): Promise<Chosen> {
  const named = params.get('office');
  if (desk.offices?.length === 1 && named === null) return { offices: desk.offices, view: null };
  const found = await officeView(
    desk.db,
    desk.scope,
    named === null ? desk.office : readId(named),
    params.get('only') === '1',
  );
  if (!found) error(404, messages.errors.notFound);
  // With roles in several trees, what is shown first is all of it.
  const all = named === null && !found.view.only;
  return { view: found.view, offices: all ? desk.offices : found.offices };
}
