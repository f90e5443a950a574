import { fail, type ActionFailure } from '@sveltejs/kit';
import { Refused } from '../../../config/errors.ts';
import type { Office } from '../../../store/offices.ts';
import { officeByCode, officeRow } from '../../../store/offices.ts';
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
 * The office that a form names: by the id that the picker has put in, else by the code that was typed.
 * @returns null when there is none within the desk's scope
 */
export async function officeField(desk: Desk, sent: FormData, name = 'office'): Promise<Office | null> {
  const id = field(sent, name);
  if (/^[1-9]\d{0,8}$/.test(id)) return officeRow(desk.db, desk.offices, Number(id));
  const code = field(sent, `${name}-text`).trim();
  return code === '' ? null : officeByCode(desk.db, desk.offices, code);
}
