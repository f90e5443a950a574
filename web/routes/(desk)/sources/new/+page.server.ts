import { fail, redirect } from '@sveltejs/kit';
import { secretNames } from '../../../../../config/sources.ts';
import { keysInUse, sourcesAt } from '../../../../../store/edited-sources.ts';
import { officeNames } from '../../../../../store/offices.ts';
import { addSource } from '../../../../../store/source-edits.ts';
import { sourceMessages } from '../../../../lib/messages/sources.ts';
import { acting, mayIn, reading } from '../../../../lib/server/desk.ts';
import { hasContact } from '../../../../lib/server/fetching.ts';
import { field, orFail } from '../../../../lib/server/form.ts';
import {
  freeKey,
  readApproval,
  readKind,
  readSource,
  type Wrong,
} from '../../../../lib/server/source-form.ts';
import { visitedKinds, type Typed } from '../../../../lib/source-fields.ts';
import type { Actions, PageServerLoad } from './$types';

const words = sourceMessages.form;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { db, own, person, office } = reading(locals);
  const names = await officeNames(db, own);
  return {
    // The person's own office first: it is the usual choice.
    offices: [...names]
      .map(([id, name]) => ({ id, name }))
      .toSorted((a, b) => Number(b.id === office) - Number(a.id === office)),
    mayApprove: own.some((id) => mayIn(person, 'source-approve', id)),
    person: person.name,
    kind: readKind(url.searchParams.get('kind') ?? ''),
    address: url.searchParams.get('address') ?? '',
    noContact: !hasContact(),
  };
};

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const kind = readKind(field(sent, 'kind'));
    if (!kind)
      return fail(400, { message: words.noKind, kind: null, typed: {} as Typed, wrong: {} as Wrong });
    const run = field(sent, 'then') === 'run';
    const officeId = field(sent, 'office') === '' ? desk.office : Number(field(sent, 'office'));
    const { approval, wrong: unready, typed: approvalTyped } = readApproval(sent, kind);
    const read = readSource(sent, kind);
    const typed: Typed = { ...read.typed, ...approvalTyped, office: String(officeId) };
    const wrong = { ...read.wrong, ...(run && unready) };
    const refuse = (status: number, message: string, more: Record<string, string> = {}) =>
      fail(status, { message, kind, typed, wrong: { ...wrong, ...more } as Wrong });

    if (!desk.own.includes(officeId)) return refuse(400, words.noOffice);
    if (run && !mayIn(desk.person, 'source-approve', officeId)) {
      return refuse(403, sourceMessages.approval.notThisOffice);
    }
    if (!read.details || Object.keys(wrong).length > 0) {
      return refuse(400, words.wrong(Object.keys(wrong).length));
    }
    const { details } = read;
    if (visitedKinds.includes(kind) && !hasContact()) return refuse(409, sourceMessages.new.noContact);
    const [twin] = details.url === null ? [] : await sourcesAt(desk.db, [officeId], [details.url]);
    if (twin) return refuse(409, words.wrong(1), { url: words.duplicate(twin.name) });
    const key = typed['key'] ? details.key : await ownKey(desk.db, officeId, details.key);
    const made = await orFail(() =>
      addSource(
        desk.db,
        desk.actor,
        officeId,
        { ...details, key },
        run ? approval : { ...approval, approvedBy: null },
      ),
    );
    if (typeof made !== 'number') return refuse(409, made.data.message);
    // Without its secrets it could not read anything: they are asked for next.
    if (secretNames(details).length > 0) redirect(303, `/sources/${made}/edit?secret`);
    redirect(303, `/sources/${made}?${run ? 'running' : 'waiting'}`);
  },
};

/** A key made from the address, with a number behind it where the office has it already. */
async function ownKey(db: Parameters<typeof keysInUse>[0], officeId: number, key: string): Promise<string> {
  const candidates = Array.from({ length: 50 }, (_, n) => (n === 0 ? key : `${key}-${n + 1}`));
  return freeKey(key, await keysInUse(db, officeId, candidates));
}
