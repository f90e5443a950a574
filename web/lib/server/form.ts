import { fail, type ActionFailure } from '@sveltejs/kit';
import { Refused } from '../../../config/errors.ts';
import { officeByCode, officeRow, type Office } from '../../../store/offices.ts';
import type { Desk } from './desk.ts';

/** A field of a form as text; a missing one, or a file, is empty. */
export function field(sent: FormData, name: string): string {
  const value = sent.get(name);
  return typeof value === 'string' ? value : '';
}

/** Does what was asked for; a refusal comes back in words, to be shown above the form. */
export async function orFail<T>(work: () => Promise<T>): Promise<T | ActionFailure<{ message: string }>> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return fail(409, { message: thrown.message });
  }
}

/**
 * The office that a form names: the one that the picker has put in by id, or another one whose code was typed over it
 * where nothing could keep the two together.
 * @returns null when there is none within the desk's scope
 */
export async function officeField(desk: Desk, sent: FormData, name = 'office'): Promise<Office | null> {
  const [id, typed] = [field(sent, name), field(sent, `${name}-text`).trim()];
  const picked = /^[1-9]\d{0,8}$/.test(id) ? await officeRow(desk.db, desk.offices, Number(id)) : null;
  if (picked && (typed === '' || typed === picked.name)) return picked;
  return typed === '' ? null : officeByCode(desk.db, desk.offices, typed);
}
